import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { startDaemon } from "../support/daemon.ts";
import { openWorkspace } from "../support/workspace.ts";

type Json = Readonly<Record<string, unknown>>;

const META = "io.modelcontextprotocol/";
/** What a client has to show, in every place where programs have put it. */
const CANARY = "canary-5d0c1a9f";
const CREDENTIALS: Readonly<Record<string, string>> = {
  cookie: `session=${CANARY}-cookie`,
  "proxy-authorization": `Basic ${CANARY}-proxy`,
  "x-auth-token": `${CANARY}-header`,
  "mcp-param-token": `${CANARY}-param`,
};
const META_CREDENTIALS = {
  auth: { token: `${CANARY}-auth` },
  _auth_token: `${CANARY}-under`,
  Authorization: `Bearer ${CANARY}-meta`,
  "x-api-key": `${CANARY}-key`,
  cookie: `${CANARY}-crumb`,
};

/** Two servers that note all that reaches them: one of each generation. */
function serveNoting() {
  const seen: { server: string; headers: Record<string, string>; body: string }[] = [];
  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const server = new URL(request.url).pathname.slice(1);
    const body = await request.text();
    seen.push({ server, headers: Object.fromEntries(request.headers), body });
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method } = JSON.parse(body);
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: Json) =>
      Response.json({ jsonrpc: "2.0", id, result: { resultType: "complete", ...result } }, {
        headers: { "set-cookie": `own=secret-of-${server}`, "x-secret": `secret-of-${server}` },
      });
    const facts = { capabilities: { tools: {} }, serverInfo: { name: server, version: "1" } };
    if (server === "modern" && method === "initialize") {
      return Response.json({
        jsonrpc: "2.0",
        id,
        error: { code: -32022, message: "no", data: { supported: ["2026-07-28"] } },
      });
    }
    if (server === "modern" && method === "server/discover") {
      return say({ ...facts, supportedVersions: ["2026-07-28"] });
    }
    if (method === "initialize") return say({ ...facts, protocolVersion: "2025-11-25" });
    if (method === "tools/list") {
      return say({
        tools: [{ name: "look", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }],
      });
    }
    if (method === "tools/call") return say({ content: [{ type: "text", text: `looked at ${server}` }] });
    return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } });
  });
  const entry = (name: string) => ({
    name,
    url: `http://127.0.0.1:${http.addr.port}/${name}`,
    protocol: "streamable-http",
    quarantined: false,
    headers: { Authorization: `Bearer secret-of-${name}` },
  });
  return { seen, entry, [Symbol.asyncDispose]: () => http.shutdown() };
}

Deno.test("nothing that a client shows to the gateway goes to a server, nor what a server gets to a client", async () => {
  await using servers = serveNoting();
  await using workspace = await openWorkspace({
    mcpServers: [servers.entry("legacy"), servers.entry("modern")],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ legacy/);
  await daemon.seen(/✓ modern/);
  const { token } = await daemon.json(["token", "create", "agent", "--permissions", "read"]) as {
    token: string;
  };
  const got: string[] = [];
  const post = async (path: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(`${daemon.url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        authorization: `Bearer ${token}`,
        ...CREDENTIALS,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    got.push(JSON.stringify([...response.headers]), await response.text());
    return response;
  };

  for (const server of ["legacy", "modern"]) {
    const ways: readonly (readonly [string, Json])[] = [
      ["/mcp", { name: "call_tool_read", arguments: { name: `${server}:look`, args: {} } }],
      ["/mcp/all", { name: `${server}__look`, arguments: {} }],
      [`/mcp/s/${server}`, { name: "look", arguments: {} }],
    ];
    for (const [path, params] of ways) {
      const hello = {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "c", version: "1" },
      };
      const opened = await post(path, {
        jsonrpc: "2.0",
        id: 0,
        method: "initialize",
        params: { ...hello, _meta: META_CREDENTIALS },
      }, {});
      const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
      await post(path, {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { ...params, _meta: META_CREDENTIALS },
      }, session);
      match(got.at(-1) ?? "", new RegExp(`looked at ${server}`), path);
      const envelope = {
        [`${META}protocolVersion`]: "2026-07-28",
        [`${META}clientInfo`]: { name: "c", version: "1" },
        [`${META}clientCapabilities`]: {},
      };
      await post(path, {
        jsonrpc: "2.0",
        id: 2,
        method: "tools/call",
        params: { ...params, _meta: { ...META_CREDENTIALS, ...envelope } },
      }, {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": String(params.name),
      });
      match(got.at(-1) ?? "", new RegExp(`looked at ${server}`), path);
    }
    await post("/api/v1/tools/call", { tool_name: `${server}:look`, arguments: {} }, {});
    match(got.at(-1) ?? "", new RegExp(`looked at ${server}`));
  }

  const calls = servers.seen.filter(({ body }) => body.includes('"tools/call"'));
  strictEqual(calls.length, 14);
  for (const { server, headers, body } of servers.seen) {
    const all = JSON.stringify(headers) + body;
    ok(!all.includes(CANARY) && !all.includes(token) && !all.includes(daemon.apiKey), all);
    strictEqual(headers.authorization, `Bearer secret-of-${server}`);
    const others = ["legacy", "modern"].filter((name) => name !== server);
    deepStrictEqual(others.filter((name) => all.includes(`secret-of-${name}`)), []);
    deepStrictEqual(Object.keys(headers).filter((name) => name in CREDENTIALS || name === "x-api-key"), []);
  }
  deepStrictEqual(got.filter((text) => text.includes("secret-of-")), []);
});
