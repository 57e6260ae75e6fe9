import { Hono } from "hono";
import { type Caller, endOf, toGatewayError, toMs, VERSION } from "../contracts/mod.ts";
import { narrowBus } from "../management/mod.ts";
import type { BodyLimits } from "../platform/mod.ts";
import { json, toFailure } from "./envelope.ts";
import { EVENT_HEADERS, type EventStreamOptions, serveEvents } from "./event_stream.ts";
import { EventSeats } from "./event_seats.ts";
import { addFeatureRoutes } from "./feature_routes.ts";
import type { Asset, HttpAppOptions } from "./options.ts";
import { addRestRoutes, type AppEnv, methodsOf, noRoute } from "./rest.ts";
import { accessTo, missingKey } from "./route_access.ts";
import { signIn, signOut } from "./sign_in.ts";

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

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
    context.set("bodyLimits", bodyLimits(options));
    context.set("correlationId", context.env.correlationId);
    await next();
  });
  const openApi = once(async () => (await import("./openapi.ts")).createOpenApi(VERSION));
  const docs = once(async () => (await import("./docs_page.ts")).createDocsAssets());
  app.get("/api/v1/openapi.json", async () => json(await openApi(), 200));
  const seats = new EventSeats();
  app.get("/events", ({ req: { raw }, env: { caller } }) => {
    // Nobody would read the stream, and it would never end.
    if (raw.method === "HEAD") return new Response(null, { headers: EVENT_HEADERS });
    const onEnd = seats.take(caller);
    return serveEvents(raw, { ...eventSource(options, caller), onEnd });
  });
  if (options.features.enable_web_ui) {
    app.post("/ui/sign-in", (context) => signIn(context.req.raw, options.signIn, bodyLimits(options)));
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

function bodyLimits({ platform: { clock: timers }, config }: HttpAppOptions): BodyLimits {
  return { timers, limitMs: toMs(config().http_read_timeout) };
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
async function metrics({ management, mcpFigures, traffic }: HttpAppOptions): Promise<Response> {
  const { serveMetrics } = await import("./metrics.ts");
  return await serveMetrics(management, { mcp: mcpFigures(), traffic: traffic?.families() ?? [] });
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

/** The answer to what went wrong; what should not have been is logged. */
export function fail(options: HttpAppOptions, thrown: unknown, requestId: string): Response {
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
