import type { Clock } from "../platform/mod.ts";

/** How much of something that comes by the thousand is told. */
export interface AllowanceOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** So many may come at once. */
  readonly burst: number;
  /** So many a second go on for as long as it takes. */
  readonly perSecond: number;
}

/** Creates a function that takes one, and tells whether there was one to take. */
export function createAllowance({ clock, burst, perSecond }: AllowanceOptions): () => boolean {
  let left = burst;
  let filledAt = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    left = Math.min(burst, left + (now - filledAt) * perSecond / 1000);
    filledAt = now;
    if (left < 1) return false;
    left--;
    return true;
  };
}
