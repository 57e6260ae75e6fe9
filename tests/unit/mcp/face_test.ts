import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Calls, Relay } from "../../../lib/calls/mod.ts";
import {
  type Caller,
  type Config,
  ConfigSchema,
  GatewayError,
  type ToolResult,
} from "../../../lib/contracts/mod.ts";
import { createMcpFace, type McpFace } from "../../../lib/mcp/mod.ts";
import type { Logger } from "../../../lib/observability/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

const CALLER: Caller = { role: "agent", label: "test", surface: "mcp" };
const SILENT = new Proxy({}, { get: () => () => {} }) as Logger; // a logger that takes anything
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

type CallOwn = Calls["callOwn"];

/** A gateway without servers. */
const NO_SERVERS = {
  servers: () => [],
  listCost: () => ({ tools: 0, tokens: 0, isWhole: true, isSettled: true }),
  onListChange: () => ({ [Symbol.dispose]: () => {} }),
  onMessage: () => ({ [Symbol.dispose]: () => {} }),
  endPeer: () => {},
  notifyFor: () => {},
} as unknown as Relay; // the rest is not reached without servers

function createFace(
  callOwn: CallOwn,
  clock: ManualClock = createManualClock(),
  config: Partial<Config> = {},
): McpFace {
  const calls: Calls = {
    ownTools: [{ name: "echo", inputSchema: { type: "object" } }],
    isOwn: () => true,
    callOwn,
    watch: (_subject, _context, work) => Promise.resolve(work()),
    failed: () => {},
    callTool: () => Promise.reject(new Error("not used")),
  };
  return createMcpFace({
    activeProfile: () => undefined,
    platform: { ...createDenoPlatform(), clock },
    calls,
    relay: NO_SERVERS,
    config: () => ({ ...ConfigSchema.parse({ enable_prompts: false }), ...config }),
    version: "9.9.9",
    log: SILENT,
    stopping: new AbortController().signal,
  });
}

const echo: CallOwn = (_name, args) => Promise.resolve(textResult(String(args.message)));

function textResult(text: string): ToolResult {
  return { content: [{ type: "text", text }] };
}

function post(face: McpFace, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) {
  const request = new Request("http://localhost/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal,
  });
  return face.handle(request, CALLER, "req-1");
}

async function openSession(face: McpFace, protocolVersion = "2025-11-25"): Promise<Record<string, string>> {
  const response = await post(face, {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion, capabilities: {}, clientInfo: { name: "c", version: "1" } },
  });
  strictEqual(response.status, 200);
  await response.body?.cancel();
  return { "mcp-session-id": response.headers.get("mcp-session-id") ?? "" };
}

function call(args: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    jsonrpc: "2.0",
    id: "c1",
    method: "tools/call",
    params: { name: "echo", arguments: args, ...more },
  };
}

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

Deno.test("McpFace streams progress before the result and keeps the order", async () => {
  const face = createFace((_name, _args, { onProgress }) => {
    onProgress?.({ progress: 1, total: 2, progressToken: "upstream", extra: true });
    onProgress?.({ progress: 2, total: 2 });
    return Promise.resolve(textResult("done"));
  });
  const session = await openSession(face);

  const response = await post(face, call({}, { _meta: { progressToken: 7 } }), session);

  strictEqual(response.headers.get("content-type"), "text/event-stream");
  const events = (await response.text()).split("\n").filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(5)));
  deepStrictEqual(events.map((event) => event.params?.progress ?? "result"), [1, 2, "result"]);
  deepStrictEqual(events[0].params, { progress: 1, total: 2, progressToken: 7, extra: true });
});

Deno.test("McpFace turns a call silent for a second into a stream with heartbeats", async () => {
  const clock = createManualClock();
  const finish = Promise.withResolvers<ToolResult>();
  const started = Promise.withResolvers<void>();
  const face = createFace(() => {
    started.resolve();
    return finish.promise;
  }, clock);
  const session = await openSession(face);
  const pending = post(face, call({}), session);
  await started.promise;

  clock.advance(1_000);
  const response = await pending;
  clock.advance(15_000);
  finish.resolve(textResult("late"));

  strictEqual(response.headers.get("x-accel-buffering"), "no");
  const text = await response.text();
  ok(text.startsWith(": open\n\nretry: 1000\nid: 1_0\ndata: \n\n: keep-alive\n\n"));
  ok(text.includes('"text":"late"'));
  face[Symbol.dispose]();
  strictEqual(clock.pending, 0);
});

Deno.test("McpFace cancels a call that the client no longer wants", async () => {
  const started = Promise.withResolvers<AbortSignal>();
  const face = createFace((_name, _args, { signal }) => {
    started.resolve(signal);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const session = await openSession(face);
  const pending = post(face, call({}), session);
  const signal = await started.promise;

  await post(
    face,
    { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "c1" } },
    session,
  );

  strictEqual(signal.aborted, true);
  strictEqual(await (await pending).text(), "");
});

Deno.test("McpFace ends a call that went on with its client's answers when that client leaves", async () => {
  const resumed = Promise.withResolvers<AbortSignal>();
  const face = createFace(async (_name, _args, { signal, peer }) => {
    await peer?.request("elicitation/create", { message: "which?" }, { signal });
    resumed.resolve(signal);
    return await new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  });
  const meta = { ...META, "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } };
  const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" };
  const { result } = await (await post(face, call({}, { _meta: meta }), headers)).json();
  strictEqual(result.resultType, "input_required");
  const [key = ""] = Object.keys(result.inputRequests);

  const left = new AbortController();
  const more = {
    _meta: meta,
    requestState: result.requestState,
    inputResponses: { [key]: { action: "accept", content: {} } },
  };
  const pending = post(face, call({}, more), headers, left.signal);
  const signal = await resumed.promise;
  strictEqual(signal.aborted, false);
  left.abort();

  strictEqual(signal.aborted, true);
  await (await pending).body?.cancel();
  face[Symbol.dispose]();
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
