/** A number that no JavaScript number is; it is written as it was read. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/** What the engine can do with the text of numbers, which its type library does not know yet. */
interface SourceJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): boolean;
}

const source = JSON as unknown as SourceJson; // see above
/** Only such numbers may lose digits. */
const LONG_NUMBER = /\d{16}|\d[eE][+-]?\d{3}|\.\d{16}/;

/**
 * Parses JSON and keeps numbers that a JavaScript number would change, such as
 * long ids.
 *
 * @throws {SyntaxError} If it is no JSON.
 */
export function parseExact(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return source.parse(text, (_key, value, { source: written }) => {
    if (typeof value !== "number" || written === undefined || String(value) === written) return value;
    return source.rawJSON(written);
  });
}

/** Tells whether a value stands for a number that no JavaScript number is. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return source.isRawJSON(value);
}
