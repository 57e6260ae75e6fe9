/**
 * Durations as people and the config write them: `"30s"`, `"2m0s"`, `"1h30m"`, `"250ms"`.
 *
 * @module
 */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SHAPE = /^(?:0|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/** Durations of the config are read with every call, and there are few. */
const read = new Map<string, number>();
const MAX_READ = 100;

/** Tells whether a text is a duration; `"0"` counts, a bare number does not. */
export function isDuration(text: string): boolean {
  return text.length <= 32 && SHAPE.test(text);
}

/**
 * Converts a duration to milliseconds.
 *
 * @param text One or more numbers with a unit (`ms`, `s`, `m`, `h`), or `"0"`.
 * @returns Milliseconds, never negative.
 * @throws {RangeError} If the text is not a duration.
 */
export function toMs(text: string): number {
  const known = read.get(text);
  if (known !== undefined) return known;
  if (!isDuration(text)) {
    throw new RangeError(`Cannot read duration "${text}": wanted a form such as "30s" or "2m"`);
  }
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(PART)) sum += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  if (read.size < MAX_READ) read.set(text, sum);
  return sum;
}
