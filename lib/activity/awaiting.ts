import type { ActivityEntry } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";

/** What is known of a record later than the rest, such as what was found in a call. */
export type Addendum = Pick<
  ActivityEntry,
  "detection_types" | "max_severity" | "metadata" | "arguments" | "response"
>;

/** More do not wait; the oldest then goes without what it waits for. */
const MAX_WAITING = 10_000;
/** Longest wait of a reader. */
const SETTLE_MS = 1_000;

interface Waiting {
  readonly entry: ActivityEntry;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `undefined` as long as it is not known. */
  found: Addendum | undefined;
}

/**
 * Records that wait for the last of what is to be in them, and those behind
 * them: the order in which things happened stays, and none is lost.
 */
export class Awaiting {
  readonly #take: (entry: ActivityEntry, at: number) => void;
  readonly #queue: Waiting[] = [];
  readonly #readers: { readonly until: number; readonly resolve: () => void }[] = [];
  /** Numbers of records that came, and that went on. */
  #come = 0;
  #gone = 0;

  /** @param take Takes records that are complete, in their order. */
  constructor(take: (entry: ActivityEntry, at: number) => void) {
    this.#take = take;
  }

  /** Records that wait. */
  get size(): number {
    return this.#queue.length;
  }

  /** Takes a record. Should its addendum fail, it goes on without. */
  add(entry: ActivityEntry, at: number, addendum?: Promise<Addendum>): void {
    if (addendum === undefined && this.#queue.length === 0) return this.#take(entry, at);
    const waiting: Waiting = { entry, at, found: addendum === undefined ? {} : undefined };
    this.#come++;
    this.#queue.push(waiting);
    if (this.#queue.length > MAX_WAITING) this.#pass();
    const settle = (found: Addendum) => {
      waiting.found ??= found;
      this.#drain();
    };
    addendum?.then(settle, () => settle({}));
  }

  /** Resolves when all that waits now has gone on, or after a second. */
  async settled(clock: Clock): Promise<void> {
    if (this.#queue.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#readers.push({ until: this.#come, resolve });
    using _late = clock.after(SETTLE_MS, resolve);
    await promise;
  }

  /** Lets all go on that wait, without what they wait for. */
  release(): void {
    while (this.#queue.length > 0) this.#pass();
  }

  #drain(): void {
    while (this.#queue[0]?.found !== undefined) this.#pass();
  }

  #pass(): void {
    const first = this.#queue.shift();
    if (first === undefined) return;
    const { entry, at, found: { metadata, ...more } = {} } = first;
    first.found = {};
    this.#gone++;
    this.#take({ ...entry, ...more, metadata: joined(entry.metadata, metadata) }, at);
    while ((this.#readers[0]?.until ?? Infinity) <= this.#gone) this.#readers.shift()?.resolve();
  }
}

function joined(one: ActivityEntry["metadata"], other: ActivityEntry["metadata"]): ActivityEntry["metadata"] {
  return one === undefined || other === undefined ? one ?? other : { ...one, ...other };
}
