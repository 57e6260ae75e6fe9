import { GatewayError, type ServerConfig, wireOf } from "../contracts/mod.ts";
import { openDeadline, untilAborted } from "../platform/mod.ts";
import { classifyFailure } from "./classify.ts";
import type { UpstreamConnection, UpstreamOptions } from "./connection_types.ts";
import { type Agreement, shakeHands } from "./handshake.ts";
import { openSse } from "./http.ts";
import { statusOf } from "./http_status.ts";
import { listAllOffers, listAllTools, type ListLimits, type ListOptions } from "./list_tools.ts";
import { listenLegacy, listenModern } from "./listening.ts";
import { createMirror } from "./mirror.ts";
import { DEFAULT_GRACE } from "./process_group.ts";
import { Rpc } from "./rpc.ts";
import { isUnknownMethod } from "./rpc_error.ts";
import { openStdio, type StdioTransport } from "./stdio.ts";
import { openStreamable } from "./streamable.ts";
import { tell } from "./tell.ts";
import type { Transport, TransportEvents } from "./transport.ts";

const LIMITS: ListLimits = {
  maxMessageBytes: 16 * 1024 * 1024,
  maxPages: 1_000,
  maxTools: 20_000,
  maxListBytes: 64 * 1024 * 1024,
};

/** Statuses with which a server that speaks only SSE answers a POST. */
const NOT_STREAMABLE = new Set([400, 404, 405]);

/** Opens a wire that tells what happens on it. */
type Open = (events: TransportEvents & { readonly signal: AbortSignal }) => Promise<Transport>;

/**
 * Connects to a server and agrees on a revision with it.
 *
 * @throws {GatewayError} Classified; then nothing of the attempt is left.
 * @throws The reason of `signal`, likewise.
 */
export async function openUpstream(given: UpstreamOptions): Promise<UpstreamConnection> {
  const options = withSafeListeners(given);
  options.signal.throwIfAborted();
  using deadline = openDeadline(options.platform.clock, options.timeoutMs, {
    parent: options.signal,
    onExpired: () => new DOMException("Start and handshake took too long", "TimeoutError"),
  });
  const attempt = (open: Open) => connect(options, deadline.signal, open);
  const common = { ...options, maxMessageBytes: options.limits?.maxMessageBytes ?? LIMITS.maxMessageBytes };
  const wire = wireOf(options.server);
  if (wire === "stdio") {
    const grace = options.stopGraceMs ?? DEFAULT_GRACE;
    return await attempt((events) => Promise.resolve(openStdio({ ...common, ...events, grace })));
  }
  const sse: Open = (events) => openSse({ ...common, ...events });
  if (wire === "sse") return await attempt(sse);
  try {
    return await attempt((events) => Promise.resolve(openStreamable({ ...common, ...events })));
  } catch (error) {
    if (wire === "streamable-http" || !mayBeSse(error)) throw error;
    return await attempt(sse).catch((second) => {
      // The newer wire is what the person most likely meant.
      throw options.signal.aborted ? second : error;
    });
  }
}

function mayBeSse(error: unknown): boolean {
  const status = error instanceof GatewayError ? statusOf(error.cause) : undefined;
  return status !== undefined && NOT_STREAMABLE.has(status);
}

function withSafeListeners(options: UpstreamOptions): UpstreamOptions {
  return {
    ...options,
    onNotification: (message) => tell(options.onNotification, message),
    onStderr: (line) => tell(options.onStderr, line),
    onClosed: (failure) => tell(options.onClosed, failure),
  };
}

async function connect(
  options: UpstreamOptions,
  signal: AbortSignal,
  open: Open,
): Promise<UpstreamConnection> {
  const { server, platform } = options;
  let agreed = false;
  const toFailure = (thrown: unknown) => classifyFailure(server, thrown, agreed ? "use" : "connect");
  const rpc = new Rpc({
    clock: platform.clock,
    name: server.name,
    peer: options.peer,
    onNotification: options.onNotification,
    onStray: (method) =>
      options.onStderr(`[mcpproxy] dropped ${method}: it is not known which of several clients it is for`),
    onForged: (count) => {
      if (isWorthTelling(count)) {
        options.onStderr(`[mcpproxy] dropped an answer to a request that nobody asked: ${count} so far`);
      }
      if (count === MAX_FORGED) breakOff(forgesAnswers(server.name));
    },
    toFailure,
  });
  let transport: Transport | undefined;
  let settled: Promise<void> | undefined;
  function breakOff(failure: GatewayError): void {
    rpc.close(failure);
    void transport?.close();
    if (agreed) options.onClosed(failure);
  }
  try {
    transport = await open({
      signal,
      onMessage: (message, related) => rpc.receive(message, related),
      onOversize: (id, sizeBytes) => onOversize(rpc, options, id, sizeBytes),
      isAwaited: (id) => rpc.awaits(id),
      onUnasked: createUnaskedNotice(options),
      onClosed(cause, exchanges) {
        const failure = toFailure(cause);
        rpc.retire(failure);
        if (exchanges === undefined) rpc.close(failure);
        settled = exchanges?.then(() => rpc.close(failure));
        if (agreed) options.onClosed(failure);
      },
    });
    rpc.attach(transport);
    const agreement = await untilAborted(
      signal,
      shakeHands(rpc, transport, {
        clientCapabilities: {},
        ...options,
        name: server.name,
        signal,
      }),
    );
    // It may have ended in the middle of a handshake that did not need it any more.
    if (rpc.closed !== undefined) throw rpc.closed;
    agreed = true;
    return createConnection(options, { rpc, transport, agreement, settled: () => settled });
  } catch (error) {
    rpc.close(toFailure(error));
    await transport?.close();
    if (options.signal.aborted) throw options.signal.reason;
    throw explainGarbage(server, transport, toFailure(error));
  }
}

/** So many answers to requests that were never made are no mistake. */
const MAX_FORGED = 1_000;

function forgesAnswers(name: string): GatewayError {
  return new GatewayError(
    "MCPX_UPSTREAM_PROTOCOL",
    `Cannot use server "${name}": it has answered ${MAX_FORGED} requests that nobody made`,
    { remedy: `See what it prints: mcpproxy upstream logs ${name}`, details: { server: name } },
  );
}

/** The first, the tenth, the hundredth: a log is no place for a flood. */
function isWorthTelling(count: number): boolean {
  return /^10*$/.test(String(count));
}

function createUnaskedNotice({ onStderr }: UpstreamOptions): (sizeBytes: number) => void {
  let count = 0;
  return (sizeBytes) => {
    if (!isWorthTelling(++count)) return;
    onStderr(`[mcpproxy] dropped a message of ${sizeBytes} bytes that nobody asked for: ${count} so far`);
  };
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
  /** Set once the wire is lost and its exchanges come to their own end. */
  readonly settled: () => Promise<void> | undefined;
}

function createConnection(
  options: UpstreamOptions,
  { rpc, transport, agreement, settled }: Parts,
): UpstreamConnection {
  const { server } = options;
  const limits = { ...LIMITS, ...options.limits };
  const { capabilities, era } = agreement;
  const mirror = createMirror(era === "modern" && transport.wire !== "stdio", options.onStderr);
  const listening = era === "legacy"
    ? listenLegacy({ rpc })
    : listenModern({ clock: options.platform.clock, rpc, capabilities });
  const listOptions = (signal: AbortSignal | undefined): ListOptions => ({
    name: server.name,
    limits,
    signal,
    onNote: options.onStderr,
  });
  let closing: Promise<void> | undefined;
  function end(): Promise<void> {
    const why = `Cannot use server "${server.name}": its connection was closed`;
    rpc.close(new GatewayError("MCPX_UPSTREAM_CLOSED", why, { details: { server: server.name } }));
    return transport.close();
  }
  function close(): Promise<void> {
    listening[Symbol.dispose]();
    const exchanges = settled();
    closing ??= exchanges === undefined ? end() : exchanges.then(end);
    return closing;
  }
  return {
    ...agreement,
    wire: transport.wire,
    pid: transport.pid,
    async listTools(signal) {
      if (capabilities.tools === undefined) return [];
      return mirror.learn(await listAllTools(rpc, listOptions(signal)));
    },
    async listOffers(kind, signal) {
      if (capabilities[kind === "prompts" ? "prompts" : "resources"] === undefined) return [];
      try {
        return await listAllOffers(rpc, kind, listOptions(signal));
      } catch (error) {
        // Many servers have resources and know nothing of templates.
        if (kind === "resourceTemplates" && isUnknownMethod(error)) return [];
        throw error;
      }
    },
    subscribe: (uri) => listening.subscribe(uri),
    unsubscribe: (uri) => listening.unsubscribe(uri),
    notify: (method, params) => void rpc.notify(method, params).catch(() => {}),
    request: (method, params, requestOptions = {}) =>
      mirror.request(
        method,
        params,
        requestOptions,
        (headers) =>
          rpc.request(
            method,
            params,
            headers === undefined ? requestOptions : { ...requestOptions, headers },
          ),
      ),
    async ping(timeoutMs) {
      const method = era === "legacy" ? "ping" : "server/discover";
      await rpc.request(method, {}, { timeoutMs }).catch((error) => {
        // Some servers do not know "ping"; that they say so is a sign of life.
        if (!isUnknownMethod(error)) throw error;
      });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
