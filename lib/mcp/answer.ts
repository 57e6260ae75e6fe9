import type { Clock } from "../platform/mod.ts";

/** Sends a notification on the answer of the request in hand. */
export type Emit = (notification: unknown) => void;

/** How an answer is to be written. */
export interface AnswerOptions {
  readonly clock: Clock;
  /** Whether the client takes an event stream. */
  readonly acceptsStream: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called if the client goes away before the end of a stream. */
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

const encoder = new TextEncoder();

/**
 * Answers with plain JSON if the end comes first, with an event stream as soon
 * as there is something to say before it, or after a second of silence.
 *
 * @param work Gets the emitter; resolves to the outcome; must not reject.
 */
export function answer(
  work: (emit: Emit) => Promise<Outcome | undefined>,
  options: AnswerOptions,
): Promise<Response> {
  return new Promise((resolve) => {
    const stream = options.acceptsStream ? createLazyStream(options, resolve) : undefined;
    const emit: Emit = (notification) => stream?.emit(notification);
    void work(emit).then((outcome) => {
      if (stream?.end(outcome) === true) return;
      resolve(outcome === undefined ? emptyStream() : json(outcome, options.headers));
    });
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

interface LazyStream {
  emit(message: unknown): void;
  /** Sends the last message; `false` if no stream was opened, so that JSON will do. */
  end(outcome: Outcome | undefined): boolean;
}

function createLazyStream(options: AnswerOptions, resolve: (response: Response) => void): LazyStream {
  const { clock } = options;
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  let heartbeat: Disposable | undefined;
  let gone = false;
  let ended = false;
  const silence = clock.after(SILENCE_MS, () => open());

  function write(text: string): void {
    if (!gone) controller?.enqueue(encoder.encode(text));
  }

  function open(): void {
    if (controller !== undefined || ended) return;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (opened) => {
        controller = opened;
      },
      cancel: () => {
        gone = true;
        heartbeat?.[Symbol.dispose]();
        if (!ended) options.onGone();
      },
    });
    silence[Symbol.dispose]();
    heartbeat = clock.every(HEARTBEAT_MS, () => write(": keep-alive\n\n"));
    write(": open\n\n");
    const headers = {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      ...options.headers,
    };
    resolve(new Response(body, { headers }));
  }

  return {
    emit(message) {
      open();
      write(toEvent(message));
    },
    end(outcome) {
      ended = true;
      silence[Symbol.dispose]();
      heartbeat?.[Symbol.dispose]();
      if (controller === undefined) return false;
      if (outcome !== undefined) write(toEvent(outcome.body));
      if (!gone) controller.close();
      return true;
    },
  };
}

function toEvent(message: unknown): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}
