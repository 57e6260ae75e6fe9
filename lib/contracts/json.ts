/**
 * JSON as it is relayed: nothing of a message gets lost by being read and
 * written again.
 *
 * @module
 */

/** Deepest nesting of arrays and objects that is taken. */
export const MAX_JSON_DEPTH = 256;

/** The part of the language that TypeScript does not know yet. */
interface SourceTextJson {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}

// Deno has both functions; the library types of TypeScript lag behind.
const json = JSON as unknown as SourceTextJson;

/**
 * A number with more digits or a larger exponent than a double may hold exactly. The largest safe integer stands in
 * many schemas, and is safe.
 */
const SUSPICIOUS = /(?:^|[:,[\s])-?(?!9007199254740991(?![\d.eE]))(?:[\d.]{16}|[\d.]{1,16}[eE][+-]?\d{2})/;

/**
 * What every suspicious text has, found ten times as fast: most texts have none of it. Each half leaves out what
 * {@link SUSPICIOUS} asks for on its left.
 */
const MAYBE_SUSPICIOUS = /(?!9007199254740991(?![\d.eE]))[\d.]{16}|[\d.][eE][+-]?\d{2}/;

/** A text that nests deeper than {@link MAX_JSON_DEPTH}. */
export class JsonTooDeep extends Error {
  constructor() {
    super(`The JSON text nests deeper than ${MAX_JSON_DEPTH} levels`);
    this.name = "JsonTooDeep";
  }
}

/**
 * Reads JSON so that writing it again gives the same numbers: those that a
 * double cannot hold stay as their text.
 *
 * @throws {SyntaxError} If it is not JSON.
 * @throws {JsonTooDeep} If it nests too deep.
 */
export function parseJson(text: string): unknown {
  if (text.length > 2 * MAX_JSON_DEPTH && isTooDeep(text)) throw new JsonTooDeep();
  if (!MAYBE_SUSPICIOUS.test(text) || !SUSPICIOUS.test(text)) return JSON.parse(text);
  return json.parse(
    text,
    (_key, value, { source }) =>
      typeof value === "number" && source !== undefined && !isExact(value, source)
        ? json.rawJSON(source)
        : value,
  );
}

/** Tells whether a value stands for a number that a double cannot hold. */
export function isRawNumber(value: unknown): value is object {
  return typeof value === "object" && value !== null && json.isRawJSON(value);
}

function isExact(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  if (value === 0) return digitsOf(source) === "";
  if (String(value) === source) return true;
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  // A double is exact enough if the digits come back that were sent.
  return digitsOf(String(value)) === digitsOf(source);
}

/** Significant digits of a number as text. */
function digitsOf(text: string): string {
  return text.replace(/[eE].*$/, "").replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** Position of the closing quote; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
