import { type Era, GatewayError, type ServerConfig, type ToolDefinition, wireOf } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { classifyFailure } from "./classify.ts";
import { type Agreement, shakeHands } from "./handshake.ts";
import { openSse, openStreamableHttp, statusOf } from "./http.ts";
import { listAllTools, type ListLimits } from "./list_tools.ts";
import { DEFAULT_GRACE, type StopGrace } from "./process_group.ts";
import { type RequestOptions, Rpc } from "./rpc.ts";
import { openStdio, type StdioTransport } from "./stdio.ts";
import type { Transport, TransportEvents } from "./transport.ts";

/** What a connection is opened with. */
export interface UpstreamOptions {
  readonly platform: Platform;
  /** With its secrets resolved. */
  readonly server: ServerConfig;
  /** The whole environment of a stdio server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Working directory of a stdio server. */
  readonly cwd: string | undefined;
  /** Gives the attempt up; nothing of it is left behind. */
  readonly signal: AbortSignal;
  /** Longest time for start and handshake. */
  readonly timeoutMs: number;
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly onNotification: (message: { readonly method: string; readonly params?: unknown }) => void;
  /** Lines for the log of the server. */
  readonly onStderr: (line: string) => void;
  /** Called once if the connection ends by itself. */
  readonly onClosed: (failure: GatewayError) => void;
  readonly limits?: Partial<ListLimits> & { readonly maxMessageBytes?: number };
  readonly stopGraceMs?: StopGrace;
}

/** An open connection to one server. */
export interface UpstreamConnection extends AsyncDisposable {
  readonly wire: Transport["wire"];
  readonly era: Era;
  readonly protocolVersion: string;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | undefined;
  /** Process id of a stdio server. */
  readonly pid: number | undefined;
  /** All tools; none for a server that has no tools. */
  listTools(signal?: AbortSignal): Promise<ToolDefinition[]>;
  /** Sends a request and gives its result as the server sent it. */
  request(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    options?: RequestOptions,
  ): Promise<unknown>;
  /** Checks that the server still answers. */
  ping(timeoutMs: number): Promise<void>;
  /** Ends the connection and waits until nothing of it is left. */
  close(): Promise<void>;
}

const LIMITS: ListLimits & { readonly maxMessageBytes: number } = {
  maxMessageBytes: 16 * 1024 * 1024,
  maxPages: 1_000,
  maxTools: 20_000,
  maxListBytes: 64 * 1024 * 1024,
};

/** Statuses with which a server that speaks only SSE answers a POST. */
const NOT_STREAMABLE = new Set([400, 404, 405]);

/**
 * Connects to a server and agrees on a revision with it.
 *
 * @throws {GatewayError} Classified; then nothing of the attempt is left.
 */
export async function openUpstream(options: UpstreamOptions): Promise<UpstreamConnection> {
  const wire = wireOf(options.server);
  if (wire === "stdio") {
    return await connect(options, (events) => Promise.resolve(openChild(options, events)));
  }
  const http = (open: typeof openSse) => connect(options, (events) => open({ ...options, ...events }));
  if (wire === "sse") return await http(openSse);
  try {
    return await http(openStreamableHttp);
  } catch (error) {
    if (wire === "streamable-http" || !mayBeSse(error)) throw error;
    return await http(openSse).catch(() => {
      throw error; // the newer wire is what the person most likely meant
    });
  }
}

function mayBeSse(error: unknown): boolean {
  const status = error instanceof GatewayError ? statusOf(error.cause) : undefined;
  return status !== undefined && NOT_STREAMABLE.has(status);
}

function openChild(options: UpstreamOptions, events: TransportEvents): StdioTransport {
  return openStdio({
    ...options,
    ...events,
    maxMessageBytes: options.limits?.maxMessageBytes ?? LIMITS.maxMessageBytes,
    grace: options.stopGraceMs ?? DEFAULT_GRACE,
  });
}

async function connect(
  options: UpstreamOptions,
  open: (events: TransportEvents) => Promise<Transport>,
): Promise<UpstreamConnection> {
  const { server, platform, signal } = options;
  signal.throwIfAborted();
  let agreed = false;
  const rpc = new Rpc({
    clock: platform.clock,
    name: server.name,
    onNotification: options.onNotification,
    toFailure: (thrown) => classifyFailure(server, thrown, agreed ? "use" : "connect"),
  });
  const events: TransportEvents = {
    onMessage: (message) => rpc.receive(message),
    onOversize: (id, sizeBytes) => onOversize(rpc, options, id, sizeBytes),
    onClosed(cause) {
      const failure = classifyFailure(server, cause, agreed ? "use" : "connect");
      rpc.close(failure);
      if (agreed) options.onClosed(failure);
    },
  };
  let transport: Transport | undefined;
  try {
    transport = await openWithin(options, () => open(events));
    rpc.attach(transport);
    const agreement = await shakeHands(rpc, transport, { ...options, name: server.name });
    agreed = true;
    return createConnection(options, { rpc, transport, agreement });
  } catch (error) {
    await transport?.close();
    if (signal.aborted) throw signal.reason;
    throw explainGarbage(server, transport, classifyFailure(server, error, "connect"));
  }
}

/** Opening an SSE stream waits for the server, so it is bounded like the handshake. */
async function openWithin(options: UpstreamOptions, open: () => Promise<Transport>): Promise<Transport> {
  const { platform: { clock }, timeoutMs, signal } = options;
  const late = Promise.withResolvers<never>();
  using _timer = clock.after(
    timeoutMs,
    () => late.reject(new DOMException("Opening took too long", "TimeoutError")),
  );
  const onAbort = () => late.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const opening = open();
  try {
    return await Promise.race([opening, late.promise]);
  } catch (error) {
    void opening.then((transport) => transport.close(), () => {}); // it may still open after nobody waits for it
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function onOversize(rpc: Rpc, options: UpstreamOptions, id: number | undefined, sizeBytes: number): void {
  const { name } = options.server;
  options.onStderr(`[mcpproxy] dropped a message of ${sizeBytes} bytes`);
  rpc.fail(
    id,
    new GatewayError(
      "MCPX_UPSTREAM_MESSAGE_TOO_LARGE",
      `Cannot take the answer of server "${name}": it has ${sizeBytes} bytes, wanted at most ${
        options.limits?.maxMessageBytes ?? LIMITS.maxMessageBytes
      }`,
      { details: { server: name } },
    ),
  );
}

/** A program that prints text where messages belong is no MCP server, however the attempt ended. */
function explainGarbage(
  server: ServerConfig,
  transport: Transport | undefined,
  error: GatewayError,
): GatewayError {
  const printed = transport !== undefined && "sawGarbage" in transport &&
    (transport as StdioTransport).sawGarbage(); // only stdio has it
  const isVague = error.code === "MCPX_STDIO_HANDSHAKE_TIMEOUT" ||
    (error.code === "MCPX_STDIO_EXIT_BEFORE_INITIALIZE" && error.details.exit_code === 0);
  if (!printed || !isVague) return error;
  return new GatewayError(
    "MCPX_STDIO_HANDSHAKE_INVALID",
    `Cannot start server "${server.name}": its program prints text where MCP messages belong`,
    {
      remedy: `See what it prints: mcpproxy upstream logs ${server.name}`,
      cause: error,
      details: error.details,
    },
  );
}

interface Parts {
  readonly rpc: Rpc;
  readonly transport: Transport;
  readonly agreement: Agreement;
}

function createConnection(
  options: UpstreamOptions,
  { rpc, transport, agreement }: Parts,
): UpstreamConnection {
  const { server } = options;
  const limits = { ...LIMITS, ...options.limits };
  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    rpc.close(
      new GatewayError(
        "MCPX_UPSTREAM_CLOSED",
        `Cannot use server "${server.name}": its connection was closed`,
        {
          details: { server: server.name },
        },
      ),
    );
    closing ??= transport.close();
    return closing;
  }
  return {
    ...agreement,
    wire: transport.wire,
    pid: transport.pid,
    async listTools(signal) {
      if (agreement.capabilities.tools === undefined) return [];
      return await listAllTools(rpc, { name: server.name, limits, signal, onNote: options.onStderr });
    },
    request: (method, params, requestOptions) => rpc.request(method, params, requestOptions),
    async ping(timeoutMs) {
      await rpc.request(agreement.era === "legacy" ? "ping" : "server/discover", {}, { timeoutMs });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
