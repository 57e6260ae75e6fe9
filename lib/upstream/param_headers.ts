/**
 * What a modern client mirrors from a message into HTTP headers.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 * @module
 */

import type { ToolDefinition } from "../contracts/mod.ts";
import type { WireMessage } from "./transport.ts";

type Json = Readonly<Record<string, unknown>>;

/** A header and the argument it mirrors, as the path to it. */
export interface ParamHeader {
  readonly header: string;
  readonly path: readonly string[];
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PLAIN = /^(?! )[\x20-\x7e]*(?<! )$/;
const SENTINEL = /^=\?base64\?.*\?=$/s;
const PRIMITIVES = new Set(["string", "integer", "boolean"]);
const MAX_DEPTH = 32;

/** Method and name of a message as headers. */
export function standardHeaders({ method, params }: WireMessage): Record<string, string> {
  if (typeof method !== "string") return {};
  const { name, uri, taskId } = isObject(params) ? params : {};
  const subject = [name, uri, taskId].find((one) => typeof one === "string");
  return { "mcp-method": method, ...(typeof subject === "string" ? { "mcp-name": toValue(subject) } : {}) };
}

/** Writes a value as a header, in Base64 where it could not stand as it is. */
export function toValue(text: string): string {
  if (PLAIN.test(text) && !SENTINEL.test(text)) return text;
  return `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`;
}

/**
 * Reads which arguments of a tool are mirrored.
 *
 * @returns The headers, or words about what is wrong with them.
 */
export function paramHeaders({ inputSchema }: Pick<ToolDefinition, "inputSchema">): ParamHeader[] | string {
  const text = JSON.stringify(inputSchema) ?? "";
  if (!text.includes('"x-mcp-header"')) return [];
  const found: ParamHeader[] = [];
  const problem = walk(inputSchema, [], found);
  if (problem !== undefined) return problem;
  const names = found.map(({ header }) => header.toLowerCase());
  if (new Set(names).size < names.length) return "two arguments share one x-mcp-header";
  // What a walk along "properties" did not meet stands where no argument can be found.
  const marks = text.split('"x-mcp-header"').length - 1;
  return marks === found.length ? found : "x-mcp-header stands where it may not";
}

function walk(schema: unknown, path: readonly string[], found: ParamHeader[]): string | undefined {
  if (!isObject(schema) || path.length > MAX_DEPTH) return undefined;
  const header = schema["x-mcp-header"];
  if (header !== undefined) {
    if (typeof header !== "string" || !TOKEN.test(header)) return "x-mcp-header is no header name";
    if (typeof schema.type !== "string" || !PRIMITIVES.has(schema.type)) {
      return `x-mcp-header "${header}" marks an argument that is no string, integer or boolean`;
    }
    found.push({ header: `mcp-param-${header.toLowerCase()}`, path });
  }
  if (!isObject(schema.properties)) return undefined;
  for (const [key, value] of Object.entries(schema.properties)) {
    const problem = walk(value, [...path, key], found);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Reads the values of the headers from the arguments of a call; absent and null ones are left out. */
export function mirror(headers: readonly ParamHeader[], args: unknown): Record<string, string> {
  const mirrored: Record<string, string> = {};
  for (const { header, path } of headers) {
    let value = args;
    for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      mirrored[header] = toValue(String(value));
    }
  }
  return mirrored;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
