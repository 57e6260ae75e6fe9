import type { ActivityEntry } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Prepared } from "./prepare.ts";

/** With the time a write takes, a record is on the disk some 100 ms after it was made. */
const BATCH_MS = 80;
/** So many at a time are made ready, then whatever else waits has its turn: a call, mostly. */
const SLICE = 4;
/** The same, when so many wait that it would take too long. */
const LARGE_SLICE = 32;
/** More do not wait for the time to pass. */
const MANY = 256;
/** What may wait to be made ready; more than that is lost, and counted. */
const MAX_WAITING = 10_000;

/** What an intake works with. */
export interface IntakeOptions {
  readonly clock: Clock;
  readonly prepare: (entry: ActivityEntry, at: number) => Prepared;
  /** Takes a record that is ready; `false` if there is no room for it. */
  readonly take: (prepared: Prepared) => boolean;
  /** All that waited is ready. */
  readonly onIdle: () => void;
  readonly onNotice: (text: string) => void;
}

interface Raw {
  readonly entry: ActivityEntry;
  readonly at: number;
}

/**
 * Where records begin: taking one costs next to nothing, so that no call waits
 * for it. A little later they are made ready: in the pauses of other calls, or
 * in slices.
 */
export class Intake {
  readonly #options: IntakeOptions;
  #waiting: Raw[] = [];
  readonly #pauses: Disposable;
  #timer: Disposable | undefined;
  #isSoon = false;
  #state: "opening" | "open" | "closed" = "opening";
  #lost = 0;
  /** Losses that a notice has not told of. */
  #lostInRow = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#pauses = options.clock.inPauses(() => this.#workInPause());
  }

  /** Records that are not ready yet. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Records that found no room, or could not be made ready. */
  get lost(): number {
    return this.#lost;
  }

  /** Takes a record of a time, in epoch milliseconds; never throws. */
  add(entry: ActivityEntry, at: number): void {
    if (this.#state === "closed" || this.#waiting.length >= MAX_WAITING) return this.#lose();
    this.#waiting.push({ entry, at });
    if (this.#state === "opening") return;
    if (this.#waiting.length >= MANY) this.#schedule(0);
    else this.#timer ??= this.#options.clock.after(BATCH_MS, () => this.#prepareSlice());
  }

  /** From now on records are passed on; those that came before as well. */
  open(): void {
    if (this.#state === "closed") return;
    this.#state = "open";
    if (this.#waiting.length > 0) this.#schedule(0);
  }

  /** Makes ready all that waits. */
  prepareAll(): void {
    if (this.#state !== "open") return;
    this.#stopTimer();
    const all = this.#waiting;
    this.#waiting = [];
    for (const raw of all) this.#pass(raw);
    if (all.length > 0) this.#options.onIdle();
  }

  /** Passes on what waits, if that was possible at all, and takes nothing more. */
  close(): void {
    this.prepareAll();
    this.#lost += this.#waiting.length;
    this.#waiting = [];
    this.#state = "closed";
    this.#stopTimer();
    this.#pauses[Symbol.dispose]();
  }

  /** Most records are made ready while another call waits for its server, and passed on together. */
  #workInPause(): void {
    if (this.#state !== "open") return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#pass(next);
  }

  #prepareSlice(): void {
    this.#stopTimer();
    const slice = this.#waiting.length > MANY ? LARGE_SLICE : SLICE;
    for (const raw of this.#waiting.splice(0, slice)) this.#pass(raw);
    if (this.#waiting.length > 0) this.#schedule(0);
    else this.#options.onIdle();
  }

  #pass({ entry, at }: Raw): void {
    try {
      if (this.#options.take(this.#options.prepare(entry, at))) {
        this.#lostInRow = 0;
        return;
      }
    } catch {
      // Something that no part of a record should be; the loss is counted, and nobody else suffers.
    }
    this.#lose();
  }

  #schedule(delayMs: number): void {
    if (this.#isSoon) return;
    this.#stopTimer();
    this.#isSoon = true;
    this.#timer = this.#options.clock.after(delayMs, () => this.#prepareSlice());
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#isSoon = false;
  }

  #lose(): void {
    this.#lost++;
    if (this.#state === "closed" || this.#lostInRow++ > 0) return;
    this.#options.onNotice(
      "Cannot keep a record of activity: there is no room, or it cannot be read; it is lost",
    );
  }
}
