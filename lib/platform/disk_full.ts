/** The systems and SQLite each have words of their own for it. */
const FULL = /no space left|disk is full|disk full|disk quota exceeded|not enough space/i;

/** Tells whether a write failed because no space is left for it. */
export function isDiskFull(thrown: unknown): boolean {
  return thrown instanceof Error && FULL.test(thrown.message);
}
