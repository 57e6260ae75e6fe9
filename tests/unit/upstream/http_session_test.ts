import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { serveScript } from "../../support/fixtures/mcp_http.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { call, createWatchedClock, open, server } from "./fixture.ts";

const code = (wanted: string) => (error: unknown) => {
  strictEqual(error instanceof GatewayError ? error.code : error, wanted);
  return true;
};

Deno.test("UpstreamConnection.close() ends the session on the server, but does not wait for it for long", async () => {
  await using http = serveScript([]);
  const { connection, heard } = await open(server({ url: http.url }));
  await Promise.all([connection.close(), connection.close()]);
  deepStrictEqual(http.log.filter((line) => line.startsWith("DELETE")), ["DELETE /mcp"]);
  deepStrictEqual(heard.closed, []);

  await using deaf = serveScript(["deaf"]);
  const clock = createManualClock();
  const other = await open(server({ url: deaf.url }), { clock });
  const closing = other.connection.close();
  await deaf.seen(/^DELETE/);
  clock.advance(2_000);
  await closing;
  strictEqual(clock.pending, 0);
});

Deno.test("UpstreamConnection opens its standing stream again, and learns there of a lost session", async () => {
  const clock = createWatchedClock();
  await using http = serveScript([]);
  await using opened = await open(server({ url: http.url }), { clock });
  await http.seen(/^stream 1$/);
  const count = () => http.log.filter((line) => line === "GET /mcp").length;

  const waits = clock.nextTimer(1_000);
  http.hangUp();
  await waits;
  clock.advance(1_000);
  await http.seen(/^stream 1$/, 2);
  await call(opened, "change");
  await opened.heard.seen("notifications/tools/list_changed");
  strictEqual(count(), 2);

  await call(opened, "forget");
  const waitsAgain = clock.nextTimer(1_000);
  http.hangUp();
  await waitsAgain;
  clock.advance(1_000);
  await opened.heard.seen("MCPX_UPSTREAM_CLOSED");
  strictEqual(opened.heard.closed.length, 1);
  strictEqual(clock.pending, 0);
});

Deno.test("UpstreamConnection.close() is not told of a session that is lost meanwhile", async () => {
  const clock = createWatchedClock();
  await using http = serveScript(["deaf"]);
  const opened = await open(server({ url: http.url }), { clock });
  await http.seen(/^stream 1$/);
  await call(opened, "forget");
  const waits = clock.nextTimer(1_000);
  http.hangUp();
  await waits;

  const closing = opened.connection.close();
  await http.seen(/^DELETE/);
  clock.advance(1_000);
  await http.seen(/^GET/, 2);
  clock.advance(1_000);
  await closing;

  deepStrictEqual(opened.heard.closed, []);
  strictEqual(clock.pending, 0);
});

Deno.test("UpstreamConnection.close() leaves no timer of the streams that were to be resumed", async () => {
  const clock = createWatchedClock();
  const headers = { "content-type": "text/event-stream" };
  await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method } = await request.json();
    if (method === "tools/call") return new Response("id: 1\ndata:\n\n", { headers });
    const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} };
    return id === undefined
      ? new Response(null, { status: 202 })
      : Response.json({ jsonrpc: "2.0", id, result });
  });
  const opened = await open(server({ url: `http://127.0.0.1:${http.addr.port}/` }), { clock });
  const calls = [];
  for (let count = 0; count < 3; count++) {
    const waits = clock.nextTimer(1_000);
    calls.push(call(opened, "any"));
    await waits;
  }

  await opened.connection.close();

  for (const one of calls) await rejects(one, code("MCPX_UPSTREAM_CLOSED"));
  strictEqual(clock.pending, 0);
});

Deno.test("UpstreamConnection is in no haste with a server that always wants its stream opened at once", async () => {
  const clock = createWatchedClock();
  let count = 0;
  await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method === "DELETE") return new Response();
    if (request.method === "GET") {
      count++;
      return new Response("retry: 0\n\n", { headers: { "content-type": "text/event-stream" } });
    }
    const { id } = await request.json();
    const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} };
    return id === undefined
      ? new Response(null, { status: 202 })
      : Response.json({ jsonrpc: "2.0", id, result });
  });
  const waits = clock.nextTimer(100);
  await using _opened = await open(server({ url: `http://127.0.0.1:${http.addr.port}/` }), { clock });

  await waits;
  for (const [nowMs, nextMs] of [[100, 200], [200, 400], [400, 800], [800, 1_600], [1_600, 2_000]] as const) {
    const next = clock.nextTimer(nextMs);
    clock.advance(nowMs);
    await next;
  }

  strictEqual(count, 6);
});

Deno.test("UpstreamConnection.ping() is content with a server that knows no ping, not with one that fails", async () => {
  const ping = async (error: { readonly code: number; readonly message: string }) => {
    await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const { id, method } = await request.json();
      const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} };
      if (id === undefined) return new Response(null, { status: 202 });
      return Response.json(
        method === "ping" ? { jsonrpc: "2.0", id, error } : { jsonrpc: "2.0", id, result },
      );
    });
    await using opened = await open(server({ url: `http://127.0.0.1:${http.addr.port}/` }));
    await opened.connection.ping(5_000);
  };

  await ping({ code: -32601, message: "Method not found" });
  await rejects(ping({ code: -32603, message: "Broken" }), { name: "UpstreamRpcError", message: "Broken" });
});

Deno.test("UpstreamConnection takes a cancelled call back from the server", async () => {
  await using http = serveScript([]);
  await using opened = await open(server({ url: http.url }));
  const controller = new AbortController();
  const request = call(opened, "hanging", {}, { signal: controller.signal });
  await http.seen(/^hanging /);

  controller.abort(new RangeError("enough"));

  await rejects(request, { name: "RangeError", message: "enough" });
  await http.seen(/^cancelled /);
  await call(opened, "echo");
});

Deno.test("UpstreamConnection fails one call on a server error, and ends on 401", async () => {
  await using broken = await serveScript(["status-after=500"]);
  await using one = await open(server({ url: broken.url }));
  await rejects(call(one, "echo"), code("MCPX_HTTP_5XX"));
  await one.connection.listTools();
  deepStrictEqual(one.heard.closed, []);

  await using closed = await serveScript(["status-after=401"]);
  await using other = await open(server({ url: closed.url }));
  await rejects(call(other, "echo"), code("MCPX_HTTP_401"));
  deepStrictEqual(other.heard.closed.map(({ code }) => code), ["MCPX_HTTP_401"]);
  match(other.heard.closed[0]?.message ?? "", /answered with HTTP status 401$/);
});

Deno.test("UpstreamConnection takes the answer that comes with an HTTP error", async () => {
  const answers: Record<string, (id: unknown) => Response> = {
    initialize: (id) =>
      Response.json({
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} },
      }),
    "tools/call": (id) =>
      Response.json({ jsonrpc: "2.0", id, error: { code: -32602, message: "Bad arguments" } }, {
        status: 400,
      }),
    "ping": () =>
      Response.json({ jsonrpc: "2.0", id: 99, error: { code: 1, message: "x" } }, { status: 400 }),
  };
  await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method } = await request.json();
    return answers[method]?.(id) ?? new Response(null, { status: 202 });
  });
  await using opened = await open(server({ url: `http://127.0.0.1:${http.addr.port}/` }));

  await rejects(call(opened, "any"), { code: -32602, message: "Bad arguments" });
  await rejects(opened.connection.ping(5_000), code("MCPX_HTTP_4XX"));
  deepStrictEqual(opened.heard.closed, []);
});

Deno.test("UpstreamConnection fails a call whose stream ends without an answer", async () => {
  await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method } = await request.json();
    if (method === "tools/call") {
      return new Response(": nothing\n\n", { headers: { "content-type": "text/event-stream" } });
    }
    const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} };
    return id === undefined
      ? new Response(null, { status: 202 })
      : Response.json({ jsonrpc: "2.0", id, result });
  });
  await using opened = await open(server({ url: `http://127.0.0.1:${http.addr.port}/` }));

  await rejects(call(opened, "any"), code("MCPX_UPSTREAM_CLOSED"));
  await opened.connection.ping(5_000);
});
