/**
 * The config as the plain value that a text states: read from it, merged with
 * a patch, and compared with another one.
 *
 * @module
 */

import { getNodeValue } from "jsonc-parser";
import { withoutMark } from "./mark.ts";
import { parseSyntax } from "./syntax.ts";

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads what a text states, word for word: no defaults, no aliases resolved.
 *
 * @returns `{}` if there is nothing but space and comments, or no object.
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR.
 */
export function readValue(text: string, path: string): JsonObject {
  const root = parseSyntax(withoutMark(text), path);
  // The parser's objects have no prototype, which counts as a difference when they are compared.
  const value: unknown = root === undefined ? {} : JSON.parse(JSON.stringify(getNodeValue(root)));
  return isJsonObject(value) ? value : {};
}

/** Tells whether a text states nothing at all. @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR. */
export function isBlank(text: string, path: string): boolean {
  return parseSyntax(withoutMark(text), path) === undefined;
}

/** Tells objects from lists, `null` and everything else. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Name of a server entry, if it has one. */
export function nameOfEntry(entry: unknown): string | undefined {
  return isJsonObject(entry) && typeof entry.name === "string" ? entry.name : undefined;
}
