import type { Clock } from "./platform.ts";

/** Timers that many short pieces of work set and hardly any lets run out. */
export interface SharedTimers extends Disposable {
  /** Calls back after the delay, unless disposed before. */
  after(delayMs: number, callback: () => void): Disposable;
}

interface Entry {
  readonly dueAt: number;
  readonly callback: () => void;
}

/**
 * Creates timers that share one timer of the clock for each delay. Those of
 * one delay run out in the order they were set, so setting and disposing one
 * costs an entry in a queue; the clock's timer is left alone.
 */
export function createSharedTimers(clock: Clock): SharedTimers {
  let disposed = false;
  const queues = new Map<number, { readonly entries: Set<Entry>; timer: Disposable | undefined }>();

  function run(delayMs: number): void {
    const queue = queues.get(delayMs);
    if (queue === undefined) return;
    queue.timer = undefined;
    const now = clock.monotonic();
    for (const entry of queue.entries) {
      if (entry.dueAt > now) {
        queue.timer = clock.after(entry.dueAt - now, () => run(delayMs));
        return;
      }
      queue.entries.delete(entry);
      entry.callback();
    }
    if (queue.timer === undefined && queue.entries.size === 0) queues.delete(delayMs);
  }

  return {
    after(delayMs, callback) {
      if (disposed) return { [Symbol.dispose]: () => {} };
      let queue = queues.get(delayMs);
      if (queue === undefined) queues.set(delayMs, queue = { entries: new Set(), timer: undefined });
      const { entries } = queue;
      const entry = { dueAt: clock.monotonic() + delayMs, callback };
      entries.add(entry);
      queue.timer ??= clock.after(delayMs, () => run(delayMs));
      return { [Symbol.dispose]: () => void entries.delete(entry) };
    },
    [Symbol.dispose]() {
      disposed = true;
      for (const { timer } of queues.values()) timer?.[Symbol.dispose]();
      queues.clear();
    },
  };
}
