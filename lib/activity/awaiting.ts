import type { ActivityEntry } from "../contracts/mod.ts";

/** What is known of a record later than the rest, such as what was found in a call. */
export type Addendum = Pick<
  ActivityEntry,
  "detection_types" | "max_severity" | "metadata" | "arguments" | "response"
>;

/** Records that wait for the last of what is to be in them; none is lost by that. */
export class Awaiting {
  readonly #take: (entry: ActivityEntry) => void;
  readonly #waiting = new Set<ActivityEntry>();

  /** @param take Takes records that are complete. */
  constructor(take: (entry: ActivityEntry) => void) {
    this.#take = take;
  }

  /** Records that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Takes a record whose addendum is on its way; should that fail, the record goes without. */
  add(entry: ActivityEntry, addendum: Promise<Addendum>): void {
    this.#waiting.add(entry);
    addendum.then((found) => this.#pass(entry, found), () => this.#pass(entry, {}));
  }

  /** Lets all go that wait, without what they wait for. */
  release(): void {
    for (const entry of [...this.#waiting]) this.#pass(entry, {});
  }

  #pass(entry: ActivityEntry, { metadata, ...more }: Addendum): void {
    if (!this.#waiting.delete(entry)) return;
    this.#take(
      metadata === undefined ? { ...entry, ...more } : {
        ...entry,
        ...more,
        metadata: { ...entry.metadata, ...metadata },
      },
    );
  }
}
