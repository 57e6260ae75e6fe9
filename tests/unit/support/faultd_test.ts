import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Fault, type Message, type Script, serveFaultd } from "../../support/faultd/mod.ts";
import { createConductor } from "../../support/faultd/script.ts";
import { openTcpProxy } from "../../support/tcp_proxy.ts";

let nextId = 1;

function post(url: string, message: Message, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return fetch(url, { method: "POST", body, headers });
}

function call(url: string, faults: readonly Fault[], headers: Record<string, string> = {}) {
  const params = { name: "fault", arguments: { do: faults } };
  return post(url, { id: nextId++, method: "tools/call", params }, headers);
}

async function textOf(response: Promise<Response>): Promise<string> {
  return await (await response).text();
}

Deno.test("createConductor() counts the requests that fit a rule", () => {
  const conductor = createConductor({
    rules: [
      { on: "tools/call echo", nth: 2, do: { kind: "hang" } },
      { on: "tools/list", nth: [2, 3], do: [{ kind: "delay", ms: 1 }, { kind: "empty" }] },
      { do: { kind: "duplicate" } },
    ],
  });
  const kinds = (method: string, name?: string) =>
    conductor.faultsFor({ id: 1, method, params: { name } }).map(({ kind }) => kind);

  deepStrictEqual(kinds("tools/call", "other"), ["duplicate"]);
  deepStrictEqual(kinds("tools/call", "echo"), ["duplicate"]);
  deepStrictEqual(kinds("tools/call", "echo"), ["hang", "duplicate"]);
  deepStrictEqual(kinds("tools/call", "echo"), ["duplicate"]);
  deepStrictEqual([1, 2, 3, 4].map(() => kinds("tools/list").length), [1, 3, 3, 1]);
  conductor.load({});
  deepStrictEqual(kinds("tools/list"), []);
});

Deno.test("serveFaultd() answers as a server without fault, in both revisions", async () => {
  await using server = await serveFaultd({ era: "both", tools: ["more"] });
  const meta = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };

  const opened = await post(server.url, { id: 1, method: "initialize", params: {} });
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  strictEqual((await opened.json()).result.protocolVersion, "2025-11-25");
  const listed = await (await post(server.url, { id: 2, method: "tools/list" }, session)).json();
  deepStrictEqual(listed.result.tools.map(({ name }: { name: string }) => name), ["echo", "fault", "more"]);
  const found = await (await post(server.url, { id: 3, method: "server/discover", params: meta })).json();
  deepStrictEqual(found.result.supportedVersions, ["2026-07-28"]);
  const noted = await post(server.url, { method: "notifications/initialized" }, session);
  deepStrictEqual([noted.status, await noted.text()], [202, ""]);
  server.load({ era: "modern" });
  const refused = await post(server.url, { id: 4, method: "initialize", params: {} });
  deepStrictEqual([refused.status, (await refused.json()).error.code], [400, -32022]);
  deepStrictEqual(server.log.slice(0, 2), ["POST /mcp initialize", "POST /mcp tools/list"]);
});

Deno.test("serveFaultd() does wrong what it is told to", async (t) => {
  await using server = await serveFaultd({});
  const { url } = server;
  const opened = await post(url, { id: 0, method: "initialize" });
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  await opened.body?.cancel();

  await t.step("in what it says", async () => {
    match(await textOf(call(url, [{ kind: "result", result: { x: 1 } }])), /"result":\{"x":1\}/);
    match(await textOf(call(url, [{ kind: "error", code: -5, message: "No" }])), /"code":-5,"message":"No"/);
    match(await textOf(call(url, [{ kind: "id", id: "x" }])), /"id":"x"/);
    ok((await textOf(call(url, [{ kind: "size", bytes: 100_000 }]))).length > 100_000);
    strictEqual((await textOf(call(url, [{ kind: "duplicate", times: 3 }]))).match(/data:/g)?.length, 3);
    const message = { jsonrpc: "2.0", method: "notifications/message" };
    strictEqual(
      (await textOf(call(url, [{ kind: "notify", message, times: 4 }]))).match(/data:/g)?.length,
      5,
    );
    match(await textOf(call(url, [{ kind: "endless" }])), /"nextCursor":"1"/);
  });

  await t.step("in HTTP", async () => {
    const refused = await call(url, [{ kind: "status", status: 503, body: "later" }]);
    deepStrictEqual([refused.status, await refused.text()], [503, "later"]);
    const lost = await call(url, [{ kind: "forget" }], session);
    deepStrictEqual([lost.status, (await lost.json()).error.message], [404, "Session not found"]);
  });

  await t.step("on the way", async () => {
    const whole = await textOf(call(url, [{ kind: "split", bytes: 7 }]));
    match(whole, /fault: /);
    await rejects(textOf(call(url, [{ kind: "partial", bytes: 10, then: "close" }])));
    await rejects(textOf(call(url, [{ kind: "partial", bytes: 150, then: "reset" }])), /reset|closed|body/i);
    const stream = await fetch(url);
    const told = await textOf(call(url, [{ kind: "hangUp" }]));
    match(told, /fault: /);
    strictEqual(await stream.text(), "");
    const hung = rejects(call(url, [{ kind: "hang" }]));
    await server.seen(/tools\/call/, server.log.filter((line) => line.includes("tools/call")).length + 1);
    await server[Symbol.asyncDispose]();
    await hung;
  });
});

Deno.test("serveFaultd() storms on its streams, and takes a script over HTTP", async () => {
  await using server = await serveFaultd({});
  const script: Script = { rules: [{ on: "ping", do: { kind: "storm", times: 50 } }] };
  const control = await fetch(server.url.replace("/mcp", "/control"), {
    method: "PUT",
    body: JSON.stringify(script),
  });
  strictEqual(control.status, 204);
  const stream = await fetch(server.url);
  const reader = (stream.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();

  await (await post(server.url, { id: 1, method: "ping" })).body?.cancel();

  let text = "";
  while ((text.match(/list_changed/g)?.length ?? 0) < 50) text += (await reader.read()).value ?? "";
  await reader.cancel();
});

Deno.test("TcpProxy passes everything on as long as nothing is wrong", async () => {
  await using server = await serveFaultd({});
  await using proxy = await openTcpProxy(server.port);
  const url = `http://127.0.0.1:${proxy.port}/mcp`;

  match(await textOf(call(url, [{ kind: "size", bytes: 500_000 }])), /x{500000}/);
  proxy.set({ latencyMs: 5 });
  match(await textOf(call(url, [])), /fault: /);

  ok(proxy.accepted >= 1 && proxy.passedBytes > 500_000);
});

Deno.test("TcpProxy breaks connections in every way", async () => {
  await using server = await serveFaultd({});
  await using proxy = await openTcpProxy(server.port);
  const url = `http://127.0.0.1:${proxy.port}/mcp`;
  const close = { connection: "close" };

  for (const then of ["close", "reset"] as const) {
    proxy.set({ cutAfterBytes: 120, then });
    await rejects(textOf(call(url, [{ kind: "size", bytes: 1_000 }], close)));
  }
  proxy.set({ cutAfterBytes: 120, then: "hang" });
  const hung = rejects(textOf(call(url, [{ kind: "size", bytes: 1_000 }], close)));
  await server.seen(/tools\/call/, 3);
  proxy.reset();
  await hung;

  proxy.set({ blackHole: true });
  const accepted = proxy.accepted;
  const swallowed = rejects(textOf(call(url, [], close)));
  while (proxy.accepted === accepted) await (await fetch(server.url, { method: "DELETE" })).text();
  await proxy.refuse();
  await swallowed;
  await rejects(textOf(call(url, [], close)));

  proxy.set({});
  await proxy.accept();
  match(await textOf(call(url, [], close)), /fault: /);
  notStrictEqual(proxy.port, server.port);
});
