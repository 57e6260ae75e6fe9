import type { ToolDefinition } from "../contracts/mod.ts";
import { paramHeaders } from "../upstream/mod.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Compares the headers that mirror arguments with the arguments. Whoever reads
 * only the headers must not be told something else than the tool is.
 *
 * @param read Gives the text that a header mirrors, `null` if it is absent, `undefined` if it is broken.
 * @returns Words about the first one that is wrong.
 */
export function headerProblem(
  tool: ToolDefinition,
  args: unknown,
  read: (header: string) => string | null | undefined,
): string | undefined {
  const headers = paramHeaders(tool);
  if (typeof headers === "string") return undefined; // such a tool mirrors nothing
  for (const { header, path } of headers) {
    const value = valueAt(args, path);
    const found = read(header);
    const name = path.join(".");
    if (found === undefined) return `the header ${header} has an invalid Base64 form`;
    if (value === undefined || value === null) {
      if (found !== null) return `the header ${header} is sent, but argument "${name}" is not`;
    } else if (found === null) return `argument "${name}" is sent, but the header ${header} is not`;
    else if (!isSame(value, found)) return `argument "${name}" and the header ${header} differ`;
  }
  return undefined;
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const key of path) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    value = isObject && Object.hasOwn(value as Json, key) ? (value as Json)[key] : undefined; // an object, as just shown
  }
  return value;
}

function isSame(value: unknown, text: string): boolean {
  if (typeof value === "number") return text.trim() !== "" && Number(text) === value;
  return typeof value === "string" || typeof value === "boolean" ? `${value}` === text : false;
}
