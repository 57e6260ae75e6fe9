import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { readEvents } from "../../../lib/client/event_reader.ts";
import { type EventPlace, followEvents } from "../../../lib/client/follow_events.ts";
import { toWireRequest } from "../../../lib/client/wire_request.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const encoder = new TextEncoder();

function streamOf(...chunks: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(chunks.map((chunk) => encoder.encode(chunk)));
}

const event = (run: string, seq: number, type = "x") =>
  `id: ${run}:${seq}\nevent: ${type}\ndata: {"seq":${seq},"payload":{"n":${seq}},"at":"t"}\n\n`;

const away = () => new GatewayError("MCPX_DAEMON_NOT_RUNNING", "Cannot reach the daemon: none");

/** Follows a daemon whose streams come one after the other; waits are noted and over at once. */
function openFollower(answers: readonly (string[] | Error)[], filter = {}) {
  const waits: number[] = [];
  const clock = {
    ...createManualClock(),
    after(delayMs: number, callback: () => void): Disposable {
      waits.push(delayMs);
      queueMicrotask(callback);
      return { [Symbol.dispose]() {} };
    },
  };
  const places: EventPlace[] = [];
  const stop = new AbortController();
  const open = (place: EventPlace) => {
    const answer = answers[places.length];
    places.push(place);
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer !== undefined) return Promise.resolve(streamOf(...answer));
    stop.abort();
    return Promise.reject(away());
  };
  const run = () => Array.fromAsync(followEvents({ clock, open }, filter, stop.signal));
  return { run, places, waits };
}

Deno.test("readEvents() reads events through any cuts, skips comments and refuses what is none", async () => {
  const text = `: hello\nretry: 5000\n\n${event("r", 1)}: keep-alive\n\nevent: gap\ndata: {"reason":"r"}\n\n${
    event("r", 2, "servers.changed")
  }`;
  const wanted = [
    { seq: 1, id: "r:1", type: "x", at: "t", payload: { n: 1 } },
    { seq: 0, id: "", type: "gap", payload: { reason: "r" } },
    { seq: 2, id: "r:2", type: "servers.changed", at: "t", payload: { n: 2 } },
  ];
  for (const size of [1, 7, 1000]) {
    const chunks = Array.from(
      { length: Math.ceil(text.length / size) },
      (_, index) => text.slice(index * size, (index + 1) * size),
    );
    deepStrictEqual(await Array.fromAsync(readEvents(streamOf(...chunks))), wanted);
  }
  for (const data of ["nonsense", '{"payload":1}']) {
    await rejects(Array.fromAsync(readEvents(streamOf(`data: ${data}\n\n`))), GatewayError);
  }
});

Deno.test("followEvents() comes back behind the last event after an interruption and a restart", async () => {
  const { run, places, waits } = openFollower(
    [
      [event("one", 5), event("one", 6)],
      away(),
      new GatewayError("MCPX_SHUTTING_DOWN", "Cannot accept the request: mcpproxy is shutting down"),
      [event("two", 1, "snapshot"), event("two", 2)],
    ],
    { since: 4 },
  );

  const seen = await run();

  deepStrictEqual(seen.map(({ id }) => id), ["one:5", "one:6", "two:1", "two:2"]);
  deepStrictEqual(places, [
    { since: 4 },
    { lastEventId: "one:6" },
    { lastEventId: "one:6" },
    { lastEventId: "one:6" },
    { lastEventId: "two:2" },
  ]);
  deepStrictEqual(waits, [250, 500, 1_000, 250], "longer each time, from the start again once it is back");
});

Deno.test("followEvents() ends at once when it is stopped, whatever has come already and however silent the stream is", async () => {
  let isCancelled = false;
  const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(encoder.encode(event("r", 1) + event("r", 2))),
    cancel: () => void (isCancelled = true),
  });
  const stop = new AbortController();
  const open = () => Promise.resolve(silent);
  const seen: number[] = [];
  for await (const { seq } of followEvents({ clock: createManualClock(), open }, {}, stop.signal)) {
    seen.push(seq);
    stop.abort();
  }
  deepStrictEqual(seen, [1]);
  ok(isCancelled);

  const later = new AbortController();
  const quiet = new ReadableStream<Uint8Array<ArrayBuffer>>();
  const waiting = followEvents(
    { clock: createManualClock(), open: () => Promise.resolve(quiet) },
    {},
    later.signal,
  );
  const next = waiting.next();
  later.abort();
  strictEqual((await next).done, true);
});

Deno.test("followEvents() passes on the types that are wanted, and always what was lost", async () => {
  const { run } = openFollower(
    [[event("r", 1, "servers.changed"), event("r", 2, "config.reloaded"), "event: gap\ndata: {}\n\n"]],
    { types: ["config"] },
  );
  deepStrictEqual((await run()).map(({ type }) => type), ["config.reloaded", "gap"]);
});

Deno.test("followEvents() ends with the reason if there is no daemon at first, or it refuses later", async () => {
  await rejects(
    openFollower([away()]).run(),
    (error) => error instanceof GatewayError && error.code === "MCPX_DAEMON_NOT_RUNNING",
  );
  const refused = openFollower([
    [event("r", 1)],
    new GatewayError("MCPX_UNAUTHORIZED", "Cannot accept the request: its key is not valid"),
  ]);
  await rejects(
    refused.run(),
    (error) => error instanceof GatewayError && error.code === "MCPX_UNAUTHORIZED",
  );
  strictEqual(refused.places.length, 2);
});

Deno.test("toWireRequest() sends a text as it is, and a condition as a header", () => {
  const text = '{ /* a */ "listen": "x" }';
  deepStrictEqual(toWireRequest("config.replace", { text, if_match: "abc" }), {
    method: "PUT",
    path: "/api/v1/config",
    body: text,
    headers: { "If-Match": '"abc"' },
  });
  const { headers, body } = toWireRequest("config.patch", { patch: { a: null }, if_match: '"a", "b"' });
  deepStrictEqual([headers, body], [{ "If-Match": '"a", "b"' }, '{"a":null}']);
  strictEqual(toWireRequest("config.diff", {}).body, "");
  ok(toWireRequest("config.validate", { config: { a: 1 } }).body?.includes('\n  "a": 1'));
});
