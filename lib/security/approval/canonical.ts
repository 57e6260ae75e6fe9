import { isRawNumber } from "../../contracts/mod.ts";

/** Deepest nesting that is written; a peer's message is never deeper. */
const MAX_DEPTH = 260;

/**
 * Writes a JSON value so that equal values give equal texts: keys sorted by
 * their UTF-16 units, no white space, members that are `undefined` left out.
 * Numbers a double cannot hold keep their digits, and a lone surrogate stays
 * apart from every other text.
 *
 * @throws {RangeError} If the value nests too deep or holds itself.
 */
export function toCanonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError("Cannot write canonical JSON: the value nests too deep");
  if (value === undefined || typeof value === "function" || typeof value === "symbol") return "null";
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object" || value === null || isRawNumber(value)) return writeLeaf(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return `{${
    members.map(([key, member]) => `${JSON.stringify(key)}:${write(member, depth + 1)}`).join(",")
  }}`;
}

function writeLeaf(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  // -0 and 0 are the same number in JSON; JSON.stringify writes both as 0.
  return JSON.stringify(value);
}
