import type { Clock } from "../platform/mod.ts";

/**
 * Lets so many through in any second; the rest is dropped.
 *
 * @returns Tells whether one more may go.
 */
export function createThrottle(clock: Clock, perSecond: number): () => boolean {
  let windowStart = -Infinity;
  let count = 0;
  return () => {
    const now = clock.monotonic();
    if (now - windowStart >= 1_000) {
      windowStart = now;
      count = 0;
    }
    return ++count <= perSecond;
  };
}
