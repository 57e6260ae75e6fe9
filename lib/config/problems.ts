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
  /** What is there and what belongs there, where that can be said; never a secret. */
  readonly found?: string;
  readonly wanted?: string;
  readonly remedy: string;
}

/** More than a person corrects in one go. */
export const MAX_PROBLEMS = 100;

/** A place in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds places in a text. */
export interface Locator {
  at(offset: number): Position;
  /** Place of a value, or of its key; of the nearest value around it if it is not there. */
  of(path: ConfigPath, part?: "key" | "value"): Position;
}

/** Creates a locator for a text and its syntax tree. */
export function createLocator(text: string, root: Node | undefined): Locator {
  const starts = lineStarts(text);
  function at(offset: number): Position {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
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

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Writes a path as people read it. */
export function toPathText(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/**
 * Makes one error of all problems, the first of them in its message.
 *
 * @param total Number of problems when not all of them are given.
 */
export function toConfigError(
  code: "MCPX_CONFIG_PARSE_ERROR" | "MCPX_CONFIG_INVALID",
  path: string,
  { problems, total = problems.length }: {
    readonly problems: readonly ConfigProblem[];
    readonly total?: number;
  },
): GatewayError {
  const [first] = problems;
  const more = total > 1 ? ` (and ${total - 1} more)` : "";
  const where = first === undefined
    ? ""
    : `${first.path === "" ? "" : `${first.path} `}at ${first.line}:${first.column}: `;
  return new GatewayError(
    code,
    `Cannot read config "${path}": ${where}${first?.message ?? "it is not valid"}${more}`,
    {
      remedy: first?.remedy,
      details: { path, problems: problems.slice(0, MAX_PROBLEMS), total },
    },
  );
}

/** Tells which key an offset is in; for messages about syntax. */
export function pathAt(text: string, offset: number): string {
  return toPathText(getLocation(text, offset).path.filter((part) => part !== ""));
}
