import type { Clock } from "../platform/mod.ts";

/**
 * Waits for a promise, but not for long.
 *
 * @returns Whether it settled in time; a rejection counts as settled.
 */
export async function settledWithin(
  clock: Clock,
  withinMs: number,
  promise: Promise<unknown>,
): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  using _timer = clock.after(withinMs, () => late.resolve(false));
  return await Promise.race([promise.then(() => true, () => true), late.promise]);
}
