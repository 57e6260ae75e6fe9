import type { Clock } from "../../platform/mod.ts";

/** Work that waits until answers are sent, done a little at a time. */
export interface Backlog extends Disposable {
  /**
   * Takes work; it is done soon, in the order it came. A failure of it is its own.
   *
   * @param weight Size of what it keeps in memory, in characters.
   * @returns `false` if so much waits that this was not taken.
   */
  readonly add: (work: () => Promise<void>, weight: number) => boolean;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
}

interface Waiting {
  readonly work: () => Promise<void>;
  readonly weight: number;
}

/** What is no heavier, in characters, is looked at while another call waits for its server: most of it. */
const LIGHT = 4_096;
/** The others wait until the answer has left, and whatever else came then. */
const DELAY_MS = 50;
/** After so long others have their turn. */
const SLICE_MS = 0.25;
/** More than that does not wait. */
const MAX_WAITING = 5_000;
const MAX_WEIGHT = 32 * 1024 * 1024;

/** Opens a backlog; when it is disposed, what waits is done without pauses. */
export function openBacklog(clock: Clock): Backlog {
  const waiting: Waiting[] = [];
  let total = 0;
  let timer: Disposable | undefined;
  let isRunning = false;
  let isOver = false;
  const paused = new Map<() => void, Disposable>();

  function pause(): Promise<void> {
    if (isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const go = () => {
        paused.delete(go);
        resolve();
      };
      paused.set(go, clock.after(0, go));
    });
  }

  async function doOne({ work, weight }: Waiting): Promise<void> {
    // Whoever left it tells of its failure.
    await work().catch(() => {});
    total -= weight;
  }

  async function workInPause(): Promise<void> {
    const next = waiting[0];
    if (isRunning || next === undefined || next.weight > LIGHT) return;
    isRunning = true;
    waiting.shift();
    await doOne(next);
    isRunning = false;
    if (waiting.length > 0) isOver ? await run() : arm();
  }

  function arm(): void {
    if (!isRunning) timer ??= clock.after(DELAY_MS, () => void run());
  }

  async function run(): Promise<void> {
    timer = undefined;
    if (isRunning) return;
    isRunning = true;
    let since = clock.monotonic();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await doOne(next);
      if (clock.monotonic() - since < SLICE_MS) continue;
      await pause();
      since = clock.monotonic();
    }
    isRunning = false;
  }

  const inPauses = clock.inPauses(() => void workInPause());
  return {
    pause,
    add(work, weight) {
      const isFull = waiting.length >= MAX_WAITING || (waiting.length > 0 && total + weight > MAX_WEIGHT);
      if (isOver || isFull) return false;
      waiting.push({ work, weight });
      total += weight;
      arm();
      return true;
    },
    [Symbol.dispose]() {
      isOver = true;
      timer?.[Symbol.dispose]();
      inPauses[Symbol.dispose]();
      for (const [go, wait] of paused) {
        wait[Symbol.dispose]();
        go();
      }
      if (!isRunning && waiting.length > 0) void run();
    },
  };
}
