import type { ServerConfig } from "../contracts/mod.ts";
import { type Platform, untilAborted } from "../platform/mod.ts";
import { boundBody } from "./bounded_body.ts";
import { answerIn, endsConnection } from "./http_status.ts";
import { toTarget } from "./http_target.ts";
import type { Transport, TransportEvents, WireMessage } from "./transport.ts";

/** What an HTTP transport is opened with. */
export interface HttpOptions extends TransportEvents {
  readonly platform: Platform;
  readonly server: ServerConfig;
  readonly maxMessageBytes: number;
  /** Gives the opening up. */
  readonly signal: AbortSignal;
}

/** Opens an SSE transport of the revisions before 2025-03-26; waits for its stream. */
export async function openSse(options: HttpOptions): Promise<Transport> {
  const target = toTarget(options.server);
  // Loaded here and not above: it takes 100 ms, and other servers do not need it.
  const { SSEClientTransport } = await import("@modelcontextprotocol/client");
  const send = boundedFetch(options);
  const inner = new SSEClientTransport(target.url, {
    requestInit: { headers: target.headers },
    fetch: send,
    eventSourceInit: { fetch: async (input, init) => await dropUnreadBody(await send(input, init)) },
  });
  return await new SseWire(inner, options).open(options.signal);
}

function boundedFetch(options: HttpOptions) {
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const response = await options.platform.network.fetch(input, init);
    return boundBody(response, { ...options, requestBody: init.body });
  };
}

/** An event source leaves the body of an answer that is no stream where it is, and with it the connection. */
async function dropUnreadBody(response: Response): Promise<Response> {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (response.status === 200 && isStream) return response;
  await response.body?.cancel();
  return new Response(null, response);
}

/** The part of the SDK's transport that is used. */
interface SdkTransport {
  onmessage?: (message: never) => void;
  onerror?: (error: Error) => void;
  start(): Promise<void>;
  send(message: never): Promise<void>;
  setProtocolVersion?(version: string): void;
  close(): Promise<void>;
}

class SseWire implements Transport {
  readonly wire = "sse";
  readonly pid = undefined;
  readonly #inner: SdkTransport;
  readonly #events: TransportEvents;
  #started = false;
  #closing: Promise<void> | undefined;

  constructor(inner: SdkTransport, events: TransportEvents) {
    this.#inner = inner;
    this.#events = events;
  }

  async open(signal: AbortSignal): Promise<this> {
    this.#inner.onmessage = (message: WireMessage) => this.#events.onMessage(message);
    this.#inner.onerror = (error) => this.#onError(error);
    try {
      await untilAborted(signal, this.#inner.start());
    } catch (error) {
      await this.#inner.close(); // an event source would go on trying
      throw error;
    }
    this.#started = true;
    return this;
  }

  async send(message: WireMessage): Promise<void> {
    try {
      // The SDK types messages more narrowly than the envelope that is relayed.
      await this.#inner.send(message as never);
    } catch (error) {
      const answer = answerIn(error, message.id);
      const isOver = endsConnection(error, true);
      if (answer !== undefined && !isOver) return this.#events.onMessage(answer);
      if (isOver) this.#lost(error);
      throw error;
    }
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  close(): Promise<void> {
    this.#closing ??= this.#inner.close();
    return this.#closing;
  }

  /** The wire is of no use any more. */
  #lost(cause: unknown): void {
    if (this.#closing !== undefined) return;
    // Not at once: an event source sets its timer right after it has told of the loss.
    this.#closing = Promise.resolve().then(() => this.#inner.close());
    this.#events.onClosed(cause);
  }

  /** The connection is its stream. A bad message does not end it. */
  #onError(error: Error): void {
    if (this.#started && "event" in error) this.#lost(error);
  }
}
