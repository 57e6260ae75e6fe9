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

/** Written as plain loops: every field of every list comes through here. */
function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError("Cannot write canonical JSON: the value nests too deep");
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null || isRawNumber(value)) return writeLeaf(value);
  return Array.isArray(value) ? writeList(value, depth + 1) : writeObject(value, depth + 1);
}

function writeList(items: readonly unknown[], depth: number): string {
  let text = "[";
  for (let at = 0; at < items.length; at++) text += (at === 0 ? "" : ",") + write(items[at], depth);
  return text + "]";
}

function writeObject(value: object, depth: number): string {
  // The order of Array.sort() without a function is that of UTF-16 units.
  const keys = Object.keys(value).sort();
  let text = "{";
  for (const key of keys) {
    const member = (value as Readonly<Record<string, unknown>>)[key]; // one of its own keys
    if (member !== undefined) {
      text += `${text.length === 1 ? "" : ","}${JSON.stringify(key)}:${write(member, depth)}`;
    }
  }
  return text + "}";
}

function writeLeaf(value: unknown): string {
  if (value === undefined || typeof value === "function" || typeof value === "symbol") return "null";
  if (typeof value === "bigint") return String(value);
  // -0 and 0 are the same number in JSON; JSON.stringify writes both as 0.
  return JSON.stringify(value);
}
