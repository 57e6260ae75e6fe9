import type { Clock } from "./platform.ts";

/** Timers that many short pieces of work set and hardly any lets run out. */
export interface SharedTimers extends Disposable {
  /** Calls back after the delay, unless disposed before. */
  after(delayMs: number, callback: () => void): Disposable;
}

/** A timer in the ring of those with its delay, between the one set before it and the one set after. */
class Entry implements Disposable {
  before: Entry = this;
  next: Entry = this;

  constructor(readonly dueAt: number, readonly callback: () => void) {}

  /** Puts it last, seen from the head of a ring. */
  joinBefore(head: Entry): void {
    this.next = head;
    this.before = head.before;
    head.before.next = this;
    head.before = this;
  }

  /** Twice does no harm. */
  [Symbol.dispose](): void {
    this.before.next = this.next;
    this.next.before = this.before;
    this.next = this.before = this;
  }
}

interface Queue {
  /** Head of the ring; none of the timers itself. */
  readonly ring: Entry;
  timer: Disposable | undefined;
}

/**
 * Creates timers that share one timer of the clock for each delay. Those of
 * one delay run out in the order they were set, so setting and disposing one
 * costs a place in a ring; the clock's timer is left alone.
 */
export function createSharedTimers(clock: Clock): SharedTimers {
  let disposed = false;
  const queues = new Map<number, Queue>();

  function run(delayMs: number, queue: Queue): void {
    const now = clock.monotonic();
    const { ring } = queue;
    try {
      for (let first = ring.next; !disposed && first !== ring && first.dueAt <= now; first = ring.next) {
        first[Symbol.dispose]();
        first.callback();
      }
    } finally {
      // Those behind a callback that throws are called back all the same.
      if (!disposed) goOn(delayMs, queue, now);
    }
  }

  function goOn(delayMs: number, queue: Queue, now: number): void {
    const { ring } = queue;
    if (ring.next === ring) queues.delete(delayMs);
    else queue.timer = clock.after(Math.max(0, ring.next.dueAt - now), () => run(delayMs, queue));
  }

  function open(delayMs: number): Queue {
    const queue: Queue = { ring: new Entry(Infinity, () => {}), timer: undefined };
    queue.timer = clock.after(delayMs, () => run(delayMs, queue));
    queues.set(delayMs, queue);
    return queue;
  }

  return {
    after(delayMs, callback) {
      const entry = new Entry(clock.monotonic() + delayMs, callback);
      if (disposed) return entry;
      entry.joinBefore((queues.get(delayMs) ?? open(delayMs)).ring);
      return entry;
    },
    [Symbol.dispose]() {
      disposed = true;
      for (const { timer } of queues.values()) timer?.[Symbol.dispose]();
      queues.clear();
    },
  };
}
