import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { resolveFeatures, VERBS } from "../../../lib/contracts/mod.ts";
import { serverView, statusOf } from "../cli/fakes.ts";
import { JSON_BODY, openApp } from "./app_fixture.ts";

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
