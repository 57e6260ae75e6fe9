import { Hono } from "hono";
import {
  type Caller,
  type Config,
  endOf,
  type Features,
  GatewayError,
  type Management,
  toGatewayError,
  VERSION,
} from "../contracts/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { AccessLog, Logger, Readiness } from "../observability/mod.ts";
import type { Peer, Platform, RequestHandler } from "../platform/mod.ts";
import { json, toFailure } from "./envelope.ts";
import { type Callers, createCallers } from "./callers.ts";
import { checkHost, isLoopback } from "./guard.ts";
import { addFeatureRoutes } from "./feature_routes.ts";
import { type EventStreamOptions, serveEvents } from "./event_stream.ts";
import type { McpFigures } from "./metrics.ts";
import { requireJson, signIn, type SignInDoor, signOut } from "./sign_in.ts";
import { narrowBus } from "../management/mod.ts";
import { accessTo, missingKey, requireAdmin } from "./route_access.ts";
import { addRestRoutes, type AppEnv, methodsOf, noRoute } from "./rest.ts";

/** A file of the web UI. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** What the HTTP surface is built from. */
export interface HttpAppOptions {
  readonly platform: Platform;
  readonly management: Management;
  readonly config: () => Config;
  readonly apiKey: () => string;
  /** Aborted when the key in force now has been replaced; it never is when absent. */
  readonly keyEnded?: () => AbortSignal;
  /** Names the caller behind an agent token; `undefined` if it is none, throws if it has ended. */
  readonly identify: (token: string) => Caller | undefined;
  /** How browsers sign in. */
  readonly signIn: SignInDoor;
  /** Host part of the address listened on. */
  readonly listenHost: () => string;
  /** Answers requests to `/mcp`. */
  readonly mcp: (request: Request, caller: Caller, requestId: string) => Promise<Response>;
  /** Tells whether an answer of `mcp` carries the headers that every answer has. */
  readonly isComplete: (response: Response) => boolean;
  /** What the MCP endpoints have counted. */
  readonly mcpFigures: () => McpFigures;
  readonly readiness: Readiness;
  /** Aborted when the gateway begins to stop. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
  /** Gets every request; nobody does when absent. */
  readonly accessLog?: AccessLog;
  /** Features in use; the routes of the others say how to switch them on. */
  readonly features: Features;
  /** Gives the files of the UI by path below `/ui/`; `index.html` is the page. */
  readonly assets: () => Promise<ReadonlyMap<string, Asset>>;
  /** Where `/events` takes its events from. */
  readonly bus: EventBus;
}

const REQUEST_ID = /^[a-zA-Z0-9_-]{1,256}$/;
/** Calls are many: their URL is matched as it is, everything else is parsed. */
const MCP_URL = /^[^/]+\/\/[^/?#]+\/mcp(?:[/?#]|$)/;
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Creates the handler for both listeners: health, MCP, REST and UI. */
export function createHttpApp(options: HttpAppOptions): RequestHandler {
  const app = createRoutes(options);
  const { platform: { clock }, signIn: { isSession } } = options;
  const callers = createCallers({ ...options, clock, isSession });
  return async (request, peer) => {
    const startedAt = clock.monotonic();
    const requestId = idIn(request.headers, "x-request-id") ?? options.platform.random.uuid();
    const response = await route(options, { app, callers }, { request, peer, requestId });
    options.accessLog?.write({
      at: clock.now(),
      method: request.method,
      url: request.url,
      peer: peer.kind === "socket" ? "socket" : peer.hostname,
      userAgent: request.headers.get("user-agent"),
      status: response.status,
      tookMs: clock.monotonic() - startedAt,
      requestId,
    });
    // Calls are many, and headers set late cost more than headers made with their answer.
    if (options.isComplete(response)) return response;
    response.headers.set("x-request-id", requestId);
    response.headers.set("x-correlation-id", idIn(request.headers, "x-correlation-id") ?? requestId);
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

/** What is known of a request before it comes to its route. */
interface RequestFacts {
  readonly caller: Caller;
  readonly requestId: string;
  readonly correlationId?: string;
}

/** Creates the routes below the guard; what a request may is decided before it comes here. */
export function createRoutes(options: HttpAppOptions): Hono<AppEnv> {
  // Caller and request id travel as bindings, which Hono passes on as they are.
  const app = new Hono<AppEnv & { Bindings: RequestFacts }>({
    // By itself Hono decodes a path before it looks for its route; what is let in is judged by the one as it came.
    getPath: ({ url }) => new URL(url).pathname,
  });
  app.use(async (context, next) => {
    // Should the two rules ever differ, nobody gets further than without a route.
    if (context.env.caller === undefined && accessTo(context.req.path, options.features) !== "everyone") {
      throw missingKey();
    }
    context.set("caller", context.env.caller);
    context.set("requestId", context.env.requestId);
    context.set("correlationId", context.env.correlationId);
    await next();
  });
  const openApi = once(async () => (await import("./openapi.ts")).createOpenApi(VERSION));
  const docs = once(async () => (await import("./docs_page.ts")).createDocsAssets());
  app.get("/api/v1/openapi.json", async () => json(await openApi(), 200));
  app.get("/events", (context) => serveEvents(context.req.raw, eventSource(options, context.env.caller)));
  if (options.features.enable_web_ui) {
    app.post("/ui/sign-in", (context) => signIn(context.req.raw, options.signIn));
    app.post("/ui/sign-out", (context) => signOut(context.req.raw, options.signIn));
  }
  addFeatureRoutes(app, options.features, {
    enable_health_checks: {
      ...Object.fromEntries(
        ["/healthz", "/livez", "/health"].map((path) => [path, () => json({ status: "ok" }, 200)]),
      ),
      ...Object.fromEntries(["/readyz", "/ready"].map((path) => [path, () => ready(options)])),
    },
    enable_metrics: { "/metrics": () => metrics(options) },
    enable_web_ui: {
      "/": () => new Response(null, { status: 302, headers: { location: "/ui/" } }),
      "/ui/*": (url) => asset(options.assets(), url.pathname, "/ui/"),
      "/docs": () => new Response(null, { status: 302, headers: { location: "/docs/" } }),
      "/docs/*": (url) => asset(docs(), url.pathname, "/docs/"),
      "/swagger/*": () => new Response(null, { status: 302, headers: { location: "/docs/" } }),
    },
  });
  // The routes read variables only; the bindings are this function's own affair.
  const routes = app as unknown as Hono<AppEnv>;
  addRestRoutes(routes, options.management, options.stopping);
  app.notFound((context) => {
    const { pathname } = new URL(context.req.url);
    const methods = context.req.method === "OPTIONS" ? methodsOf(pathname) : [];
    if (methods.length > 0) {
      return new Response(null, { status: 204, headers: { allow: methods.join(", ") } });
    }
    throw noRoute(context.req.method, pathname);
  });
  app.onError((error, context) => fail(options, error, context.env.requestId));
  return routes;
}

/** Events as far as the caller reaches, until its right ends. */
function eventSource(options: HttpAppOptions, caller: Caller): EventStreamOptions {
  const { bus, platform: { clock }, stopping, management } = options;
  const snapshot = async () => ({
    status: await management.request("status.get", {}, { caller }),
    ...await management.request("servers.list", {}, { caller }),
  });
  const { scope } = caller;
  const ended = endOf(caller);
  return {
    bus: scope === undefined ? bus : narrowBus(bus, scope),
    clock,
    stopping: ended === undefined ? stopping : AbortSignal.any([stopping, ended]),
    snapshot,
  };
}

function ready({ readiness, stopping }: HttpAppOptions): Response {
  const { ready, ...state } = readiness.state();
  const isReady = ready && !stopping.aborted;
  return json({ ready: isReady, ...state }, isReady ? 200 : 503);
}

/** The module is loaded when somebody asks for the first time. */
async function metrics({ management, mcpFigures }: HttpAppOptions): Promise<Response> {
  const { serveMetrics } = await import("./metrics.ts");
  return await serveMetrics(management, mcpFigures());
}

/** Makes a value when it is first asked for, and keeps it. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

async function asset(
  assets: Promise<ReadonlyMap<string, Asset>>,
  path: string,
  below: string,
): Promise<Response> {
  const name = path.slice(below.length);
  const found = (await assets).get(name === "" ? "index.html" : name);
  if (found === undefined) throw noRoute("GET", path);
  return new Response(found.body, {
    headers: {
      "content-type": found.type,
      "cache-control": "no-cache",
      "content-security-policy": PAGE_POLICY,
      "referrer-policy": "no-referrer",
    },
  });
}

function fail(options: HttpAppOptions, thrown: unknown, requestId: string): Response {
  const error = toGatewayError(thrown);
  if (error.code === "MCPX_INTERNAL") {
    options.log.error("request failed unexpectedly", { requestId, cause: error.cause });
  }
  const response = toFailure(error, requestId);
  const { allow } = error.details;
  if (error.code === "MCPX_METHOD_NOT_ALLOWED" && typeof allow === "string") {
    response.headers.set("allow", allow);
  }
  return response;
}
