import type { Clock } from "./platform.ts";

/**
 * Waits `delayMs` on the given clock.
 *
 * @throws The reason of `signal` if it is aborted first.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer[Symbol.dispose]();
      reject(signal?.reason);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A signal that aborts after a time on the given clock, or with its parent. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Starts the time anew. */
  rearm(): void;
}

/**
 * Opens a deadline; dispose it when the work is done, so that no timer is left.
 *
 * @param onExpired Makes the abort reason when the time is over.
 */
export function openDeadline(
  clock: Clock,
  delayMs: number,
  options: { readonly parent?: AbortSignal; readonly onExpired: () => unknown },
): Deadline {
  const controller = new AbortController();
  const expire = () => controller.abort(options.onExpired());
  const onParent = () => controller.abort(options.parent?.reason);
  let timer = clock.after(delayMs, expire);
  if (options.parent?.aborted) onParent();
  options.parent?.addEventListener("abort", onParent, { once: true });
  return {
    signal: controller.signal,
    rearm() {
      timer[Symbol.dispose]();
      if (!controller.signal.aborted) timer = clock.after(delayMs, expire);
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      options.parent?.removeEventListener("abort", onParent);
    },
  };
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
