import type { Clock, SharedTimers } from "../platform/mod.ts";
import type { EventWriter, Journal } from "./journal.ts";

/** Sends a message on the answer of the request in hand; `false` if the answer is over or is no stream. */
export type Emit = (message: unknown) => boolean;

/** How an answer is to be written. */
export interface AnswerOptions {
  readonly clock: Clock;
  readonly timers: SharedTimers;
  /** Id of the request, for whoever has to find it in a log. */
  readonly requestId: string;
  /** Whether the client takes an event stream. */
  readonly acceptsStream: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Opens the journal of the stream, where the client may come back for it; `undefined` if no stream may be opened. */
  readonly openJournal?: () => Journal | undefined;
  /** The client knows that a stream may begin with an event without a message. */
  readonly isPrimed?: boolean;
  /** Called if the client goes away before the end of a stream that it cannot come back for. */
  readonly onGone: () => void;
}

/** The end of the work: the message to send, or nothing for a cancelled request. */
export interface Outcome {
  readonly body: unknown;
  readonly status: number;
}

/** A call silent for this long becomes a stream, so that no proxy in between cuts it. */
const SILENCE_MS = 1_000;
const HEARTBEAT_MS = 15_000;
/** Most that waits for a client to read; a whole journal and more. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** A client whose stream broke off waits this long. */
const RETRY_MS = 1_000;

const encoder = new TextEncoder();
/** An answer that was made with all the headers it is to have. */
class CompleteResponse extends Response {}

/** Tells whether an answer was made with all the headers that it is to have. */
export function isComplete(response: Response): boolean {
  return response instanceof CompleteResponse;
}

/**
 * Answers with plain JSON if the end comes first, with an event stream as soon
 * as there is something to say before it, or after a second of silence.
 *
 * @param work Gets the emitter, and what closes the stream of a client who can come back for the rest;
 *   resolves to the outcome; must not reject.
 */
export function answer(
  work: (emit: Emit, pause: () => void) => Promise<Outcome | undefined>,
  options: AnswerOptions,
): Promise<Response> {
  return new Promise((resolve) => {
    const stream = options.acceptsStream ? new LazyStream(options, resolve) : undefined;
    void work((message) => stream?.emit(message) ?? false, () => stream?.pause()).then((outcome) => {
      if (stream?.end(outcome) === true) return;
      if (outcome === undefined) return resolve(emptyStream());
      resolve(complete(outcome, options));
    });
  });
}

/** Writes the answer of a request that was no stream. */
function complete(outcome: Outcome, { requestId, headers }: AnswerOptions): Response {
  return new CompleteResponse(JSON.stringify(outcome.body), {
    status: outcome.status,
    headers: {
      "content-type": "application/json",
      "x-request-id": requestId,
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/** Writes a JSON answer. */
export function json(outcome: Outcome, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(outcome.body), {
    status: outcome.status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** A cancelled request has no answer; a client takes a stream without messages as just that. */
function emptyStream(): Response {
  return new Response("", { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

/** An open event stream with heartbeats. */
export interface OpenStream extends EventWriter {
  readonly response: Response;
}

/** Opens an event stream; `onGone` is called if the client leaves it before its end. */
export function openStream(
  clock: Clock,
  { headers, onGone }: { readonly headers?: Readonly<Record<string, string>>; readonly onGone: () => void },
): OpenStream {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const heartbeat = clock.every(HEARTBEAT_MS, () => write(": keep-alive\n\n"));
  const gone = () => {
    heartbeat[Symbol.dispose]();
    controller = undefined;
    onGone();
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    { start: (opened) => void (controller = opened), cancel: gone },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
  );
  function write(text: string): void {
    if (controller === undefined) return;
    if ((controller.desiredSize ?? 0) > 0) return controller.enqueue(encoder.encode(text));
    // Whoever reads nothing is as good as gone, and may come back for what its journal keeps.
    controller.error(new DOMException("The client does not read its stream", "AbortError"));
    gone();
  }
  return {
    response: new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        ...headers,
      },
    }),
    write,
    close() {
      heartbeat[Symbol.dispose]();
      controller?.close();
      controller = undefined;
    },
  };
}

/** A stream that is opened when there is a first thing to say. */
class LazyStream {
  readonly #options: AnswerOptions;
  readonly #resolve: (response: Response) => void;
  readonly #silence: Disposable;
  #stream: OpenStream | undefined;
  #journal: Journal | undefined;
  #refused = false;
  #ended = false;

  constructor(options: AnswerOptions, resolve: (response: Response) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#silence = options.timers.after(SILENCE_MS, () => this.#open());
  }

  emit(message: unknown): boolean {
    if (this.#ended) return false;
    this.#open();
    if (this.#journal !== undefined) this.#journal.append(message);
    else this.#stream?.write(toEvent(message));
    return this.#stream !== undefined;
  }

  /** Lets the client go until it comes back for the rest. */
  pause(): void {
    if (this.#ended) return;
    this.#open();
    if (this.#journal === undefined || this.#stream === undefined) return;
    this.#journal.detach(this.#stream);
    this.#stream.close();
  }

  /** Sends the last message; `false` if no stream was opened, so that JSON will do. */
  end(outcome: Outcome | undefined): boolean {
    if (outcome !== undefined && this.#stream !== undefined) this.emit(outcome.body);
    this.#ended = true;
    this.#silence[Symbol.dispose]();
    this.#journal?.end();
    this.#stream?.close();
    return this.#stream !== undefined;
  }

  #open(): void {
    if (this.#stream !== undefined || this.#refused || this.#ended) return;
    this.#silence[Symbol.dispose]();
    const { clock, headers, openJournal, onGone, isPrimed } = this.#options;
    const journal = openJournal?.();
    if (openJournal !== undefined && journal === undefined) {
      this.#refused = true;
      return;
    }
    const stream = openStream(clock, {
      headers,
      onGone: () => {
        // Who can come back for the rest has not gone for good.
        if (journal !== undefined) journal.detach(stream);
        else if (!this.#ended) onGone();
      },
    });
    stream.write(": open\n\n");
    if (journal !== undefined && isPrimed === true) stream.write(`retry: ${RETRY_MS}\n${journal.priming()}`);
    journal?.attach(stream);
    this.#journal = journal;
    this.#stream = stream;
    this.#resolve(stream.response);
  }
}

/** Writes a message as an event without an id. */
export function toEvent(message: unknown): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}
