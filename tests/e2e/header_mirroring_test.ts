/**
 * Headers that repeat what a message says: those of a server's tools that lead
 * astray, and those of a client that say something else than its body.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace } from "../support/workspace.ts";

type Json = Readonly<Record<string, unknown>>;

const PREFIX = "io.modelcontextprotocol/";
const text = (header: unknown) => ({ type: "string", "x-mcp-header": header });

/** Input schemas whose annotations no client may follow. */
const BAD: readonly Json[] = [
  ...[
    "",
    " ",
    "a b",
    "a\r\nb",
    "a\nSet-Cookie: x",
    "a\r",
    "a:b",
    "a\tb",
    "a\0b",
    "a,b",
    "a;b",
    'a"b',
    "a(b",
    "a/b",
    "a[b",
    "a{b",
    "a@b",
    "ä",
    "a\u200bb",
    "\u202ea",
    7,
    true,
    null,
    ["a"],
    { name: "a" },
  ].map((header) => ({ properties: { a: text(header) } })),
  { properties: { a: { type: "number", "x-mcp-header": "N" } } },
  { properties: { a: { type: "object", "x-mcp-header": "O" } } },
  { properties: { a: { "x-mcp-header": "Untyped" } } },
  { properties: { a: { type: ["string", "null"], "x-mcp-header": "Two" } } },
  { properties: { a: text("Same"), b: text("same") } },
  { properties: { a: { type: "array", items: text("In-Items") } } },
  { properties: { a: { anyOf: [text("Any")] } } },
  { $defs: { a: text("Def") }, properties: {} },
  { additionalProperties: text("More") },
  { properties: { a: { oneOf: [{ properties: { b: text("Deep") } }] } } },
].map((schema) => ({ type: "object", ...schema }));

/** A modern server; notes the headers of each call. */
function serveModern() {
  const calls: { headers: Record<string, string>; params: Json }[] = [];
  const good = {
    inputSchema: {
      type: "object",
      properties: {
        region: text("Region"),
        deep: { type: "object", properties: { n: { type: "integer", "x-mcp-header": "Deep-N" } } },
      },
    },
    annotations: { readOnlyHint: true },
  };
  const tools = [
    { name: "good", ...good },
    ...BAD.map((inputSchema, index) => ({
      name: `bad${index}`,
      inputSchema,
      annotations: { readOnlyHint: true },
    })),
    { name: "plain", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
    { name: "drop", inputSchema: { type: "object" }, annotations: { destructiveHint: true } },
  ];
  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params } = await request.json();
    const say = (result: Json) =>
      Response.json({ jsonrpc: "2.0", id, result: { resultType: "complete", ...result } });
    const facts = { capabilities: { tools: {} }, serverInfo: { name: "m", version: "1" } };
    if (method === "server/discover") return say({ ...facts, supportedVersions: ["2026-07-28"] });
    if (method === "tools/list") return say({ tools });
    if (method !== "tools/call") {
      return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }, { status: 404 });
    }
    calls.push({ headers: Object.fromEntries(request.headers), params });
    return say({ content: [{ type: "text", text: `called ${params.name}` }] });
  });
  return {
    calls,
    entry: {
      name: "m",
      url: `http://127.0.0.1:${http.addr.port}/mcp`,
      protocol: "streamable-http",
      quarantined: false,
    },
    [Symbol.asyncDispose]: () => http.shutdown(),
  };
}

async function openScene() {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(serveModern());
  const workspace = stack.use(await openWorkspace({ mcpServers: [server.entry] }));
  const daemon = stack.use(await startDaemon(workspace));
  await daemon.seen(/✓ m/);
  const owned = stack.move();
  return { server, workspace, daemon, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Calls as a modern client, with headers of the test's own in place of the right ones. */
async function call(
  daemon: Daemon,
  path: string,
  params: Json,
  headers: Readonly<Record<string, string | null>> = {},
) {
  const _meta = {
    [`${PREFIX}protocolVersion`]: "2026-07-28",
    [`${PREFIX}clientInfo`]: { name: "raw", version: "1" },
    [`${PREFIX}clientCapabilities`]: {},
  };
  const right = {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": String(params.name),
  };
  const sent = Object.entries({ ...right, ...headers }).filter((one): one is [string, string] =>
    one[1] !== null
  );
  const response = await fetch(`${daemon.mcpUrl}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "x-api-key": daemon.apiKey,
      ...Object.fromEntries(sent),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...params, _meta } }),
  });
  const body = await response.text();
  const answer = JSON.parse(body.startsWith("{") ? body : /^data: (\{.*)$/m.exec(body)?.[1] ?? "{}");
  return { status: response.status, code: answer.error?.code as number | undefined, body };
}

Deno.test("a tool whose header annotations lead astray is left out, and the others stay", async () => {
  ok(BAD.length >= 30);
  await using scene = await openScene();
  const { daemon, server } = scene;

  const { result } = await (await mustOpenMcp(`${daemon.mcpUrl}/s/m`, daemon.apiKey)).ask("tools/list");
  deepStrictEqual((result?.tools as { name: string }[]).map(({ name }) => name), ["good", "plain", "drop"]);
  const listed = await daemon.json(["tools", "list", "-s", "m"]) as unknown;
  ok(!JSON.stringify(listed).includes("bad"));
  match(
    await (await fetch(`${daemon.url}/api/v1/servers/m/logs?tail=100`, {
      headers: { "x-api-key": daemon.apiKey },
    })).text(),
    /left out tool/,
  );
  match((await daemon.cli(["call", "tool", "m:bad0"])).stdout, /MCPX_TOOL_NOT_FOUND/);

  strictEqual((await daemon.cli(["call", "tool", "m:good", "region=eu-west"])).code, 0);
  deepStrictEqual(server.calls.map(({ headers }) => headers["mcp-param-region"]), ["eu-west"]);
});

Deno.test("a header that says something else than the body is refused, and nothing is sent", async () => {
  await using scene = await openScene();
  const { daemon, server } = scene;
  const drop = { name: "drop", arguments: {} };
  const good = { name: "good", arguments: { region: "eu" } };
  const wrong: readonly (readonly [Json, Readonly<Record<string, string | null>>])[] = [
    [drop, { "mcp-name": "plain" }],
    [drop, { "mcp-name": null }],
    [drop, { "mcp-method": "tools/list" }],
    [drop, { "mcp-method": null }],
    [drop, { "mcp-name": "=?base64?!?=" }],
    [drop, { "mcp-name": "=?base64?cGxhaW4=?=" }],
    [good, { "mcp-param-region": "us" }],
    [good, {}],
    [good, { "mcp-param-region": "=?base64?%%?=" }],
    [{ name: "good", arguments: {} }, { "mcp-param-region": "eu" }],
    [{ name: "good", arguments: { deep: { n: 3 } } }, { "mcp-param-deep-n": "4" }],
  ];
  for (const [params, headers] of wrong) {
    const { status, code, body } = await call(daemon, "/s/m", params, headers);
    deepStrictEqual([status, code], [400, -32020], `${JSON.stringify([params, headers])}: ${body}`);
  }
  strictEqual(server.calls.length, 0);
});

Deno.test("what no header can hold goes as Base64, there and back", async () => {
  await using scene = await openScene();
  const { daemon, server } = scene;
  // The examples of the revision, and texts that would break out of a header.
  const values: readonly (readonly [string, string])[] = [
    ["us-west1", "us-west1"],
    ["Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="],
    [" padded ", "=?base64?IHBhZGRlZCA=?="],
    ["line1\nline2", "=?base64?bGluZTEKbGluZTI=?="],
    ["=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="],
    ["a\r\nX-Admin: 1", "=?base64?YQ0KWC1BZG1pbjogMQ==?="],
  ];
  for (const [region, header] of values) {
    const { status, body } = await call(daemon, "/s/m", { name: "good", arguments: { region } }, {
      "mcp-param-region": header,
    });
    strictEqual(status, 200, body);
    const last = server.calls.at(-1);
    deepStrictEqual([last?.headers["mcp-param-region"], (last?.params.arguments as Json).region], [
      header,
      region,
    ]);
    strictEqual(last?.headers["x-admin"], undefined);
  }
  const encoded = `=?base64?${btoa("plain")}?=`;
  strictEqual(
    (await call(daemon, "/s/m", { name: "plain", arguments: {} }, { "mcp-name": encoded })).status,
    200,
  );
});
