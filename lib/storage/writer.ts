import { GatewayError } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { commitAll, type Waiting } from "./commit.ts";
import { codeOfWrite, describe } from "./failures.ts";
import type { Operation } from "./operation.ts";

const BATCH_MS = 100;
const MAX_WAITING = 50_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;
/** Whoever waits for an operation is told after so many failures; nobody waits for ever. */
const DURABLE_ATTEMPTS = 3;
const LAST_ATTEMPTS = 3;
/** A disk that has not answered by then may never do so. */
const ANSWER_MS = 10_000;
const CLOSE_MS = 5_000;
/** Written while nothing else is, to see whether the disk has recovered. */
const PROBE_KEY = ["written_at"];

/** What a writer works with. */
export interface WriterOptions {
  readonly kv: Deno.Kv;
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
}

/** How writing goes. */
export interface WriterState {
  /** Changes that are not durable yet. */
  readonly pending: number;
  /** Changes that were given up since the writer was opened. */
  readonly lost: number;
  /** Why the last attempt failed; `undefined` if it did not. */
  readonly failure: GatewayError | undefined;
}

/**
 * The only one who writes. Operations wait up to 100 ms and are committed
 * together; of several with one id the last is kept. A commit that fails is
 * tried again, later and later, until it succeeds.
 */
export class Writer {
  readonly #options: WriterOptions;
  #waiting = new Map<string, Waiting>();
  #inFlight: ReadonlyMap<string, Waiting> = new Map();
  /** Commits run one after the other; never rejects. */
  #work: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;
  #isQueued = false;
  #failures = 0;
  #failure: GatewayError | undefined;
  /** Losses that a notice has not told of. */
  #lostInRow = 0;
  #lost = 0;
  #isClosed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Operations that are not durable yet. */
  get pending(): number {
    return this.#waiting.size + this.#inFlight.size;
  }

  /** How writing goes now. */
  get state(): WriterState {
    return { pending: this.pending, lost: this.#lost, failure: this.#failure };
  }

  /** Takes an operation and returns at once. */
  enqueue(operation: Operation): void {
    if (!this.#add({ operation, waiters: [], attempts: 0 })) return this.#reportLoss();
    if (this.#failures === 0) this.#schedule(BATCH_MS);
  }

  /**
   * Takes an operation and commits it now.
   *
   * @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED if it does not get durable; if that
   * is because the disk does not answer, it may still do so later.
   */
  async commit(operation: Operation): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (!this.#add({ operation, waiters: [{ resolve, reject }], attempts: 0 })) {
      throw toFailure(this.#isClosed ? "the storage is closed" : "too many changes wait");
    }
    this.#drain();
    using _timer = this.#options.clock.after(ANSWER_MS, () => reject(this.#hang()));
    await promise;
  }

  /** Commits all that waits. @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED if some of it still waits. */
  async flush(): Promise<void> {
    this.#drain();
    await this.#work;
    if (this.#failures === 0) return;
    const { size } = this.#waiting;
    throw size === 0 ? this.#failure : toFailure(`${size} changes still wait`, this.#failure?.cause);
  }

  /** Takes nothing more and makes the last attempts, unless the disk does not answer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { promise: given, resolve: giveUp } = Promise.withResolvers<void>();
    {
      using _timer = this.#options.clock.after(CLOSE_MS, giveUp);
      await Promise.race([this.#lastAttempts(), given]);
    }
    this.#timer?.[Symbol.dispose]();
    const left = [...this.#inFlight.values(), ...this.#waiting.values()];
    if (left.length === 0) return;
    this.#options.onNotice(`Cannot save ${left.length} changes: the storage closes, they are lost`);
    for (const waiting of left) reject(waiting, toFailure("the storage is closed"));
  }

  async #lastAttempts(): Promise<void> {
    for (let attempt = 0; attempt < LAST_ATTEMPTS && this.pending > 0; attempt++) {
      this.#drain();
      await this.#work;
    }
  }

  #add(waiting: Waiting): boolean {
    const { id } = waiting.operation;
    const older = this.#waiting.get(id);
    if (this.#isClosed || (older === undefined && this.#waiting.size >= MAX_WAITING)) return false;
    this.#waiting.set(id, { ...waiting, waiters: [...older?.waiters ?? [], ...waiting.waiters] });
    return true;
  }

  #schedule(delayMs: number): void {
    this.#timer ??= this.#options.clock.after(delayMs, () => this.#drain());
  }

  #drain(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#work = this.#work.then(() => {
      this.#isQueued = false;
      return this.#commitWaiting();
    });
  }

  async #commitWaiting(): Promise<void> {
    if (this.#waiting.size === 0) return await this.#probe();
    this.#inFlight = this.#waiting;
    this.#waiting = new Map();
    using late = this.#options.clock.after(ANSWER_MS, () => void this.#hang());
    const { hopeless, failed, error } = await commitAll(this.#options.kv, [...this.#inFlight.values()]);
    late[Symbol.dispose]();
    this.#inFlight = new Map();
    for (const { waiting, cause } of hopeless) this.#discard(waiting, cause);
    if (failed.length === 0) return this.#recover();
    for (const waiting of failed) this.#putBack(waiting, error);
    this.#backOff(error, failed.length);
  }

  /** After a failure that left nothing waiting: finds out when writing works again. */
  async #probe(): Promise<void> {
    if (this.#failures === 0 || this.#isClosed) return;
    try {
      await this.#options.kv.set(PROBE_KEY, this.#options.clock.now());
      this.#recover();
    } catch (error) {
      this.#backOff(error, 0);
    }
  }

  /** A newer operation with the same id makes the failed one superfluous. */
  #putBack({ operation, waiters, attempts }: Waiting, error: unknown): void {
    const newer = this.#waiting.get(operation.id);
    const again = newer ?? { operation, attempts: attempts + 1 };
    const all = [...waiters, ...newer?.waiters ?? []];
    if (all.length === 0 || again.attempts < DURABLE_ATTEMPTS) {
      this.#waiting.set(operation.id, { ...again, waiters: all });
      return;
    }
    this.#waiting.delete(operation.id);
    reject({ ...again, waiters: all }, toFailure(describe(error), error));
  }

  #backOff(error: unknown, count: number): void {
    if (this.#isClosed) return;
    this.#failure = toFailure(describe(error), error);
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    if (this.#failures++ === 0) {
      this.#options.onNotice(`Cannot save ${count} changes: ${describe(error)}; trying again`);
    }
    this.#schedule(delayMs);
  }

  #recover(): void {
    if (this.#failure !== undefined) this.#options.onNotice("All waiting changes are saved again");
    this.#failures = 0;
    this.#failure = undefined;
    this.#lostInRow = 0;
    if (this.#waiting.size > 0) this.#schedule(BATCH_MS);
  }

  #discard(waiting: Waiting, cause: unknown): void {
    if (waiting.waiters.length > 0) return reject(waiting, toFailure(describe(cause), cause));
    this.#lost++;
    this.#options.onNotice(`Cannot save "${waiting.operation.id}": ${describe(cause)}; the change is lost`);
  }

  #reportLoss(): void {
    this.#lost++;
    if (this.#isClosed || this.#lostInRow++ > 0) return;
    this.#options.onNotice(`Cannot save more changes: ${MAX_WAITING} wait already, further ones are lost`);
  }

  #hang(): GatewayError {
    const failure = toFailure(`the disk has not answered for ${ANSWER_MS / 1000} s`);
    if (this.#failure === undefined) this.#options.onNotice(failure.message);
    this.#failure = failure;
    return failure;
  }
}

function toFailure(reason: string, cause?: unknown): GatewayError {
  return new GatewayError(codeOfWrite(cause), `Cannot save changes: ${reason}`, { cause });
}

function reject({ waiters }: Waiting, error: GatewayError): void {
  for (const waiter of waiters) waiter.reject(error);
}
