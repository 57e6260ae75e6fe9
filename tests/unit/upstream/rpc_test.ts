import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import type { RequestOptions } from "../../../lib/upstream/request_options.ts";
import { Rpc } from "../../../lib/upstream/rpc.ts";
import { UpstreamRpcError } from "../../../lib/upstream/rpc_error.ts";
import type { SendOptions, Transport, WireMessage } from "../../../lib/upstream/transport.ts";
import { createManualClock } from "../../support/manual_clock.ts";

interface Sent {
  readonly message: WireMessage;
  readonly options: SendOptions | undefined;
}

function setUp(send: (message: WireMessage) => Promise<void> = () => Promise.resolve()) {
  const clock = createManualClock();
  const sent: Sent[] = [];
  const notifications: unknown[] = [];
  const rpc = new Rpc({
    clock,
    name: "fake",
    onNotification: (message) => void notifications.push(message),
    toFailure: (thrown) => new GatewayError("MCPX_UPSTREAM_CLOSED", `Cannot send: ${thrown}`),
  });
  const transport: Transport = {
    wire: "stdio",
    pid: undefined,
    send(message, options) {
      sent.push({ message, options });
      return send(message);
    },
    setProtocolVersion: () => {},
    close: () => Promise.resolve(),
  };
  rpc.attach(transport);
  const call = (options?: RequestOptions) => rpc.request("tools/call", { name: "x" }, options);
  return { clock, rpc, sent, notifications, call, methods: () => sent.map(({ message }) => message.method) };
}

const CLOSED = new GatewayError("MCPX_UPSTREAM_CLOSED", "Cannot go on: closed");

const code = (wanted: string) => (error: unknown) => error instanceof GatewayError && error.code === wanted;

Deno.test("Rpc gives each request the answer with its id, in any order", async () => {
  const { rpc, sent, clock } = setUp();
  const first = rpc.request("a");
  const second = rpc.request("b", { x: 1 });

  rpc.receive({ jsonrpc: "2.0", id: 2, result: { is: "second" } });
  rpc.receive({ jsonrpc: "2.0", id: "1", result: { is: "first" } });

  deepStrictEqual(await Promise.all([first, second]), [{ is: "first" }, { is: "second" }]);
  deepStrictEqual(sent.map(({ message }) => message), [
    { jsonrpc: "2.0", id: 1, method: "a" },
    { jsonrpc: "2.0", id: 2, method: "b", params: { x: 1 } },
  ]);
  rpc.close(CLOSED);
  strictEqual(clock.pending, 0);
});

Deno.test("Rpc ignores answers to what was not asked", async () => {
  const { rpc } = setUp();
  const request = rpc.request("a");

  for (const id of [2, 0, null, true, [1], "", undefined]) {
    rpc.receive({ jsonrpc: "2.0", id, result: { id } });
  }
  rpc.receive({ jsonrpc: "2.0", id: 1, result: { right: true } });
  rpc.receive({ jsonrpc: "2.0", id: 1, result: { late: true } });

  deepStrictEqual(await request, { right: true });
});

Deno.test("Rpc keeps the words and data of the server's error", async () => {
  const { rpc, call } = setUp();
  const failed = call();
  const bare = call();
  const both = call();

  rpc.receive({ jsonrpc: "2.0", id: 1, error: { code: -32099, message: "No", data: { until: 1 } } });
  rpc.receive({ jsonrpc: "2.0", id: 2, error: {} });
  rpc.receive({ jsonrpc: "2.0", id: 3, error: null, result: { fine: true } });

  await rejects(failed, (error) => {
    strictEqual(error instanceof UpstreamRpcError && error.code, -32099);
    deepStrictEqual([(error as UpstreamRpcError).message, (error as UpstreamRpcError).data], ["No", {
      until: 1,
    }]);
    return true;
  });
  await rejects(bare, { code: 0, message: "The server gave no reason" });
  deepStrictEqual(await both, { fine: true });
});

Deno.test("Rpc refuses an answer without a result object", async () => {
  const { rpc, call } = setUp();
  const calls = [call(), call(), call()];

  rpc.receive({ jsonrpc: "2.0", id: 1 });
  rpc.receive({ jsonrpc: "2.0", id: 2, result: "text" });
  rpc.receive({ jsonrpc: "2.0", id: 3, result: [] });

  for (const one of calls) await rejects(one, code("MCPX_UPSTREAM_PROTOCOL"));
});

Deno.test("Rpc asks for progress of tool calls and keeps the caller's _meta", () => {
  const { rpc, sent } = setUp();

  void rpc.request("tools/call", { name: "x", _meta: { trace: "t", progressToken: "theirs" } });

  deepStrictEqual(sent[0]?.message.params, { name: "x", _meta: { trace: "t", progressToken: 1 } });
});

Deno.test("Rpc adds the envelope of the revision and keeps the caller's _meta", () => {
  const { rpc, sent } = setUp();
  rpc.decorateWith((params) => ({ ...params, _meta: { ...params?._meta as object, version: "new" } }));

  void rpc.request("tools/call", { name: "x", _meta: { trace: "t" } });
  void rpc.notify("notifications/x");

  deepStrictEqual(sent[0]?.message.params, {
    name: "x",
    _meta: { trace: "t", version: "new", progressToken: 1 },
  });
  deepStrictEqual(sent[1]?.message.params, { _meta: { version: "new" } });
});

Deno.test("Rpc delivers progress before the result, and none after it", async () => {
  const { rpc, call } = setUp();
  const order: unknown[] = [];
  const request = call({ onProgress: ({ progress }) => order.push(progress) }).then(() =>
    order.push("result")
  );
  const progress = (value: number) =>
    rpc.receive({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: 1, progress: value },
    });

  progress(1);
  progress(2);
  rpc.receive({ jsonrpc: "2.0", id: 1, result: {} });
  progress(3);
  await request;

  deepStrictEqual(order, [1, 2, "result"]);
});

Deno.test("Rpc passes notifications on, and a listener that throws stops nothing", async () => {
  const { rpc, notifications, call } = setUp();
  const request = call({
    onProgress() {
      throw new Error("listener");
    },
  });

  rpc.receive({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  rpc.receive({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1 } });
  rpc.receive({ jsonrpc: "2.0", method: "notifications/progress" });
  rpc.receive({ jsonrpc: "2.0", id: 1, result: {} });

  deepStrictEqual(await request, {});
  deepStrictEqual(notifications, [{ method: "notifications/tools/list_changed", params: undefined }]);
});

Deno.test("Rpc gives up after a time without answer or progress, and tells the server", async () => {
  const { clock, rpc, sent, call } = setUp();
  const request = call({ timeoutMs: 100 });

  clock.advance(99);
  rpc.receive({
    jsonrpc: "2.0",
    method: "notifications/progress",
    params: { progressToken: 1, progress: 1 },
  });
  clock.advance(99);
  strictEqual(sent.length, 1);
  clock.advance(1);

  await rejects(request, code("MCPX_CALL_TIMEOUT"));
  strictEqual(sent[1]?.message.method, "notifications/cancelled");
  strictEqual((sent[1]?.message.params as { requestId: unknown }).requestId, 1);
  strictEqual(sent[0]?.options?.signal?.aborted, true);
  strictEqual(clock.pending, 0);
});

Deno.test("Rpc gives up after ten times its time, however much progress comes", async () => {
  const { clock, rpc, call } = setUp();
  const startedAt = clock.monotonic();
  const request = call({ timeoutMs: 100 });
  const ended = request.then(() => NaN, () => clock.monotonic() - startedAt);

  for (let count = 0; count < 30; count++) {
    clock.advance(50);
    rpc.receive({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1 } });
    await Promise.resolve();
    if (clock.pending === 0) break;
  }

  await rejects(request, {
    message: 'Cannot finish "tools/call" of server "fake": it sends progress but no answer',
  });
  strictEqual(await ended, 1_000);
});

Deno.test("Rpc cancels with the caller's reason, and ignores what comes late", async () => {
  const { clock, rpc, methods, call } = setUp();
  const controller = new AbortController();
  const request = call({ signal: controller.signal });

  controller.abort(new RangeError("enough"));
  rpc.receive({ jsonrpc: "2.0", id: 1, result: {} });
  rpc.receive({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1 } });

  await rejects(request, { name: "RangeError", message: "enough" });
  deepStrictEqual(methods(), ["tools/call", "notifications/cancelled"]);
  rpc.close(CLOSED);
  strictEqual(clock.pending, 0);
});

Deno.test("Rpc sends nothing for a request that is cancelled beforehand", async () => {
  const { sent, call } = setUp();

  await rejects(call({ signal: AbortSignal.abort(new Error("no")) }), { message: "no" });

  strictEqual(sent.length, 0);
});

Deno.test("Rpc never cancels the handshake", async () => {
  const { clock, rpc, methods } = setUp();
  const request = rpc.request("initialize", {}, { timeoutMs: 10 });

  clock.advance(10);

  await rejects(request, code("MCPX_CALL_TIMEOUT"));
  deepStrictEqual(methods(), ["initialize"]);
});

Deno.test("Rpc fails everything when the wire is closed, now and later", async () => {
  const { clock, rpc, sent, call } = setUp();
  const first = call();
  const failure = new GatewayError("MCPX_UPSTREAM_CLOSED", "Cannot go on: it is over");

  rpc.close(failure);
  rpc.close(new GatewayError("MCPX_INTERNAL", "Cannot happen: it is closed"));

  await rejects(first, failure);
  const { code, message } = failure;
  await rejects(call(), { code, message, details: { reached_server: false } });
  strictEqual(rpc.closed, failure);
  strictEqual(sent.length, 1);
  strictEqual(clock.pending, 0);
});

Deno.test("Rpc names a failure to send, and an answer that breaks off", async () => {
  const failing = setUp(() => Promise.reject(new Error("pipe")));
  await rejects(failing.call(), { message: "Cannot send: Error: pipe" });
  failing.rpc.close(CLOSED);
  strictEqual(failing.clock.pending, 0);

  const breaking = setUp();
  const request = breaking.call();
  breaking.sent[0]?.options?.onEnd?.();
  await rejects(request, code("MCPX_UPSTREAM_CLOSED"));
});

Deno.test("Rpc fails only the request whose answer was lost, and takes no more of it", async () => {
  const { rpc, sent, call } = setUp();
  const [first, second] = [call(), call()];
  const failure = new GatewayError(
    "MCPX_UPSTREAM_MESSAGE_TOO_LARGE",
    "Cannot take the answer: it is too large",
  );

  rpc.fail(undefined, failure);
  rpc.fail(9, failure);
  rpc.fail(1, failure);
  rpc.receive({ jsonrpc: "2.0", id: 2, result: {} });

  await rejects(first, failure);
  deepStrictEqual(await second, {});
  deepStrictEqual(sent.map(({ options }) => options?.signal?.aborted), [true, false]);
});

Deno.test("Rpc answers pings of the server and declines what it cannot do", () => {
  const { rpc, sent } = setUp();

  rpc.receive({ jsonrpc: "2.0", id: "p", method: "ping" });
  rpc.receive({ jsonrpc: "2.0", id: 0, method: "sampling/createMessage", params: {} });

  deepStrictEqual(sent.map(({ message }) => message), [
    { jsonrpc: "2.0", id: "p", result: {} },
    {
      jsonrpc: "2.0",
      id: 0,
      error: { code: -32601, message: 'Cannot pass "sampling/createMessage" on: no client is waiting' },
    },
  ]);
});
