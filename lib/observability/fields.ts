/**
 * Turns whatever a caller hands to a logger into plain, bounded, redacted
 * values. Nothing here throws, whatever the value is.
 *
 * @module
 */

import { GatewayError } from "../contracts/mod.ts";

/** Values of an event by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A value that JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

const MAX_TEXT = 16_384;
const MAX_DEPTH = 5;
const MAX_ENTRIES = 100;

/** Redacts a text, then cuts it, so that no cut leaves half a secret behind. */
export function toText(text: string, redact: (text: string) => string): string {
  const safe = redact(text);
  if (safe.length <= MAX_TEXT) return safe;
  return `${safe.slice(0, MAX_TEXT)}… (${safe.length - MAX_TEXT} more characters)`;
}

/** Makes fields plain; one without a value is left out. */
export function toFields(fields: LogFields, redact: (text: string) => string): Record<string, Plain> {
  const plain = toPlain(fields, redact, 0);
  // A record of unknown values becomes a record; only odd values inside it become texts.
  return typeof plain === "object" && plain !== null ? plain as Record<string, Plain> : {};
}

function toPlain(value: unknown, redact: (text: string) => string, depth: number): Plain {
  try {
    if (typeof value === "string") return toText(value, redact);
    if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
    if (typeof value === "boolean" || value === null) return value;
    if (typeof value !== "object") return toText(String(value), redact);
    if (depth >= MAX_DEPTH) return "[deeper]";
    if (value instanceof Error) return errorToPlain(value, redact, depth);
    if (value instanceof Date || value instanceof URL) return toText(value.toJSON() ?? "", redact);
    if (Array.isArray(value)) return arrayToPlain(value, redact, depth);
    return objectToPlain(value, redact, depth);
  } catch {
    return "[unreadable]";
  }
}

function arrayToPlain(value: readonly unknown[], redact: (text: string) => string, depth: number): Plain {
  const items = value.slice(0, MAX_ENTRIES).map((item) => toPlain(item, redact, depth + 1));
  return value.length > MAX_ENTRIES ? [...items, `[${value.length - MAX_ENTRIES} more]`] : items;
}

function objectToPlain(value: object, redact: (text: string) => string, depth: number): Plain {
  const entries: [string, Plain][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    if (entries.length >= MAX_ENTRIES) {
      entries.push(["…", "[more]"]);
      break;
    }
    entries.push([toText(key, redact), toPlain(inner, redact, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

/** An error of ours says all in code and message; any other needs its stack to be found. */
function errorToPlain(error: Error, redact: (text: string) => string, depth: number): Plain {
  const code = "code" in error && error.code !== undefined ? { code: error.code } : {};
  const stack = error instanceof GatewayError ? {} : { stack: error.stack };
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  return objectToPlain(
    { name: error.name, ...code, message: error.message, ...cause, ...stack },
    redact,
    depth,
  );
}
