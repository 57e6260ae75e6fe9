import type { Hono } from "hono";
import { type Caller, GatewayError } from "../contracts/mod.ts";
import type { Peer, RequestHandler } from "../platform/mod.ts";
import { type Callers, createCallers } from "./callers.ts";
import { checkHost, isLoopback } from "./guard.ts";
import type { HttpAppOptions } from "./options.ts";
import type { AppEnv } from "./rest.ts";
import { accessTo, missingKey, requireAdmin } from "./route_access.ts";
import { createRoutes, fail } from "./routes.ts";
import { requireJson } from "./sign_in.ts";

const REQUEST_ID = /^[a-zA-Z0-9_-]{1,256}$/;
/** Calls are many: their URL is matched as it is, everything else is parsed. */
const MCP_URL = /^[^/]+\/\/[^/?#]+\/mcp(?:[/?#]|$)/;
/** Creates the handler for both listeners: health, MCP, REST and UI. */
export function createHttpApp(options: HttpAppOptions): RequestHandler {
  const app = createRoutes(options);
  const { platform: { clock }, signIn: { isSession } } = options;
  const callers = createCallers({ ...options, clock, isSession });
  return async (request, peer) => {
    const startedAt = clock.monotonic();
    const { headers, method, url } = request;
    const requestId = idIn(headers, "x-request-id") ?? options.platform.random.uuid();
    const userAgent = headers.get("user-agent");
    const response = await route(options, { app, callers }, { request, peer, requestId });
    const tookMs = clock.monotonic() - startedAt;
    const { status } = response;
    options.traffic?.request(method, url, { status, tookMs });
    options.accessLog?.write({
      at: clock.now(),
      method,
      url,
      peer: peer.kind === "socket" ? "socket" : peer.hostname,
      userAgent,
      status,
      tookMs,
      requestId,
    });
    // Calls are many, and headers set late cost more than headers made with their answer.
    if (options.isComplete(response)) return response;
    response.headers.set("x-request-id", requestId);
    response.headers.set("x-correlation-id", idIn(headers, "x-correlation-id") ?? requestId);
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  };
}

/** The name that a client gives to its request; one that could do harm in a log is none. */
function idIn(headers: Headers, name: string): string | undefined {
  const sent = headers.get(name);
  return sent !== null && REQUEST_ID.test(sent) ? sent : undefined;
}

interface Incoming {
  readonly request: Request;
  readonly peer: Peer;
  readonly requestId: string;
}

interface Inside {
  readonly app: Hono<AppEnv>;
  readonly callers: Callers;
}

async function route(
  options: HttpAppOptions,
  { app, callers }: Inside,
  incoming: Incoming,
): Promise<Response> {
  const { request, peer, requestId } = incoming;
  try {
    checkHost({
      peer,
      url: request.url,
      headers: request.headers,
      listenHost: options.listenHost(),
      trustedHosts: options.config().trusted_hosts,
    });
    if (MCP_URL.test(request.url)) {
      refuseWhenStopping(options);
      return await options.mcp(
        request,
        mcpCaller(options, callers.byKey(peer, request.headers), peer),
        requestId,
      );
    }
    const { pathname } = new URL(request.url);
    const access = accessTo(pathname, options.features);
    if (access === "everyone") return await app.fetch(request, { requestId });
    refuseWhenStopping(options);
    const caller = callers.byKey(peer, request.headers) ?? browserOf(callers, request);
    if (caller === undefined) throw missingKey();
    if (access === "admin") requireAdmin(caller, pathname);
    const correlationId = idIn(request.headers, "x-correlation-id");
    return await app.fetch(request, { caller: bySurface(caller, request), requestId, correlationId });
  } catch (thrown) {
    return fail(options, thrown, requestId);
  }
}

function refuseWhenStopping({ stopping }: HttpAppOptions): void {
  if (!stopping.aborted) return;
  throw new GatewayError("MCPX_SHUTTING_DOWN", "Cannot accept the request: mcpproxy is shutting down");
}

/** Without a key, `/mcp` is open to this machine only and only if the config says so, and never as an admin. */
function mcpCaller(options: HttpAppOptions, caller: Caller | undefined, peer: Peer): Caller {
  const address = peer.kind === "tcp" ? peer.hostname : undefined;
  if (caller !== undefined) return { ...caller, surface: "mcp", address };
  if (!options.config().require_mcp_auth && isLoopback(peer)) {
    return { role: "agent", label: "loopback", surface: "mcp", address };
  }
  throw missingKey();
}

/** A browser sends its cookie by itself, so what it changes must be asked for in a way that no form can. */
function browserOf(callers: Callers, request: Request): Caller | undefined {
  const caller = callers.byCookie(request.headers);
  if (caller !== undefined && !/^(?:GET|HEAD)$/.test(request.method)) requireJson(request);
  return caller;
}

/** What a client calls itself is told in records, and decides nothing. */
function bySurface(caller: Caller, { headers }: Request): Caller {
  return headers.get("x-mcpproxy-client")?.startsWith("cli/") === true
    ? { ...caller, surface: "cli" }
    : caller;
}
