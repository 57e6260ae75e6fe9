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

/**
 * Waits for a promise or for the signal, whichever comes first. What the
 * promise does afterwards is nobody's concern any more.
 *
 * @throws The reason of the signal.
 */
export async function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
