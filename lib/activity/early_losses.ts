import type { Clock } from "../platform/mod.ts";
import type { ActivityLimits } from "./retention.ts";

const TELL_MS = 3_600_000;

/**
 * Counts records that went before their time and says so, once an hour:
 * whoever fills the record must not push out what others have done without
 * anybody noticing.
 */
export class EarlyLosses {
  readonly #options: { readonly clock: Clock; readonly onNotice: (text: string) => void };
  #count = 0;
  /** When it was last told, and how many had gone by then. */
  #told: { readonly at: number; readonly count: number } | undefined;

  constructor(options: { readonly clock: Clock; readonly onNotice: (text: string) => void }) {
    this.#options = options;
  }

  /** How many there were since the start. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of some more, and of the limits that they went for. */
  add(count: number, { maxRecords, maxSizeMb }: ActivityLimits): void {
    if (count === 0) return;
    this.#count += count;
    const now = this.#options.clock.now();
    if (this.#told !== undefined && now - this.#told.at < TELL_MS) return;
    const untold = this.#count - (this.#told?.count ?? 0);
    this.#told = { at: now, count: this.#count };
    this.#options.onNotice(
      `Activity is full (${maxRecords} records or ${maxSizeMb} MB): ${untold} of the oldest records went before ` +
        "their time, and more will; mcpproxy activity summary shows what there is so much of",
    );
  }
}
