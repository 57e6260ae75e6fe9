import { findNodeAtLocation, getLocation, type Node } from "jsonc-parser";
import { GatewayError } from "../contracts/mod.ts";

/** Path of keys and indexes into the config. */
export type ConfigPath = readonly (string | number)[];

/** One mistake in a config, where it is and what to do. */
export interface ConfigProblem {
  /** Like `mcpServers[1].command`. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

const MAX_PROBLEMS = 20;

/** Finds places in a text. */
export interface Locator {
  at(offset: number): { readonly line: number; readonly column: number };
  /** Place of a value, or of its key; of the nearest value around it if it is not there. */
  of(path: ConfigPath, part?: "key" | "value"): { readonly line: number; readonly column: number };
}

/** Creates a locator for a text and its syntax tree. */
export function createLocator(text: string, root: Node | undefined): Locator {
  function at(offset: number) {
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    return { line, column: offset - before.lastIndexOf("\n") };
  }
  return {
    at,
    of(path, part = "value") {
      for (let length = path.length; root !== undefined && length >= 0; length--) {
        const node = findNodeAtLocation(root, path.slice(0, length));
        if (node === undefined) continue;
        const isProperty = part === "key" && length === path.length && node.parent?.type === "property";
        return at((isProperty ? node.parent : node)?.offset ?? 0);
      }
      return { line: 1, column: 1 };
    },
  };
}

/** Writes a path as people read it. */
export function toPathText(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Makes one error of all problems, the first of them in its message. */
export function toConfigError(
  code: "MCPX_CONFIG_PARSE_ERROR" | "MCPX_CONFIG_INVALID",
  path: string,
  problems: readonly ConfigProblem[],
): GatewayError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const where = first === undefined
    ? ""
    : `${first.path === "" ? "" : `${first.path} `}at ${first.line}:${first.column}: `;
  return new GatewayError(
    code,
    `Cannot read config "${path}": ${where}${first?.message ?? "it is not valid"}${more}`,
    {
      remedy: first?.remedy,
      details: { path, problems: problems.slice(0, MAX_PROBLEMS) },
    },
  );
}

/** Tells which key an offset is in; for messages about syntax. */
export function pathAt(text: string, offset: number): string {
  return toPathText(getLocation(text, offset).path.filter((part) => part !== ""));
}
