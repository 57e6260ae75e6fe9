/**
 * Two agents with keys of their own behind one gateway: neither gets at what
 * belongs to the other.
 *
 * @module
 */

import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { type McpCaller, mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace } from "../support/workspace.ts";

type Json = Readonly<Record<string, unknown>>;

const PREFIX = "io.modelcontextprotocol/";
const HOUR_MS = 3_600_000;

/** A server that answers each of its own sessions with something else, and calls it private. */
function servePrivate() {
  const hints = { ttl: "1e400" };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const session = request.headers.get("mcp-session-id") ?? crypto.randomUUID();
    if (request.method === "DELETE") return new Response(null, { status: 204 });
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params = {} } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: string) =>
      new Response(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`, {
        headers: { "content-type": "application/json", "mcp-session-id": session },
      });
    const kept = `"cacheScope":"private","ttlMs":${hints.ttl}`;
    const secret = JSON.stringify(`secret of ${session}`);
    switch (method) {
      case "initialize":
        return say(
          '{"protocolVersion":"2025-06-18","capabilities":{"tools":{},"resources":{},"prompts":{}},"serverInfo":{"name":"p","version":"1"}}',
        );
      case "tools/list":
        return say(
          `{"tools":[{"name":"mine","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}],${kept}}`,
        );
      case "resources/list":
        return say(`{"resources":[{"uri":"private://mine","name":"mine"}],${kept}}`);
      case "prompts/list":
        return say(`{"prompts":[{"name":"mine"}],${kept}}`);
      case "resources/templates/list":
        return say(`{"resourceTemplates":[],${kept}}`);
      case "resources/read":
        return say(`{"contents":[{"uri":${JSON.stringify(params.uri)},"text":${secret}}],${kept}}`);
      case "prompts/get":
        return say(`{"messages":[{"role":"user","content":{"type":"text","text":${secret}}}]}`);
      case "tools/call":
        return say(`{"content":[{"type":"text","text":${secret}}]}`);
      default:
        return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    hints,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function openScene() {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(servePrivate());
  const entry = {
    name: "own",
    url: server.url,
    protocol: "streamable-http",
    quarantined: false,
    connection: "session",
  };
  const workspace = stack.use(await openWorkspace({ mcpServers: [entry], aggregate_upstream_prompts: true }));
  const daemon = stack.use(await startDaemon(workspace));
  await daemon.seen(/✓ own/);
  const token = async (name: string) => {
    const made = await daemon.json(["token", "create", name, "--permissions", "read"]) as { token: string };
    return made.token;
  };
  const [ada, bob] = [await token("ada"), await token("bob")];
  const owned = stack.move();
  return { daemon, server, ada, bob, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const secretIn = (
  text: string,
) => [...new Set([...text.matchAll(/secret of ([0-9a-f-]{36})/g)].map(([, id]) => id))];

Deno.test("a session is worth nothing with another key, nor at another endpoint", async () => {
  await using scene = await openScene();
  const { daemon, ada, bob } = scene;
  const mine = await mustOpenMcp(daemon.mcpUrl, ada);
  const use = async (method: string, url: string, key: string) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const response = await fetch(url, {
      method,
      headers: {
        "content-type": "application/json",
        accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
        authorization: `Bearer ${key}`,
        "mcp-session-id": mine.session,
      },
      body: method === "POST" ? body : undefined,
    });
    await response.body?.cancel();
    return response.status;
  };

  for (const method of ["POST", "GET", "DELETE"]) {
    strictEqual(await use(method, daemon.mcpUrl, bob), 404, method);
    strictEqual(await use(method, daemon.mcpUrl, daemon.apiKey), 404, `${method} of an admin`);
    strictEqual(await use(method, `${daemon.mcpUrl}/all`, ada), 404, `${method} elsewhere`);
    strictEqual(await use(method, daemon.mcpUrl, `${ada}x`), 401, `${method} without a key`);
  }
  strictEqual((await mine.ask("ping")).status, 200, "it still is its owner's");
});

Deno.test("what a server tells one client in private reaches no other", async (t) => {
  await using scene = await openScene();
  const { daemon, server, ada, bob } = scene;

  for (const [path, ask] of Object.entries(WAYS)) {
    await t.step(`legacy clients at ${path}`, async () => {
      const url = `${daemon.mcpUrl}${path}`;
      const clients = await Promise.all([ada, bob].map((key) => mustOpenMcp(url, key)));
      const got = await Promise.all(
        Array.from(
          { length: 40 },
          (_, turn) => ask(clients[turn % 2] as McpCaller).then((text) => [turn % 2, text] as const),
        ),
      );
      const secrets = [0, 1].map((who) =>
        secretIn(got.filter(([one]) => one === who).map(([, text]) => text).join())
      );
      deepStrictEqual(secrets.map(({ length }) => length), [1, 1], JSON.stringify(secrets));
      notStrictEqual(secrets[0]?.[0], secrets[1]?.[0]);
    });
  }

  await t.step("modern clients of one name with two keys", async () => {
    const read = async (key: string) =>
      JSON.stringify(await modernly(daemon, key, "resources/read", { uri: "private://mine" }));
    const texts = await Promise.all([read(ada), read(bob), read(ada), read(bob)]);
    const secrets = texts.map(secretIn);
    deepStrictEqual(secrets[0], secrets[2]);
    deepStrictEqual(secrets[1], secrets[3]);
    notStrictEqual(secrets[0]?.[0], secrets[1]?.[0]);
  });

  await t.step("hints for caches are bounded, and never let an answer be shared", async () => {
    const hints: readonly (readonly [string, number])[] = [
      ["9999999999", HOUR_MS],
      ["3600001", HOUR_MS],
      ["-5", 0],
      ['"NaN"', 0],
      ["null", 0],
      ["250", 250],
    ];
    for (const [ttl, wanted] of hints) {
      server.hints.ttl = ttl;
      for (
        const [method, params] of [["resources/read", { uri: "private://mine" }], [
          "resources/list",
          {},
        ]] as const
      ) {
        const { ttlMs, cacheScope } = await modernly(daemon, ada, method, params);
        deepStrictEqual([ttl, method, ttlMs, cacheScope], [ttl, method, wanted, "private"]);
      }
    }
    for (const ttl of ["1e300", "1e400", "-1e400", "99999999999999999999"]) {
      server.hints.ttl = ttl;
      const { ttlMs } = await modernly(daemon, ada, "resources/list", {});
      ok(ttlMs === 0 || ttlMs === HOUR_MS, `${ttl} became ${ttlMs}`);
    }
  });
});

/** Ways to something private, by endpoint. */
const WAYS: Readonly<Record<string, (mcp: McpCaller) => Promise<string>>> = {
  "/s/own": async (mcp) => JSON.stringify(await mcp.ask("resources/read", { uri: "private://mine" })),
  "/all": async (mcp) => JSON.stringify(await mcp.ask("tools/call", { name: "own__mine", arguments: {} })),
  "": async (mcp) => {
    const answer = await mcp.ask("tools/call", {
      name: "call_tool_read",
      arguments: { name: "own:mine", args: {} },
    });
    match(JSON.stringify(answer), /secret of/);
    return JSON.stringify(answer);
  },
};

async function modernly(daemon: Daemon, key: string, method: string, params: Json): Promise<Json> {
  const _meta = {
    [`${PREFIX}protocolVersion`]: "2026-07-28",
    [`${PREFIX}clientInfo`]: { name: "same", version: "1" },
    [`${PREFIX}clientCapabilities`]: {},
  };
  const response = await fetch(`${daemon.mcpUrl}/s/own`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${key}`,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof params.uri === "string" ? { "mcp-name": params.uri } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { ...params, _meta } }),
  });
  const text = await response.text();
  const { result } = JSON.parse(text.startsWith("{") ? text : /^data: (\{.*)$/m.exec(text)?.[1] ?? "{}");
  ok(result !== undefined, text);
  return result;
}
