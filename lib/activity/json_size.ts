import { isRawNumber } from "../contracts/mod.ts";
import { byteLength } from "./text.ts";

/** Larger values are not written out only to be measured. */
const MAX_EXACT = 1_000_000;
/** Beyond this the rest is not counted; a value may contain itself, and then has no end. */
const MAX_MEASURED = 256_000_000;
/** Length that a number, a word or the signs around a value have, more or less. */
const ATOM = 4;

/** A value as JSON, and how long that is. */
export interface MeasuredJson {
  /** Bytes in UTF-8; about, for what is longer than a million characters. */
  readonly sizeBytes: number;
  /** Absent if it is long. */
  readonly text?: string;
}

/** Measures a value as JSON. `undefined` if it cannot be written as JSON. */
export function measureJson(value: unknown): MeasuredJson | undefined {
  try {
    const roughly = roughSize(value, MAX_EXACT);
    if (roughly > MAX_EXACT) return { sizeBytes: roughSize(value, MAX_MEASURED) };
    const text = JSON.stringify(value);
    return text === undefined ? undefined : { sizeBytes: byteLength(text), text };
  } catch {
    return undefined;
  }
}

/** Adds up the texts of a value and what is around them, until there is more than `enough`. */
function roughSize(value: unknown, enough: number): number {
  const waiting: unknown[] = [value];
  let size = 0;
  while (waiting.length > 0 && size <= enough) {
    const next = waiting.pop();
    const isNumber: boolean = isRawNumber(next);
    if (typeof next === "string") size += next.length + 2;
    else if (typeof next !== "object" || next === null || isNumber) size += ATOM;
    else if (Array.isArray(next)) {
      size += next.length + 2;
      for (const one of next) waiting.push(one);
    } else {
      for (const [key, one] of Object.entries(next)) {
        size += key.length + ATOM;
        waiting.push(one);
      }
    }
  }
  return size;
}
