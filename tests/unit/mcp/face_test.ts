import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import {
  call,
  CALLER,
  type CallOwn,
  createFace,
  META,
  openSession,
  post,
  textResult,
} from "./face_fixture.ts";

const echo: CallOwn = (_name, args) => Promise.resolve(textResult(String(args.message)));

Deno.test("McpFace serves a legacy client from initialize to DELETE", async () => {
  const face = createFace(echo, undefined, { instructions: "be kind" });
  const first = await post(face, {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "c", version: "1" } },
  });
  const { result } = await first.json();
  deepStrictEqual(result, {
    protocolVersion: "2025-06-18",
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: "mcpproxy", title: "mcpproxy", version: "9.9.9" },
    instructions: "be kind",
  });
  const session = { "mcp-session-id": first.headers.get("mcp-session-id") ?? "" };

  strictEqual(
    (await post(face, { jsonrpc: "2.0", method: "notifications/initialized" }, session)).status,
    202,
  );
  const list = await (await post(face, { jsonrpc: "2.0", id: 1, method: "tools/list" }, session)).json();
  strictEqual(list.result.tools[0].name, "echo");
  const answer = await post(face, call({ message: "hi" }), session);
  strictEqual(answer.headers.get("content-type"), "application/json");
  deepStrictEqual(await answer.json(), { jsonrpc: "2.0", id: "c1", result: textResult("hi") });

  const bye = new Request("http://localhost/mcp", { method: "DELETE", headers: session });
  strictEqual((await face.handle(bye, CALLER, "r")).status, 204);
  const gone = await post(face, call({}), session);
  strictEqual(gone.status, 404);
  await gone.body?.cancel();
});

Deno.test("McpFace offers the newest legacy revision for one it does not know", async () => {
  const response = await post(createFace(echo), {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "1999-01-01" },
  });
  strictEqual((await response.json()).result.protocolVersion, "2025-11-25");
});

Deno.test("McpFace serves a modern client without a session", async () => {
  const face = createFace(echo);
  const headers = { "mcp-protocol-version": "2026-07-28" };
  const discover = await post(face, {
    jsonrpc: "2.0",
    id: 1,
    method: "server/discover",
    params: { _meta: META },
  }, {
    ...headers,
    "mcp-method": "server/discover",
  });
  const { result } = await discover.json();
  deepStrictEqual(result.supportedVersions, ["2026-07-28"]);
  strictEqual(result.resultType, "complete");

  const answer = await post(face, call({ message: "hi" }, { _meta: META }), {
    ...headers,
    "mcp-method": "tools/call",
    "mcp-name": "echo",
  });
  deepStrictEqual((await answer.json()).result, {
    resultType: "complete",
    ...textResult("hi"),
  });
  strictEqual(face.sessions, 0);

  const unknown = await post(face, { jsonrpc: "2.0", id: 2, method: "no/such", params: { _meta: META } }, {
    ...headers,
    "mcp-method": "no/such",
  });
  strictEqual(unknown.status, 404);
  strictEqual((await unknown.json()).error.code, -32601);
});

Deno.test("McpFace answers each malformed request with its own error", async () => {
  const face = createFace(echo);
  const session = await openSession(face);
  const cases: [string, unknown, Record<string, string>, number, number][] = [
    ["not JSON", "{", session, 400, -32700],
    ["no object", "5", session, 400, -32600],
    ["empty batch", "[]", session, 400, -32600],
    ["no session", call({}), {}, 400, -32000],
    ["unknown session", call({}), { "mcp-session-id": "nope" }, 404, -32001],
    ["unknown method", { jsonrpc: "2.0", id: 1, method: "no/such" }, session, 200, -32601],
    ["no name", { jsonrpc: "2.0", id: 1, method: "tools/call", params: {} }, session, 200, -32602],
    ["wrong version", call({}), { ...session, "mcp-protocol-version": "1999-01-01" }, 400, -32000],
    ["wrong type", call({}), { ...session, "content-type": "text/plain" }, 415, -32000],
    ["wrong accept", call({}), { ...session, accept: "text/html" }, 406, -32000],
  ];
  for (const [name, body, headers, status, code] of cases) {
    const response = await post(face, body, headers);
    strictEqual(
      `${name} ${response.status} ${(await response.json()).error.code}`,
      `${name} ${status} ${code}`,
    );
  }
  const large = await post(face, `"${"x".repeat(9 * 1024 * 1024)}"`, session);
  strictEqual(large.status, 413);
  await large.body?.cancel();
  const get = await face.handle(new Request("http://localhost/mcp"), CALLER, "r");
  strictEqual(get.status, 405);
  await get.body?.cancel();
});

Deno.test("McpFace reports an unknown tool as a protocol error with its remedy", async () => {
  const face = createFace(() =>
    Promise.reject(
      new GatewayError("MCPX_TOOL_NOT_FOUND", 'Cannot find tool "x": no such tool', { remedy: "look" }),
    )
  );
  const answer = await (await post(face, call({}), await openSession(face))).json();
  deepStrictEqual(answer.error, {
    code: -32602,
    message: 'Cannot find tool "x": no such tool',
    data: { code: "MCPX_TOOL_NOT_FOUND", remedy: "look" },
  });
});

Deno.test("McpFace hides what an unexpected failure says", async () => {
  const face = createFace(() => Promise.reject(new Error("password=hunter2")));
  const text = await (await post(face, call({}), await openSession(face))).text();
  ok(!text.includes("hunter2"));
  ok(text.includes("req-1"));
});

Deno.test("McpFace answers a legacy batch with an array", async () => {
  const face = createFace(echo);
  const session = await openSession(face, "2025-03-26");
  const response = await post(face, [
    { jsonrpc: "2.0", id: 1, method: "ping" },
    { jsonrpc: "2.0", method: "notifications/x" },
    { ...call({ message: "b" }), id: 2 },
  ], session);
  deepStrictEqual((await response.json()).map((one: { id: number }) => one.id), [1, 2]);
});
