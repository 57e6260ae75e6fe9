import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type Features,
  GatewayError,
  type Management,
  resolveFeatures,
  type VerbName,
  VERBS,
} from "../../../lib/contracts/mod.ts";
import { createEventBus } from "../../../lib/events/mod.ts";
import { createHttpApp } from "../../../lib/http/mod.ts";
import { renderMetrics } from "../../../lib/http/metrics.ts";
import { createReadiness, type Logger } from "../../../lib/observability/mod.ts";
import { createSignIn } from "../../../lib/security/mod.ts";
import { parseConfig } from "../../../lib/config/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { serverView, statusOf } from "../cli/fakes.ts";

interface Asked {
  readonly verb: VerbName;
  readonly input: unknown;
}

const silent: Logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger; // only these are called

/** The app over a fake Management; requests come over TCP with the key unless they say otherwise. */
function openApp(
  answers: Readonly<Partial<Record<VerbName, unknown>>> = {},
  features: Features = resolveFeatures({}),
) {
  const asked: Asked[] = [];
  const loaded: string[] = [];
  const platform = createDenoPlatform();
  const management: Management = {
    kind: "local",
    request: (verb, input) => {
      asked.push({ verb, input });
      const answer = answers[verb];
      return answer instanceof GatewayError ? Promise.reject(answer) : Promise.resolve(answer as never); // in its shape
    },
    async *followLogs() {},
    async *followEvents() {},
    async *exportActivity() {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const { config } = parseConfig("{}", "/x");
  const handler = createHttpApp({
    platform,
    isComplete: () => false,
    mcpFigures: () => ({ sessions: 2, faults: new Map([[-32602, 3]]) }),
    management,
    config: () => config,
    apiKey: () => "key",
    identify: () => undefined,
    signIn: createSignIn(platform),
    listenHost: () => "127.0.0.1",
    mcp: () => Promise.resolve(new Response("mcp")),
    readiness: createReadiness(),
    stopping: new AbortController().signal,
    log: silent,
    features,
    assets: () => {
      loaded.push("assets");
      return Promise.resolve(new Map([["index.html", { type: "text/html", body: "<p>page" }]]));
    },
    bus: createEventBus(platform.clock),
  });
  const ask = async (path: string, init: RequestInit & { bare?: true } = {}) => {
    const headers = new Headers(init.headers);
    headers.set("host", "127.0.0.1");
    if (init.bare === undefined) headers.set("x-api-key", "key");
    const request = new Request(`http://127.0.0.1${path}`, { ...init, headers });
    return await handler(request, { kind: "tcp", hostname: "127.0.0.1", port: 1 });
  };
  return { ask, asked, loaded };
}

const JSON_BODY = { "content-type": "application/json" };

Deno.test("createHttpApp() gives the hash as ETag and takes If-Match and If-None-Match", async () => {
  const { ask, asked } = openApp({ "config.get": { hash: "h1" }, "config.patch": { hash: "h2" } });

  const read = await ask("/api/v1/config?view=effective");
  strictEqual(read.headers.get("etag"), '"h1"');
  strictEqual((await read.json()).data.hash, "h1");
  for (const known of ['"h1"', 'W/"h1", "x"']) {
    const same = await ask("/api/v1/config", { headers: { "if-none-match": known } });
    deepStrictEqual([same.status, await same.text(), same.headers.get("etag")], [304, "", '"h1"']);
  }
  const patched = await ask("/api/v1/config", {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json", "if-match": '"h1"' },
    body: '{"tools_limit":3}',
  });
  strictEqual(patched.headers.get("etag"), '"h2"');
  await patched.body?.cancel();
  deepStrictEqual(asked[0], { verb: "config.get", input: { view: "effective" } });
  deepStrictEqual(asked.at(-1), {
    verb: "config.patch",
    input: { patch: { tools_limit: 3 }, if_match: '"h1"' },
  });
});

Deno.test("createHttpApp() hands the text of a config on as it came, by PUT and by the older route", async () => {
  const { ask, asked } = openApp({ "config.replace": { hash: "h" }, "config.validate": { valid: true } });
  const body = '{\n  // with a comment\n  "listen": "x"\n}';
  for (const [method, path] of [["PUT", "/config"], ["POST", "/config/apply"]] as const) {
    const response = await ask(`/api/v1${path}`, { method, headers: JSON_BODY, body });
    strictEqual(response.status, 200);
    await response.body?.cancel();
    deepStrictEqual(asked.at(-1), { verb: "config.replace", input: { text: body } });
  }
  const empty = await ask("/api/v1/config/validate", { method: "POST" });
  await empty.body?.cancel();
  deepStrictEqual(asked.at(-1), { verb: "config.validate", input: { text: "" } });
  const wrong = await ask("/api/v1/config", { method: "PUT", body });
  strictEqual(wrong.status, 415);
  match((await wrong.json()).error, /Content-Type/);
  const conflict = openApp({
    "config.replace": new GatewayError("MCPX_CONFIG_CONFLICT", "Cannot do it: no"),
  });
  const refused = await conflict.ask("/api/v1/config", { method: "PUT", headers: JSON_BODY, body });
  deepStrictEqual([refused.status, (await refused.json()).code], [412, "MCPX_CONFIG_CONFLICT"]);
  const method = await ask("/api/v1/config", { method: "DELETE" });
  strictEqual(method.headers.get("allow"), "GET, PUT, PATCH, HEAD, OPTIONS");
  await method.body?.cancel();
});

Deno.test("createHttpApp() passes over nothing that a URL says, also where a body says the rest", async () => {
  const { ask, asked } = openApp({
    "import.content": {},
    "servers.update": {},
    "config.replace": { hash: "h" },
  });
  const send = async (method: string, path: string, body: string) => {
    const response = await ask(`/api/v1${path}`, { method, headers: JSON_BODY, body });
    return { status: response.status, text: await response.text(), input: asked.at(-1)?.input };
  };

  deepStrictEqual((await send("POST", "/servers/import/json?preview=true", '{"content":"{}"}')).input, {
    preview: "true",
    content: "{}",
  });
  // The service refuses what it does not know.
  deepStrictEqual((await send("PATCH", "/servers/a?dry=1", '{"enabled":true}')).input, {
    dry: "1",
    name: "a",
    patch: { enabled: true },
  });
  deepStrictEqual((await send("PUT", "/config?dry=1", "{}")).input, { dry: "1", text: "{}" });
  const twice = await send("POST", "/servers/import/json?preview=true", '{"content":"","preview":false}');
  strictEqual(twice.status, 400);
  match(twice.text, /it is in the URL and in the body/);
});

Deno.test("createHttpApp() says of a route of mcpproxy-go why it is not there", async () => {
  const { ask } = openApp({});
  const response = await ask("/api/v1/telemetry/payload", {});
  strictEqual(response.status, 404);
  match((await response.json()).error, /nothing is ever sent home/);
});

Deno.test("createHttpApp() answers the routes of a feature that is off with the key that turns it on", async () => {
  const off = { enable_health_checks: false, enable_metrics: false, enable_web_ui: false };
  const { ask, asked, loaded } = openApp({}, { ...resolveFeatures({}), ...off });
  for (
    const path of ["/healthz", "/livez", "/health", "/readyz", "/ready", "/metrics", "/", "/ui/", "/ui/x.js"]
  ) {
    for (const bare of [undefined, true] as const) {
      const response = await ask(path, { bare, redirect: "manual" });
      strictEqual(response.status, 404, path);
      const { code, error, remedy } = await response.json();
      strictEqual(code, "MCPX_FEATURE_DISABLED");
      const feature = path.startsWith("/m") ? "metrics" : /^\/(ui|$)/.test(path) ? "web_ui" : "health_checks";
      match(error, new RegExp(`"features.enable_${feature}" is off`));
      match(remedy, new RegExp(`Set "features": \\{ "enable_${feature}": true \\}`));
    }
  }
  deepStrictEqual([asked, loaded], [[], []], "nothing was asked or loaded for it");

  const without = openApp({}, resolveFeatures({ features: { enable_observability: false } }));
  match((await (await without.ask("/metrics")).json()).remedy, /"enable_observability": true/);
});

Deno.test("createHttpApp() serves health to everyone, the page, and metrics to who has the key", async () => {
  const { ask, loaded } = openApp({
    "status.get": statusOf({ tool_calls: 12, config_error: { code: "c", message: "m", remedy: "r" } }),
    "servers.list": { servers: [serverView("a"), serverView("b", { status: "failed", connected: false })] },
  });
  for (const path of ["/healthz", "/readyz"]) {
    const response = await ask(path, { bare: true });
    strictEqual(response.status, 200);
    await response.body?.cancel();
  }
  const page = await ask("/ui/", { bare: true });
  deepStrictEqual([await page.text(), loaded], ["<p>page", ["assets"]]);
  const refused = await ask("/metrics", { bare: true });
  strictEqual(refused.status, 401);
  await refused.body?.cancel();

  const text = await (await ask("/metrics")).text();
  match(text, /^mcpproxy_mcp_errors_total\{code="-32602"\} 3$/m);
  for (
    const line of [
      "mcpproxy_config_last_reload_successful 0",
      'mcpproxy_servers_by_state{state="ready"} 1',
      'mcpproxy_servers_by_state{state="failed"} 1',
      'mcpproxy_server_up{server="b"} 0',
      "# TYPE mcpproxy_tool_calls_all_time_total counter",
      "mcpproxy_tool_calls_all_time_total 12",
    ]
  ) {
    ok(text.includes(`${line}\n`), `${line} is not in\n${text}`);
  }
});

Deno.test("createHttpApp() knows a path that is written in another way by no other rule", async () => {
  const { ask, asked } = openApp({
    "status.get": statusOf(),
    "servers.list": { servers: [] },
    "servers.get": serverView("a"),
  });
  const hidden = [
    "/%6detrics",
    "/metric%73",
    "/%61pi/v1/status",
    "/api%2Fv1/status",
    "/%65vents",
    "/ap%69/v1/config",
  ];
  for (const path of hidden) {
    const response = await ask(path, { bare: true });
    await response.body?.cancel();
    strictEqual(response.status, 404, path);
  }
  for (const path of ["/api/v%31/status", "/api/v1/%73tatus", "/x/../metrics"]) {
    const response = await ask(path, { bare: true });
    await response.body?.cancel();
    strictEqual(response.status, 401, path);
  }
  deepStrictEqual(asked, [], "nothing was asked for a request without a key");

  const named = await ask("/api/v1/servers/a%20b%2Fc%2541");
  await named.body?.cancel();
  deepStrictEqual(asked, [{ verb: "servers.get", input: { name: "a b/c%41" } }]);
});

Deno.test("createHttpApp() takes a client that leaves in the middle of its body for just that", async () => {
  const { ask, asked } = openApp();
  const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("gone")) });
  const response = await ask("/api/v1/servers", { method: "POST", headers: JSON_BODY, body });
  const { code, error } = await response.json();
  deepStrictEqual([response.status, code], [400, "MCPX_INVALID_INPUT"]);
  match(error, /it broke off/);
  deepStrictEqual(asked, []);
});

Deno.test("renderMetrics() escapes what a label may hold", () => {
  strictEqual(
    renderMetrics([{
      name: "x",
      type: "gauge",
      help: "y",
      samples: [{ labels: { a: 'q"\\\n' }, value: 1 }],
    }]),
    '# HELP x y\n# TYPE x gauge\nx{a="q\\"\\\\\\n"} 1\n',
  );
});

Deno.test("createHttpApp() serves the OpenAPI document to callers and its page to all, both made once", async () => {
  const { ask } = openApp();
  const document = await ask("/api/v1/openapi.json");
  strictEqual((await document.json()).openapi, "3.1.0");
  strictEqual((await ask("/api/v1/openapi.json", { bare: true })).status, 401);
  const page = await ask("/docs/", { bare: true });
  match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  match(await page.text(), /<h1>mcpproxy API<\/h1>/);
  strictEqual(
    (await ask("/docs/style.css", { bare: true })).headers.get("content-type"),
    "text/css; charset=utf-8",
  );
  strictEqual((await ask("/docs/other", { bare: true })).status, 404);
  strictEqual((await ask("/swagger/index.html", { bare: true })).headers.get("location"), "/docs/");
});

Deno.test("createHttpApp() answers a failure as problem details that are the envelope too", async () => {
  const busy = new GatewayError("MCPX_SHUTTING_DOWN", "Cannot do it: no", {
    details: { retry_after_ms: 4_100 },
  });
  const { ask } = openApp({ "servers.get": busy });
  const response = await ask("/api/v1/servers/a", { headers: { "x-request-id": "abc" } });
  strictEqual(response.headers.get("content-type"), "application/problem+json");
  strictEqual(response.headers.get("retry-after"), "5");
  deepStrictEqual(await response.json(), {
    type: "/docs/#MCPX_SHUTTING_DOWN",
    title: "The daemon is shutting down.",
    status: 503,
    detail: "Cannot do it: no",
    success: false,
    error: "Cannot do it: no",
    code: "MCPX_SHUTTING_DOWN",
    remedy: "Repeat the request after its restart",
    details: { retry_after_ms: 4100 },
    request_id: "abc",
  });
});

Deno.test("createHttpApp() answers with the names that a client gives to its request, or with its own", async () => {
  const { ask } = openApp({ "servers.list": { servers: [], stats: {} } });
  const namesOf = async (headers: Readonly<Record<string, string>>) => {
    const response = await ask("/api/v1/servers", { headers });
    await response.body?.cancel();
    return [response.headers.get("x-request-id") ?? "", response.headers.get("x-correlation-id") ?? ""];
  };

  deepStrictEqual(await namesOf({ "x-request-id": "abc", "x-correlation-id": "flow-7" }), ["abc", "flow-7"]);
  deepStrictEqual(await namesOf({ "x-request-id": "abc" }), ["abc", "abc"]);
  const [made, same] = await namesOf({ "x-correlation-id": "not one; of ours" });
  match(made ?? "", /^[0-9a-f-]{36}$/);
  strictEqual(same, made);
});

Deno.test("createHttpApp() gives lists a tag of their content, and answers HEAD and OPTIONS", async () => {
  const { ask } = openApp({ "servers.list": { servers: [], stats: {} } });
  const first = await ask("/api/v1/servers");
  const tag = first.headers.get("etag") ?? "";
  match(tag, /^"[\w-]+"$/);
  strictEqual(first.headers.get("cache-control"), "private, no-cache");
  await first.body?.cancel();
  const same = await ask("/api/v1/servers", { headers: { "if-none-match": `W/${tag}` } });
  deepStrictEqual([same.status, await same.text()], [304, ""]);
  const head = await ask("/api/v1/servers", { method: "HEAD" });
  deepStrictEqual([head.status, await head.text(), head.headers.get("etag")], [200, "", tag]);
  const options = await ask("/api/v1/servers", { method: "OPTIONS" });
  deepStrictEqual([options.status, options.headers.get("allow")], [204, "GET, POST, HEAD, OPTIONS"]);
  strictEqual((await ask("/api/v1/nothing", { method: "OPTIONS" })).status, 404);
  const post = await ask("/api/v1/openapi.json", { method: "POST" });
  deepStrictEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
});

Deno.test("createHttpApp() refuses a body over the limit on every route, whether or not it says its size", async () => {
  const { ask, asked } = openApp();
  const long = "x".repeat(1024 * 1024);
  for (const { method, path } of Object.values(VERBS)) {
    if (method === "GET" || method === "DELETE") continue;
    const url = `/api/v1${path.replaceAll(/\{\w+\}/g, "x")}`;
    const sized = await ask(url, {
      method,
      headers: { ...JSON_BODY, "content-length": String(9 * 1024 * 1024) },
      body: "{}",
    });
    let sent = 0;
    const stream = new ReadableStream<string>({
      pull: (controller) => ++sent > 9 ? controller.close() : controller.enqueue(long),
    });
    const unsized = await ask(url, {
      method,
      headers: JSON_BODY,
      body: stream.pipeThrough(new TextEncoderStream()),
    });
    for (const answer of [sized, unsized]) {
      deepStrictEqual([answer.status, (await answer.json()).code], [413, "MCPX_BODY_TOO_LARGE"], path);
    }
  }
  deepStrictEqual(asked, []);
});
