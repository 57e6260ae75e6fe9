import { GatewayError, type ServerConfig } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { boundBody } from "./bounded_body.ts";
import { answerIn, endsConnection, StreamRefused } from "./http_status.ts";
import type { SendOptions, Transport, TransportEvents, WireMessage } from "./transport.ts";
import { settledWithin, untilAborted } from "./within.ts";

/** What an HTTP transport is opened with. */
export interface HttpOptions extends TransportEvents {
  readonly platform: Platform;
  readonly server: ServerConfig;
  readonly maxMessageBytes: number;
  /** Gives the opening up. */
  readonly signal: AbortSignal;
}

/** Best effort when saying goodbye; the server may be gone. */
const GOODBYE_MS = 2_000;
/** The standing stream comes and goes; losing it for good is no loss of the server. */
const STREAM_RETRIES = {
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 60_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 20,
};
/** A server may ask to be back at once; while it keeps asking, waits get longer. */
const HASTE = { leastMs: 100, mostMs: 2_000 };
/** With these a server refuses the stream of a session that it has forgotten. */
const STREAM_GONE = new Set([400, 404, 410]);

/** Opens a Streamable HTTP transport. Nothing is sent yet. */
export async function openStreamableHttp(options: HttpOptions): Promise<Transport> {
  const target = toTarget(options.server);
  // Loaded here and not above: it takes 100 ms, and stdio servers do not need it.
  const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const { platform: { clock }, signal } = options;
  let hadStream = false;
  const timers = openTimers(options.platform);
  const inner = new StreamableHTTPClientTransport(target.url, {
    requestInit: { headers: target.headers },
    fetch: boundedFetch(options, (method, { ok, status }) => {
      if (method !== "GET") return;
      if (hadStream && STREAM_GONE.has(status)) wire.lost(new StreamRefused(status));
      hadStream ||= ok;
    }),
    reconnectionOptions: STREAM_RETRIES,
    reconnectionScheduler: timers.schedule,
  });
  const wire = new HttpWire("streamable-http", inner, {
    events: options,
    hasSession: () => inner.sessionId !== undefined,
    release: () => timers[Symbol.dispose](),
    // The session is worth a word of goodbye, but not a wait.
    sayGoodbye: () => settledWithin(clock, GOODBYE_MS, inner.terminateSession()),
  });
  return await wire.open(signal);
}

/** Opens an SSE transport of the revisions before 2025-03-26; waits for its stream. */
export async function openSse(options: HttpOptions): Promise<Transport> {
  const target = toTarget(options.server);
  const { SSEClientTransport } = await import("@modelcontextprotocol/client");
  const send = boundedFetch(options, () => {});
  const inner = new SSEClientTransport(target.url, {
    requestInit: { headers: target.headers },
    fetch: send,
    eventSourceInit: { fetch: async (input, init) => await dropUnreadBody(await send(input, init)) },
  });
  const wire = new HttpWire("sse", inner, {
    events: options,
    hasSession: () => true,
    release: () => {},
    sayGoodbye: () => Promise.resolve(),
  });
  return await wire.open(options.signal);
}

function toTarget(
  { name, url = "", headers }: ServerConfig,
): { readonly url: URL; readonly headers: Headers } {
  try {
    return { url: new URL(url), headers: new Headers(headers) };
  } catch (cause) {
    // The words of the cause may hold a secret header.
    const wrong = URL.canParse(url) ? '"headers" has a name or value' : `"url" is ${JSON.stringify(url)}`;
    const wanted = URL.canParse(url) ? "ones that HTTP allows" : "a whole URL";
    throw new GatewayError(
      "MCPX_CONFIG_INVALID",
      `Cannot start server "${name}": ${wrong}, wanted ${wanted}`,
      { cause, details: { server: name } },
    );
  }
}

/** The SDK keeps only its last timer; all of them have to go with the connection. */
function openTimers({ clock }: Platform): Disposable & {
  readonly schedule: (act: () => void, delayMs: number) => () => void;
} {
  const timers = new Set<Disposable>();
  let lastAt = -Infinity;
  let leastMs = HASTE.leastMs;
  return {
    schedule(act, delayMs) {
      const now = clock.monotonic();
      leastMs = now - lastAt < HASTE.mostMs ? Math.min(leastMs * 2, HASTE.mostMs) : HASTE.leastMs;
      lastAt = now;
      const timer = clock.after(Math.max(delayMs, leastMs), () => {
        timers.delete(timer);
        act();
      });
      timers.add(timer);
      return () => timer[Symbol.dispose]();
    },
    [Symbol.dispose]() {
      for (const timer of timers) timer[Symbol.dispose]();
      timers.clear();
    },
  };
}

function boundedFetch(options: HttpOptions, onAnswer: (method: string, response: Response) => void) {
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const response = await options.platform.network.fetch(input, init);
    onAnswer(init.method ?? "GET", response);
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

/** The part of the SDK's transports that is used. */
interface SdkTransport {
  onmessage?: (message: never) => void;
  onerror?: (error: Error) => void;
  start(): Promise<void>;
  send(message: never, options?: object): Promise<void>;
  setProtocolVersion?(version: string): void;
  close(): Promise<void>;
}

interface WireParts {
  readonly events: TransportEvents;
  readonly hasSession: () => boolean;
  readonly release: () => void;
  readonly sayGoodbye: () => Promise<unknown>;
}

class HttpWire implements Transport {
  readonly wire: "streamable-http" | "sse";
  readonly pid = undefined;
  readonly #inner: SdkTransport;
  readonly #parts: WireParts;
  #started = false;
  #closing: Promise<void> | undefined;

  constructor(wire: "streamable-http" | "sse", inner: SdkTransport, parts: WireParts) {
    this.wire = wire;
    this.#inner = inner;
    this.#parts = parts;
  }

  async open(signal: AbortSignal): Promise<this> {
    this.#inner.onmessage = (message: WireMessage) => this.#parts.events.onMessage(message);
    this.#inner.onerror = (error) => this.#onError(error);
    try {
      await untilAborted(signal, this.#inner.start());
    } catch (error) {
      await this.#release(); // an event source would go on trying
      throw error;
    }
    this.#started = true;
    return this;
  }

  async send(message: WireMessage, options: SendOptions = {}): Promise<void> {
    try {
      // The SDK types messages more narrowly than the envelope that is relayed.
      await this.#inner.send(message as never, {
        requestSignal: options.signal,
        onRequestStreamEnd: options.onEnd,
      });
    } catch (error) {
      const answer = answerIn(error, message.id);
      const isOver = endsConnection(error, this.#parts.hasSession());
      if (answer !== undefined && !(isOver && this.#parts.hasSession())) {
        return this.#parts.events.onMessage(answer);
      }
      if (isOver) this.lost(error);
      throw error;
    }
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  /** The wire is of no use any more. */
  lost(cause: unknown): void {
    if (this.#closing !== undefined) return;
    // Not at once: an event source sets its timer right after it has told of the loss.
    this.#closing = Promise.resolve().then(() => this.#release());
    this.#parts.events.onClosed(cause);
  }

  close(): Promise<void> {
    this.#closing ??= this.#parts.sayGoodbye().then(() => this.#release());
    return this.#closing;
  }

  async #release(): Promise<void> {
    this.#parts.release();
    await this.#inner.close();
  }

  /** An SSE connection is its stream; a Streamable HTTP one lives on without. A bad message ends neither. */
  #onError(error: Error): void {
    if (this.wire === "sse" && this.#started && "event" in error) this.lost(error);
  }
}
