import type { Clock } from "../platform/mod.ts";

/** A server may ask to be back at once; while it keeps asking, waits get longer. */
const HASTE = { leastMs: 100, mostMs: 2_000 };

/** Timers of streams that are to be opened again; all of them go with the connection. */
export interface HttpTimers extends Disposable {
  /** Acts after the delay, or a little later for who asks too often. */
  schedule(act: () => void, delayMs: number): () => void;
  /** Waits as long, or until one of the signals is aborted; never rejects. */
  wait(delayMs: number, signals: readonly (AbortSignal | undefined)[]): Promise<void>;
}

/** Creates the timers of one connection. */
export function createHttpTimers(clock: Clock): HttpTimers {
  const timers = new Set<Disposable>();
  let lastAt = -Infinity;
  let leastMs = HASTE.leastMs;
  function schedule(act: () => void, delayMs: number): () => void {
    const now = clock.monotonic();
    leastMs = now - lastAt < HASTE.mostMs ? Math.min(leastMs * 2, HASTE.mostMs) : HASTE.leastMs;
    lastAt = now;
    const timer = clock.after(Math.max(delayMs, leastMs), () => {
      timers.delete(timer);
      act();
    });
    timers.add(timer);
    return () => {
      timers.delete(timer);
      timer[Symbol.dispose]();
    };
  }

  return {
    schedule,
    wait(delayMs, signals) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = schedule(resolve, delayMs);
      const giveUp = () => {
        cancel();
        resolve();
      };
      for (const signal of signals) signal?.addEventListener("abort", giveUp, { once: true });
      return promise.finally(() => signals.forEach((signal) => signal?.removeEventListener("abort", giveUp)));
    },
    [Symbol.dispose]() {
      for (const timer of timers) timer[Symbol.dispose]();
      timers.clear();
    },
  };
}
