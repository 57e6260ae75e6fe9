import { type Clock, createSharedTimers, type SharedTimers } from "../platform/mod.ts";

/** What a writer works with. */
export interface PipeWriterOptions {
  readonly clock: Clock;
  /** Makes the error for a reader that does not read. */
  readonly notReading: () => Error;
}

/** A program that does not read for this long is not going to. */
const WRITE_TIMEOUT_MS = 30_000;
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/** Writes to a pipe whose reader may be slow, or may not read at all. */
export class PipeWriter {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #options: PipeWriterOptions;
  readonly #timers: SharedTimers;
  #queuedBytes = 0;

  constructor(stream: WritableStream<Uint8Array<ArrayBuffer>>, options: PipeWriterOptions) {
    this.#writer = stream.getWriter();
    this.#options = options;
    this.#timers = createSharedTimers(options.clock);
  }

  /**
   * Writes, and waits until the reader has taken it.
   *
   * @throws What `notReading` makes, at once if 8 MB wait already, else after 30 s without a taker;
   *   whatever a broken pipe throws.
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { notReading } = this.#options;
    // What is too large for the queue may pass as long as nothing waits before it.
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes.length > MAX_QUEUED_BYTES) {
      return Promise.reject(notReading());
    }
    this.#queuedBytes += bytes.length;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = this.#timers.after(WRITE_TIMEOUT_MS, () => reject(notReading()));
    const settle = (act: () => void) => {
      this.#queuedBytes -= bytes.length;
      timer[Symbol.dispose]();
      act();
    };
    this.#writer.write(bytes).then(() => settle(resolve), (error) => settle(() => reject(error)));
    return promise;
  }

  /** Says that nothing more comes, once all is taken; a reader that does not read never sees it. */
  close(): void {
    this.#timers[Symbol.dispose]();
    void this.#writer.close().catch(() => {});
  }

  /** Gives up what waits: nobody reads the pipe any more. */
  abort(): void {
    this.#timers[Symbol.dispose]();
    void this.#writer.abort().catch(() => {});
  }
}
