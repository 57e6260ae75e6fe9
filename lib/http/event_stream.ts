import type { Clock } from "../platform/mod.ts";
import type { BusEvent, EventBus } from "../events/mod.ts";

/** What an event stream is served from. */
export interface EventStreamOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Tells this run of the gateway from others: event numbers start anew with each; that of the bus when absent. */
  readonly instance?: string;
  /** The state as it is now, for a client that starts or has missed events. */
  readonly snapshot: () => Promise<unknown>;
  /** Called when the stream has ended, perhaps more than once. */
  readonly onEnd?: () => void;
  /** Ends all streams when the gateway stops. */
  readonly stopping: AbortSignal;
}

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 5_000;
/** Events a slow reader may be behind; then it gets a gap and a fresh snapshot. */
const MAX_QUEUED = 512;

const GAP = `event: gap\ndata: {"reason":"events were lost"}\n\n`;

const encoder = new TextEncoder();

/** What a client says it knows already. */
interface Known {
  /** As the stream gave it; wins over `since`. */
  readonly lastEventId: string | null;
  /** A bare number, of this run. */
  readonly since: string | null;
}

/** Headers of a stream of events. */
export const EVENT_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
} as const;

/**
 * Serves events as a stream: first a snapshot, then every event with an id. A
 * client that comes back with `Last-Event-ID` gets what it missed, or a new
 * snapshot if that is no longer kept. Nobody misses an event without a word.
 */
export function serveEvents(request: Request, options: EventStreamOptions): Response {
  const since = new URL(request.url).searchParams.get("since");
  const reader = new EventReader(options, { lastEventId: request.headers.get("last-event-id"), since });
  // A stream that fails is not cancelled, and would listen for ever.
  const orClose = (error: unknown): never => {
    reader.close();
    throw error;
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: () => reader.open().catch(orClose),
    pull: (controller) => reader.pull(controller).catch(orClose),
    cancel: () => reader.close(),
  }, { highWaterMark: 1 });
  return new Response(body, { headers: EVENT_HEADERS });
}

class EventReader {
  readonly #options: EventStreamOptions;
  readonly #instance: string;
  readonly #known: Known;
  readonly #queue: string[] = [];
  #subscription: Disposable | undefined;
  #heartbeat: Disposable | undefined;
  #wake: () => void = () => {};
  #overrun = false;
  #ended = false;
  readonly #onStop = () => {
    this.close();
    this.#wake();
  };

  constructor(options: EventStreamOptions, known: Known) {
    this.#options = options;
    this.#instance = options.instance ?? options.bus.instance;
    this.#known = known;
  }

  async open(): Promise<void> {
    const { bus, clock, stopping } = this.#options;
    if (stopping.aborted) return this.close();
    stopping.addEventListener("abort", this.#onStop, { once: true });
    this.#heartbeat = clock.every(HEARTBEAT_MS, () => this.#push(": keep-alive\n\n"));
    this.#queue.push(`: mcpproxy events\nretry: ${RETRY_MS}\n\n`);
    const missed = this.#missed();
    // Subscribed before the snapshot is made: an event in between is sent after it and does no harm.
    this.#subscription = bus.subscribe((event) => this.#push(this.#toText(event)));
    if (missed !== undefined) { for (const event of missed) this.#push(this.#toText(event)); }
    else this.#queue.splice(1, 0, this.#known.since === null ? "" : GAP, await this.#snapshot());
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> {
    while (this.#queue.length === 0 && !this.#overrun && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#overrun) {
      this.#overrun = false;
      this.#queue.unshift(GAP, await this.#snapshot());
    }
    const text = this.#queue.splice(0).join("");
    if (text !== "") controller.enqueue(encoder.encode(text));
    if (this.#ended) controller.close();
  }

  close(): void {
    this.#ended = true;
    this.#options.onEnd?.();
    this.#options.stopping.removeEventListener("abort", this.#onStop);
    this.#subscription?.[Symbol.dispose]();
    this.#heartbeat?.[Symbol.dispose]();
  }

  #missed(): readonly BusEvent[] | undefined {
    const { bus } = this.#options;
    const { lastEventId, since } = this.#known;
    const [, run, number] = /^([\w-]+):(\d{1,15})$/.exec(lastEventId ?? "") ?? [];
    const seq = lastEventId === null ? since : run === this.#instance ? number : null;
    if (seq === null || seq === undefined || !/^\d{1,15}$/.test(seq)) return undefined;
    const missed = bus.since(Number(seq));
    return missed === "gap" ? undefined : missed;
  }

  #push(text: string): void {
    if (this.#ended) return;
    if (this.#queue.length >= MAX_QUEUED) {
      // Everything waiting is replaced by one gap and the state as it is when the reader comes back.
      this.#queue.length = 0;
      this.#overrun = true;
    }
    if (!this.#overrun) this.#queue.push(text);
    this.#wake();
  }

  async #snapshot(): Promise<string> {
    const seq = this.#options.bus.lastSeq;
    const payload = await this.#options.snapshot();
    return toEventText(`${this.#instance}:${seq}`, "snapshot", { seq, payload });
  }

  #toText({ seq, at, type, payload }: BusEvent): string {
    return toEventText(`${this.#instance}:${seq}`, type, {
      seq,
      payload,
      at: new Date(at).toISOString(),
      timestamp: Math.floor(at / 1000),
    });
  }
}

function toEventText(id: string, type: string, data: unknown): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
