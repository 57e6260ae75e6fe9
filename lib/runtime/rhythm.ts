import type { Clock, Random } from "../platform/mod.ts";

/** What is done again and again, and how often. */
export interface RhythmOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, "number">;
  /** Looked at each time anew; nothing is done while it is 0. */
  readonly periodMs: () => number;
  readonly work: () => void;
}

/** Work that comes again and again. */
export interface Rhythm extends Disposable {
  /** Takes a changed period over. */
  refresh(): void;
  /** The work was just done; the next time is a period from now. */
  restart(): void;
}

/**
 * Opens a rhythm. Each period is up to a tenth longer or shorter, so that many
 * servers do not fall into step. After the process was stopped for a while
 * everything is due at once; what is that late is spread over a period.
 */
export function openRhythm({ clock, random, periodMs, work }: RhythmOptions): Rhythm {
  let timer: Disposable | undefined;
  let period = 0;
  let isOver = false;

  function wait(delayMs: number): void {
    const due = clock.monotonic() + delayMs;
    timer = clock.after(delayMs, () => {
      if (clock.monotonic() - due > period / 2) return wait(period * random.number());
      start();
      work();
    });
  }

  function start(): void {
    timer?.[Symbol.dispose]();
    period = isOver ? 0 : periodMs();
    if (period > 0) wait(period * (0.9 + 0.2 * random.number()));
  }

  start();
  return {
    refresh() {
      if (periodMs() !== period) start();
    },
    restart: start,
    [Symbol.dispose]() {
      isOver = true;
      timer?.[Symbol.dispose]();
    },
  };
}
