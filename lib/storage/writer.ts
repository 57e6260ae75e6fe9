import { GatewayError } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { commitAll, type Waiting } from "./commit.ts";
import { describe } from "./failures.ts";
import type { Operation } from "./operation.ts";

const BATCH_MS = 100;
const MAX_WAITING = 50_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;
/** Whoever waits for an operation is told after so many failures; nobody waits for ever. */
const DURABLE_ATTEMPTS = 3;
const LAST_ATTEMPTS = 3;

/** What a writer works with. */
export interface WriterOptions {
  readonly kv: Deno.Kv;
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
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
  #failures = 0;
  #lost = 0;
  #isClosed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Operations that are not durable yet. */
  get pending(): number {
    return this.#waiting.size + this.#inFlight.size;
  }

  /** Takes an operation and returns at once. */
  enqueue(operation: Operation): void {
    if (!this.#add({ operation, waiters: [], attempts: 0 })) return this.#reportLoss();
    if (this.#failures === 0) this.#schedule(BATCH_MS);
  }

  /** Takes an operation and commits it now. @throws {GatewayError} MCPX_STORAGE_FAILED if it does not get durable. */
  async commit(operation: Operation): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (!this.#add({ operation, waiters: [{ resolve, reject }], attempts: 0 })) {
      throw this.#failure(this.#isClosed ? "the storage is closed" : "too many changes wait");
    }
    this.#drain();
    await promise;
  }

  /** Commits all that waits. @throws {GatewayError} MCPX_STORAGE_FAILED if some of it still waits. */
  async flush(): Promise<void> {
    this.#drain();
    await this.#work;
    if (this.#failures > 0) throw this.#failure(`${this.#waiting.size} changes still wait`);
  }

  /** Takes nothing more and makes the last attempts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (let attempt = 0; attempt < LAST_ATTEMPTS && this.pending > 0; attempt++) {
      this.#drain();
      await this.#work;
    }
    this.#timer?.[Symbol.dispose]();
    if (this.#waiting.size === 0) return;
    this.#options.onNotice(`Cannot save ${this.#waiting.size} changes: the storage closes, they are lost`);
    for (const waiting of this.#waiting.values()) reject(waiting, this.#failure("the storage is closed"));
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
    this.#work = this.#work.then(() => this.#commitWaiting());
  }

  async #commitWaiting(): Promise<void> {
    if (this.#waiting.size === 0) return;
    this.#inFlight = this.#waiting;
    this.#waiting = new Map();
    const { hopeless, failed, error } = await commitAll(this.#options.kv, [...this.#inFlight.values()]);
    this.#inFlight = new Map();
    for (const { waiting, cause } of hopeless) this.#discard(waiting, cause);
    if (failed.length === 0) return this.#recover();
    for (const waiting of failed) this.#putBack(waiting, error);
    this.#backOff(error);
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
    reject({ ...again, waiters: all }, this.#failure(describe(error), error));
  }

  #backOff(error: unknown): void {
    if (this.#isClosed) return;
    if (this.#waiting.size === 0) return void (this.#failures = 0);
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    if (this.#failures++ === 0) {
      this.#options.onNotice(`Cannot save ${this.#waiting.size} changes: ${describe(error)}; trying again`);
    }
    this.#schedule(delayMs);
  }

  #recover(): void {
    if (this.#failures > 0) this.#options.onNotice("All waiting changes are saved again");
    this.#failures = 0;
    this.#lost = 0;
    if (this.#waiting.size > 0) this.#schedule(BATCH_MS);
  }

  #discard(waiting: Waiting, cause: unknown): void {
    if (waiting.waiters.length > 0) return reject(waiting, this.#failure(describe(cause), cause));
    this.#options.onNotice(`Cannot save "${waiting.operation.id}": ${describe(cause)}; the change is lost`);
  }

  #reportLoss(): void {
    if (this.#isClosed || this.#lost++ > 0) return;
    this.#options.onNotice(`Cannot save more changes: ${MAX_WAITING} wait already, further ones are lost`);
  }

  #failure(reason: string, cause?: unknown): GatewayError {
    return new GatewayError("MCPX_STORAGE_FAILED", `Cannot save changes: ${reason}`, { cause });
  }
}

function reject({ waiters }: Waiting, error: GatewayError): void {
  for (const waiter of waiters) waiter.reject(error);
}
