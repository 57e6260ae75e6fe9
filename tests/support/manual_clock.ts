import { type Clock, createPauses } from "../../lib/platform/mod.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due, in order of its time. */
  advance(ms: number): void;
  /** Moves time on and lets promises settle after each timer that fell due. */
  advanceAsync(ms: number): Promise<void>;
  /** Timers that wait. */
  readonly pending: number;
}

interface Timer {
  at: number;
  readonly order: number;
  readonly periodMs: number | undefined;
  readonly callback: () => void;
}

/** Makes a manual clock that shows `startAt` (epoch ms). */
export function createManualClock(startAt = 1_000_000_000_000): ManualClock {
  const timers = new Set<Timer>();
  let elapsed = 0;
  let order = 0;

  function add(delayMs: number, callback: () => void, periodMs?: number): Disposable {
    const timer = { at: elapsed + Math.max(0, delayMs), order: order++, periodMs, callback };
    timers.add(timer);
    return { [Symbol.dispose]: () => void timers.delete(timer) };
  }

  function nextDue(until: number): Timer | undefined {
    let due: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (due === undefined || timer.at < due.at || (timer.at === due.at && timer.order < due.order)) {
        due = timer;
      }
    }
    return due;
  }

  function run(timer: Timer): void {
    elapsed = timer.at;
    if (timer.periodMs === undefined) timers.delete(timer);
    else timer.at += Math.max(1, timer.periodMs);
    timer.callback();
  }

  return {
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    after: (delayMs, callback) => add(delayMs, callback),
    ...createPauses(),
    every: (periodMs, callback) => add(periodMs, callback, periodMs),
    advance(ms) {
      const until = elapsed + ms;
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) run(due);
      elapsed = until;
    },
    async advanceAsync(ms) {
      const until = elapsed + ms;
      await settle();
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        run(due);
        await settle();
      }
      elapsed = until;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Lets everything that waits on promises alone go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
