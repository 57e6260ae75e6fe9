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

/** Throttles by key, such as the name of a server. */
export interface Throttles {
  /** Tells whether one more of a key may go. */
  may(key: string): boolean;
  /** Keys that are remembered. */
  readonly size: number;
}

/** Makes a throttle for each key; all are forgotten with their second, so that what is gone leaves nothing. */
export function createThrottles(clock: Clock, perSecond: number): Throttles {
  const counts = new Map<string, number>();
  let windowStart = -Infinity;
  return {
    may(key) {
      const now = clock.monotonic();
      if (now - windowStart >= 1_000) {
        windowStart = now;
        counts.clear();
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= perSecond;
    },
    get size() {
      return counts.size;
    },
  };
}
