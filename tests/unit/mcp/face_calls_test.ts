import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ToolResult } from "../../../lib/contracts/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { call, createFace, META, openSession, post, textResult } from "./face_fixture.ts";

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
