import { match, strictEqual } from "node:assert/strict";
import { openGateway } from "../../../mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { openWorkspace, waitForStatus } from "../../support/workspace.ts";

/** A server that answers "quick" calls when it is told to, and "never" not at all. */
function serve() {
  const arrived: string[] = [];
  const watchers = new Set<() => void>();
  const quick = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: unknown) => Response.json({ jsonrpc: "2.0", id, result });
    if (method === "initialize") {
      return say({ protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: {} });
    }
    if (method === "tools/list") {
      const annotations = { readOnlyHint: true };
      return say({
        tools: ["quick", "never"].map((name) => ({ name, annotations, inputSchema: { type: "object" } })),
      });
    }
    if (method !== "tools/call") {
      return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } });
    }
    arrived.push(params.name);
    for (const watcher of watchers) watcher();
    await Promise.race([params.name === "quick" ? quick.promise : ended.promise, ended.promise]);
    return say({ content: [{ type: "text", text: params.name }] });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    finish: () => quick.resolve(),
    arrivedAll: (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => arrived.length >= count && resolve();
        watchers.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      ended.resolve();
      await server.shutdown();
    },
  };
}

Deno.test("a gateway that stops gives every call in flight exactly one outcome", async () => {
  const clock = createManualClock();
  await using server = serve();
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "s", url: server.url, quarantined: false }],
  });
  const gateway = await openGateway({
    config: workspace.config,
    dataDir: workspace.dataDir,
    platform: { ...createDenoPlatform(), clock },
  });
  await waitForStatus(gateway, "s", "ready");
  const call = async (name: string) => {
    const response = await fetch(new URL("/mcp", gateway.mcpUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "x-api-key": gateway.apiKey,
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "call_tool_read",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: {
          name: "call_tool_read",
          arguments: { name: `s:${name}` },
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      }),
    });
    const text = await response.text();
    // After a second of silence an answer is a stream.
    return JSON.parse(text.startsWith("{") ? text : /^data: (\{.*)$/m.exec(text)?.[1] ?? "null");
  };
  const calls = Array.from({ length: 40 }, (_, index) => call(index % 2 === 0 ? "quick" : "never"));
  await server.arrivedAll(40);

  const stopping = gateway[Symbol.asyncDispose]();
  server.finish();
  const quick = await Promise.all(calls.filter((_, index) => index % 2 === 0));
  clock.advance(10_000);
  const cut = await Promise.all(calls.filter((_, index) => index % 2 === 1));
  clock.advance(1_000);
  await stopping;

  for (const { result } of quick) strictEqual(result.content[0].text, "quick");
  for (const { error } of cut) {
    strictEqual(error.data.code, "MCPX_SHUTTING_DOWN");
    match(error.message, /shutting down/);
  }
  strictEqual(clock.pending, 0);
});
