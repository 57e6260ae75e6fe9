import type { Context, Hono } from "hono";
import {
  type Caller,
  didYouMean,
  endOf,
  GatewayError,
  LEFT_OUT_ROUTES,
  type LogLine,
  type Management,
  type RequestOptions,
  type Verb,
  type VerbInput,
  type VerbName,
  VERBS,
  whyLeftOut,
} from "../contracts/mod.ts";
import { serveExport } from "./activity_export.ts";
import type { BodyLimits } from "../platform/mod.ts";
import { readJsonText, toObject } from "./body.ts";
import { toJsonBody, toSuccess } from "./envelope.ts";
import { TaggedBodies } from "./tagged.ts";
import { isUpload, readUpload } from "./upload.ts";

const BASE = "/api/v1";

/** What the handlers find on the request. */
export interface AppEnv {
  readonly Variables: {
    caller: Caller;
    requestId: string;
    correlationId: string | undefined;
    bodyLimits: BodyLimits;
  };
}

/** Puts every verb of the contract on its routes. */
export function addRestRoutes(app: Hono<AppEnv>, management: Management, stopping: AbortSignal): void {
  // Before the verbs: one of them takes any word in this place.
  app.get(
    `${BASE}/activity/export`,
    (context) => serveExport(management, context.req.query(), requestOf(context)),
  );
  const bodies = new TaggedBodies();
  for (const name of VERB_NAMES) {
    for (const { method, path } of routesOf(name)) {
      app.on(
        method,
        BASE + path.replace(/\{(\w+)\}/g, ":$1"),
        (context) => serve(context, { management, stopping, name, bodies }),
      );
    }
  }
}

const VERB_NAMES = Object.keys(VERBS) as readonly VerbName[]; // the keys of VERBS are its names

function routesOf(name: VerbName) {
  const verb: Verb = VERBS[name];
  return [{ method: verb.method, path: verb.path }, ...(verb.aliases ?? [])];
}

interface Route {
  readonly management: Management;
  /** Aborted when the gateway begins to stop. */
  readonly stopping: AbortSignal;
  readonly name: VerbName;
  readonly bodies: TaggedBodies;
}

async function serve(context: Context<AppEnv>, route: Route): Promise<Response> {
  const { management, name } = route;
  const request = requestOf(context);
  if (name === "servers.logs" && context.req.query("follow") === "true") {
    return followLogs(context, route);
  }
  // The service checks the input against the verb's own schema; here it is any JSON.
  const input = await readInput(context, name) as VerbInput<VerbName>;
  const output = await management.request(name, input, request);
  const verb: Verb = VERBS[name];
  const known = context.req.header("if-none-match");
  if (verb.etag) return withTag(`"${Reflect.get(Object(output), "hash")}"`, known, () => toSuccess(output));
  if (!verb.tagged) return toSuccess(output);
  const { tag, text } = route.bodies.write(name, output);
  return withTag(`"${tag}"`, known, () => toJsonBody(text));
}

/** Who asks, and until when. */
function requestOf(context: Context<AppEnv>): RequestOptions {
  const caller = context.get("caller");
  const { signal: left } = context.req.raw;
  // Whoever loses the right to ask loses the answer, too.
  const signal = caller.scope === undefined ? left : AbortSignal.any([left, caller.scope.ended]);
  const correlationId = context.get("correlationId");
  return { caller, signal, requestId: context.get("requestId"), from: { correlationId } };
}

/** Lets a client ask whether what it has is still so, and write only if it is. */
function withTag(tag: string, known: string | undefined, toAnswer: () => Response): Response {
  const isKnown =
    known?.split(",").some((one) => [tag, "*"].includes(one.trim().replace(/^W\//, ""))) === true;
  const response = isKnown ? new Response(null, { status: 304 }) : toAnswer();
  response.headers.set("etag", tag);
  response.headers.set("cache-control", "private, no-cache");
  return response;
}

async function readInput(context: Context<AppEnv>, name: VerbName): Promise<unknown> {
  const params = context.req.param();
  const { method, body, etag, upload }: Verb = VERBS[name];
  const query = context.req.query();
  if (method === "GET" || method === "DELETE") return { ...query, ...params };
  if (upload === true && isUpload(context.req.raw)) {
    return {
      ...together(query, await readUpload(context.req.raw, context.get("bodyLimits"))),
      ...params,
    };
  }
  const text = await readJsonText(context.req.raw, context.get("bodyLimits"));
  const ifMatch = etag === undefined ? undefined : context.req.header("if-match");
  const condition = ifMatch === undefined ? {} : { if_match: ifMatch };
  if (body?.as === "text") return { ...together(query, { [body.field]: text }), ...params, ...condition };
  const value = toObject(text);
  return body === undefined
    ? { ...together(query, value), ...params }
    : { ...together(query, { [body.field]: value }), ...params, ...condition };
}

type Fields = Readonly<Record<string, unknown>>;

/** A field may stand in the URL or in the body. Nothing in the URL is passed over: it may say "only look". */
function together(query: Fields, body: Fields): Fields {
  const twice = Object.keys(query).find((key) => Object.hasOwn(body, key));
  if (twice === undefined) return { ...query, ...body };
  throw new GatewayError("MCPX_INVALID_INPUT", `Cannot read "${twice}": it is in the URL and in the body`, {
    remedy: "Put it into one of them",
  });
}

/** One JSON text a line, as long as the client listens. */
async function followLogs(context: Context<AppEnv>, { management, stopping }: Route): Promise<Response> {
  const name = context.req.param("name") ?? "";
  const tail = Number(context.req.query("tail") ?? 50);
  const caller = context.get("caller");
  // Checks right, name and number before the first byte of a stream is out.
  await management.request("servers.logs", { name, tail }, { caller });
  const left = new AbortController();
  const ends = [left.signal, stopping, endOf(caller)].filter((signal) => signal !== undefined);
  const lines = management.followLogs({ name, tail }, AbortSignal.any(ends))
    [Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      // Without a first byte the client would not see the headers before the first line.
      controller.enqueue(encoder.encode("\n"));
    },
    async pull(controller) {
      const { done, value }: IteratorResult<LogLine> = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(JSON.stringify(value) + "\n"));
    },
    cancel: () => left.abort(new DOMException("The client stopped listening", "AbortError")),
  });
  return new Response(body, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  });
}

/** Methods of a path, by Hono's rule that HEAD goes where GET does; none if no route has the path. */
export function methodsOf(path: string): string[] {
  const own = VERB_NAMES.flatMap(routesOf)
    .filter((route) => toPattern(route.path).test(path))
    .map(({ method }) => method);
  const other = OTHER_PATHS.includes(path) ? ["GET"] : [];
  const methods = new Set([...own, ...other]);
  if (methods.size === 0) return [];
  return [...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"];
}

/** Routes with GET alone that are no verbs. */
const OTHER_PATHS = [
  `${BASE}/activity/export`,
  "/events",
  "/metrics",
  "/healthz",
  "/livez",
  "/health",
  "/readyz",
  "/ready",
  `${BASE}/openapi.json`,
];

/** Says what is wrong with a path that no route answers. */
export function noRoute(method: string, path: string): GatewayError {
  const methods = methodsOf(path).join(", ");
  const shown = path.slice(0, 200);
  if (methods !== "") {
    return new GatewayError(
      "MCPX_METHOD_NOT_ALLOWED",
      `Cannot ${method} "${shown}": the route has ${methods}`,
      {
        details: { allow: methods },
      },
    );
  }
  const why = whyLeftOut(LEFT_OUT_ROUTES, `${method} ${path.replace(BASE, "")}`);
  if (why !== undefined) {
    return new GatewayError("MCPX_ROUTE_NOT_FOUND", `Cannot ${method} "${shown}": ${why}`);
  }
  const known = [...VERB_NAMES.flatMap(routesOf).map((route) => BASE + route.path), ...OTHER_PATHS];
  return new GatewayError(
    "MCPX_ROUTE_NOT_FOUND",
    `Cannot ${method} "${shown}": there is no such route${didYouMean(path, new Set(known))}`,
  );
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${BASE}${path.replace(/\{\w+\}/g, "[^/]+")}$`);
}
