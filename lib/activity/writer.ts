import { GatewayError } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { EarlyLosses } from "./early_losses.ts";
import { isHopeless, toActivityError } from "./failures.ts";
import { pageKey } from "./keys.ts";
import type { Loaded } from "./load.ts";
import { PAGE_ROWS } from "./page.ts";
import { addRemoval, pageOf } from "./removal.ts";
import { type ActivityLimits, oldestKept, overLimits, planRetention } from "./retention.ts";
import { type StoredRecord, toPacks, writePack } from "./stored.ts";

/** Bounds of KV are 1,000 mutations and 819,200 bytes in a transaction. */
const MAX_MUTATIONS = 500;
const MAX_BATCH_BYTES = 600_000;
/** What may wait for the disk; more than that is lost, and counted. */
const MAX_WAITING = 20_000;
const MAX_WAITING_BYTES = 32_000_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;
const CLOSE_MS = 5_000;
/** So much over the limits is left until the next clean-up, to remove many at a time. */
const SLACK_RECORDS = 256;
const SLACK_BYTES = 1_000_000;

/** What a writer works with. */
export interface WriterOptions extends Pick<Loaded, "index" | "usage" | "sealed"> {
  readonly kv: Deno.Kv;
  readonly path: string;
  readonly clock: Clock;
  readonly limits: () => ActivityLimits;
  readonly onNotice: (text: string) => void;
}

/**
 * The only one who writes: records in batches, then what they complete, then
 * what has to go because of them; one after the other, so that each step finds
 * the file as the last one left it. A step that fails is tried again, later
 * and later, until it succeeds.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #waiting = new Map<number, StoredRecord>();
  #waitingBytes = 0;
  /** Number of the first page that is not stored. */
  #sealed: number;
  /** Steps run one after the other; never rejects. */
  #work: Promise<void> = Promise.resolve();
  #isQueued = false;
  #timer: Disposable | undefined;
  #failures = 0;
  #failure: GatewayError | undefined;
  #isClosed = false;
  #lost = 0;
  readonly #early: EarlyLosses;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#sealed = options.sealed;
    this.#early = new EarlyLosses(options);
  }

  /** Why the last attempt failed; `undefined` if it did not. */
  get failure(): GatewayError | undefined {
    return this.#failure;
  }

  /** Records that are not durable yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Records that were taken and given up. */
  get lost(): number {
    return this.#lost;
  }

  /** Records that were removed since the start though they were not old, as there was no room for more. */
  get early(): number {
    return this.#early.count;
  }

  /** Tells whether there is room for another record. */
  get hasRoom(): boolean {
    return this.#waiting.size < MAX_WAITING && this.#waitingBytes < MAX_WAITING_BYTES;
  }

  /** A record that is not durable yet. */
  waiting(seq: number): StoredRecord | undefined {
    return this.#waiting.get(seq);
  }

  /** Records that are not durable yet, oldest first. */
  allWaiting(): Iterable<StoredRecord> {
    return this.#waiting.values();
  }

  /** Takes a record and returns at once; {@link Writer.start} gets it written. */
  add(record: StoredRecord): void {
    this.#waiting.set(record.seq, record);
    this.#waitingBytes += record.sizeBytes;
  }

  /** Begins to write what waits, unless the last attempt failed a moment ago. */
  start(): void {
    if (this.#timer === undefined) this.#drain();
  }

  /** Writes all that waits. @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED if it did not work. */
  async flush(): Promise<void> {
    this.#drain();
    await this.#work;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Removes what is too old or too much, in small steps between which others write. */
  async clean(): Promise<void> {
    while (!this.#isClosed && await this.#do(() => this.#removeSome({ records: 0, bytes: 0 })));
    while (!this.#isClosed && await this.#do(() => this.#forgetUsage()));
  }

  /** Takes nothing more and makes a last attempt, unless the disk does not answer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { promise: given, resolve: giveUp } = Promise.withResolvers<void>();
    using _timer = this.#options.clock.after(CLOSE_MS, giveUp);
    this.#drain();
    await Promise.race([this.#work.then(() => this.#lastSave()), given]);
    this.#timer?.[Symbol.dispose]();
    if (this.pending === 0) return;
    this.#lost += this.pending;
    this.#options.onNotice(
      `Cannot save ${this.pending} records of activity: the gateway stops, they are lost`,
    );
  }

  async #lastSave(): Promise<void> {
    const { usage } = this.#options;
    // Not needed, since what is missing is counted again; but then nothing has to be.
    await usage.save().catch(() => {});
  }

  #drain(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#work = this.#work.then(() => {
      this.#isQueued = false;
      return this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    try {
      do {
        await this.#seal();
        await this.#writeBatch();
        await this.#seal();
        await this.#removeSome({ records: SLACK_RECORDS, bytes: SLACK_BYTES });
      } while (this.#waiting.size > 0);
      this.#recover();
    } catch (error) {
      this.#backOff(error);
    }
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#nextBatch();
    if (batch.length === 0) return;
    const { kv, index, usage } = this.#options;
    const transaction = kv.atomic();
    const packs = toPacks(batch).map((pack) => ({ pack, sizes: writePack(transaction, pack) }));
    try {
      await transaction.commit();
    } catch (error) {
      if (!isHopeless(error)) throw error;
      return this.#giveUp(batch, error);
    }
    for (const { pack, sizes } of packs) {
      pack.forEach(({ seq }, lead) => index.settle(seq, { lead, sizeBytes: sizes[lead] ?? 0 }));
    }
    for (const { seq, head, sizeBytes } of batch) {
      await usage.count(seq, head);
      this.#waiting.delete(seq);
      this.#waitingBytes -= sizeBytes;
    }
  }

  /** A batch is of one page, so that a page is complete when a batch is. */
  #nextBatch(): StoredRecord[] {
    const batch: StoredRecord[] = [];
    let mutations = 0;
    let sizeBytes = 0;
    let page: number | undefined;
    for (const record of this.#waiting.values()) {
      page ??= pageOf(record.seq);
      mutations += 1 + record.body.length;
      sizeBytes += record.sizeBytes;
      const isFull = mutations > MAX_MUTATIONS || sizeBytes > MAX_BATCH_BYTES || pageOf(record.seq) !== page;
      if (isFull && batch.length > 0) break;
      batch.push(record);
    }
    return batch;
  }

  /** Cannot happen as long as the bounds are right; if it does, others must not wait for ever. */
  #giveUp(batch: readonly StoredRecord[], error: unknown): void {
    for (const { seq, sizeBytes } of batch) {
      this.#waiting.delete(seq);
      this.#waitingBytes -= sizeBytes;
      this.#options.index.drop(seq);
    }
    this.#lost += batch.length;
    this.#options.onNotice(
      `${
        toActivityError("save activity", this.#options.path, error).message
      }; ${batch.length} records are lost`,
    );
  }

  /** Stores the pages that are complete, each with the usage up to there. */
  async #seal(): Promise<void> {
    const { index, usage } = this.#options;
    const durable = this.#durable();
    for (; (this.#sealed + 1) * PAGE_ROWS <= durable; this.#sealed++) {
      const page = index.page(this.#sealed);
      if (page !== undefined) await usage.save({ key: pageKey(this.#sealed), value: page.toValue() });
    }
  }

  /** All records below this number are on the disk, or will never be. */
  #durable(): number {
    return this.#waiting.keys().next().value ?? this.#options.index.next;
  }

  /** Removes some records if the limits are exceeded by more than `slack`, or are too old. @returns Whether it did. */
  async #removeSome(slack: { readonly records: number; readonly bytes: number }): Promise<boolean> {
    const { kv, index, clock, usage } = this.#options;
    const limits = this.#options.limits();
    const over = overLimits(index, limits);
    if (slack.records > 0 && over.records < slack.records && over.sizeBytes < slack.bytes) return false;
    const plan = { limits, now: clock.now(), durable: this.#durable(), maxValues: MAX_MUTATIONS };
    const step = planRetention(index, plan);
    if (step === undefined) return false;
    if (usage.saved < step.floor) await usage.save();
    const transaction = addRemoval(kv.atomic(), index, step.floor);
    await transaction.commit();
    index.raiseFloor(step.floor);
    this.#early.add(step.early, limits);
    return true;
  }

  async #forgetUsage(): Promise<boolean> {
    const { clock, usage } = this.#options;
    const before = oldestKept(this.#options.limits(), clock.now());
    return before !== undefined && await usage.forget(before, MAX_MUTATIONS);
  }

  /** Does a step after those under way. @returns `false` if it failed; that is not tried again here. */
  async #do(step: () => Promise<boolean>): Promise<boolean> {
    let result = false;
    this.#work = this.#work.then(async () => {
      try {
        result = await step();
      } catch (error) {
        this.#backOff(error);
      }
    });
    await this.#work;
    return result;
  }

  #backOff(error: unknown): void {
    this.#failure = toActivityError("save activity", this.#options.path, error);
    if (this.#isClosed) return;
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    if (this.#failures++ === 0) this.#options.onNotice(`${this.#failure.message}; trying again`);
    this.#timer ??= this.#options.clock.after(delayMs, () => this.#drain());
  }

  #recover(): void {
    if (this.#failure !== undefined) this.#options.onNotice("Activity is saved again");
    this.#failures = 0;
    this.#failure = undefined;
  }
}
