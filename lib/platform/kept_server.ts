/** A server that takes connections. */
interface Server {
  /** Settles when it takes none any more. */
  readonly finished: Promise<void>;
  shutdown(): Promise<void>;
}

/** How a server is opened, at the start and again. */
export interface KeptServerOptions<S extends Server> {
  /** Opens it; the signal ends it at once, with all its connections. */
  readonly open: (signal: AbortSignal) => S;
  /** Hears that it took no connections any more, and of its failure; it is being opened again. */
  readonly onLost?: (error: unknown) => void;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Keeps a server open that the system lets down: where there are too many open
 * files, no connection can be taken, and the runtime gives the whole server up
 * for that. Its connections are let go of then, which makes room, and it is
 * opened again, as often as it takes.
 *
 * @throws What `open` throws at first.
 */
export class KeptServer<S extends Server> {
  readonly #options: KeptServerOptions<S>;
  #end = new AbortController();
  #server: S;
  #isWanted = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: KeptServerOptions<S>) {
    this.#options = options;
    this.#server = this.#open();
  }

  /** The one that is open now, or was the last. */
  get server(): S {
    return this.#server;
  }

  /** Takes no more connections and waits for the requests in flight. */
  async shutdown(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    await this.#server.shutdown();
  }

  #open(): S {
    this.#end = new AbortController();
    const server = this.#options.open(this.#end.signal);
    server.finished.catch((error) => this.#lost(error));
    return server;
  }

  #lost(error: unknown): void {
    if (!this.#isWanted) return;
    this.#options.onLost?.(error);
    this.#end.abort();
    this.#again(FIRST_PAUSE_MS);
  }

  #again(pauseMs: number): void {
    this.#timer = setTimeout(() => {
      if (!this.#isWanted) return;
      try {
        this.#server = this.#open();
      } catch {
        this.#again(Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
      }
    }, pauseMs);
  }
}
