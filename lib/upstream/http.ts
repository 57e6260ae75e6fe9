import type { ServerConfig } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { SendOptions, Transport, TransportEvents, WireMessage } from "./transport.ts";

/** What an HTTP transport is opened with. */
export interface HttpOptions extends TransportEvents {
  readonly platform: Platform;
  readonly server: ServerConfig;
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

/** Statuses of a request that say the session is over. */
const SESSION_ENDED = new Set([404, 410]);

/** Opens a Streamable HTTP transport. Nothing is sent yet. */
export async function openStreamableHttp(options: HttpOptions): Promise<Transport> {
  // Loaded here and not above: it takes 100 ms, and stdio servers do not need it.
  const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const { platform, server } = options;
  const inner = new StreamableHTTPClientTransport(new URL(server.url ?? ""), {
    requestInit: { headers: server.headers },
    fetch: (input, init) => platform.network.fetch(input, init),
    reconnectionOptions: STREAM_RETRIES,
  });
  return await wrap("streamable-http", inner, options, async () => {
    // The session is worth a word of goodbye, but not a wait.
    const bye = inner.terminateSession().catch(() => {});
    const enough = Promise.withResolvers<void>();
    using _timer = platform.clock.after(GOODBYE_MS, enough.resolve);
    await Promise.race([bye, enough.promise]);
  });
}

/** Opens an SSE transport of the revisions before 2025-03-26; waits for its stream. */
export async function openSse(options: HttpOptions): Promise<Transport> {
  const { SSEClientTransport } = await import("@modelcontextprotocol/client");
  const { platform, server } = options;
  const fetch = (input: string | URL, init?: RequestInit) => platform.network.fetch(input, init);
  const inner = new SSEClientTransport(new URL(server.url ?? ""), {
    requestInit: { headers: server.headers },
    eventSourceInit: {
      fetch: (input, init) =>
        fetch(input, { ...init, headers: { ...server.headers, accept: "text/event-stream" } }),
    },
    fetch,
  });
  return await wrap("sse", inner, options, () => Promise.resolve());
}

/** The part of the SDK's transports that is used. */
interface SdkTransport {
  onmessage?: (message: never) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  start(): Promise<void>;
  send(message: never, options?: object): Promise<void>;
  setProtocolVersion?(version: string): void;
  close(): Promise<void>;
}

async function wrap(
  wire: "streamable-http" | "sse",
  inner: SdkTransport,
  events: TransportEvents,
  sayGoodbye: () => Promise<void>,
): Promise<Transport> {
  let closing: Promise<void> | undefined;
  const lost = (cause: unknown) => {
    if (closing !== undefined) return;
    closing = inner.close();
    events.onClosed(cause);
  };
  inner.onmessage = (message: WireMessage) => events.onMessage(message);
  // An SSE connection is its stream; a Streamable HTTP one lives on without.
  inner.onerror = (error) => {
    if (wire === "sse" && started) lost(error);
  };
  let started = false;
  await inner.start();
  started = true;
  return {
    wire,
    pid: undefined,
    async send(message, options: SendOptions = {}) {
      try {
        // The SDK types messages more narrowly than the envelope that is relayed.
        await inner.send(message as never, {
          requestSignal: options.signal,
          onRequestStreamEnd: options.onEnd,
        });
      } catch (error) {
        if (isSessionEnd(error)) lost(error);
        throw error;
      }
    },
    setProtocolVersion: (version) => inner.setProtocolVersion?.(version),
    close() {
      closing ??= sayGoodbye().then(() => inner.close());
      return closing;
    },
  };
}

/** HTTP status of an SDK error, wherever it keeps it. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("status" in error && typeof error.status === "number") return error.status;
  if ("data" in error) return statusOf(error.data);
  if (error instanceof Error && error.name === "UnauthorizedError") return 401;
  if ("code" in error && typeof error.code === "number" && error.code >= 400 && error.code < 600) {
    return error.code;
  }
  return undefined;
}

function isSessionEnd(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return SESSION_ENDED.has(status);
  // The network itself failed: fetch throws a TypeError.
  return error instanceof TypeError;
}
