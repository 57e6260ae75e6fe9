import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { JSON_BODY, openApp } from "./app_fixture.ts";

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

Deno.test("createHttpApp() gives every list of what there is a tag", async () => {
  const { ask } = openApp({
    "profiles.list": { profiles: [] },
    "registries.list": { registries: [] },
    "tokens.list": { tokens: [] },
    "secrets.list": { secrets: [] },
    "sessions.list": { sessions: [] },
    "consents.list": { consents: [] },
    "connect.list": { clients: [] },
  });
  for (const path of ["profiles", "registries", "tokens", "secrets", "sessions", "consents", "connect"]) {
    const first = await ask(`/api/v1/${path}`);
    await first.body?.cancel();
    const tag = first.headers.get("etag") ?? "";
    strictEqual((await ask(`/api/v1/${path}`, { headers: { "if-none-match": tag } })).status, 304, path);
  }
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
