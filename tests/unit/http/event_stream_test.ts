import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createEventBus, type EventBus } from "../../../lib/events/mod.ts";
import { serveEvents } from "../../../lib/http/event_stream.ts";
import { createManualClock } from "../../support/manual_clock.ts";

interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: { readonly seq: number; readonly payload: unknown };
  readonly comment?: string;
}

function open(
  bus: EventBus,
  clock = createManualClock(),
  lastEventId?: string,
  stopping = new AbortController(),
) {
  const headers = lastEventId === undefined ? undefined : { "last-event-id": lastEventId };
  const response = serveEvents(new Request("http://localhost/events", { headers }), {
    bus,
    clock,
    instance: "run1",
    snapshot: () => Promise.resolve({ state: "now" }),
    stopping: stopping.signal,
  });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  return { reader, clock, stopping };
}

/** Reads chunks until so many frames have come. */
async function frames(reader: ReadableStreamDefaultReader<string>, count: number): Promise<Frame[]> {
  let text = "";
  while (text.split("\n\n").length - 1 < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return text.split("\n\n").filter((part) => part !== "").map((part) => {
    const fields = Object.fromEntries(
      part.split("\n").map((line) => {
        const at = line.indexOf(": ");
        return at === 0 ? ["comment", line.slice(2)] : [line.slice(0, at), line.slice(at + 2)];
      }),
    );
    return { ...fields, data: fields.data === undefined ? undefined : JSON.parse(fields.data) };
  });
}

Deno.test("serveEvents() sends a snapshot, then every event with its number", async () => {
  const bus = createEventBus(createManualClock());
  bus.publish("old", {});
  const { reader } = open(bus);

  const first = await frames(reader, 2);
  bus.publish("servers.changed", { server: "a" });
  const [event] = await frames(reader, 1);

  deepStrictEqual(first[1], { id: "run1:1", event: "snapshot", data: { seq: 1, payload: { state: "now" } } });
  strictEqual(event?.id, "run1:2");
  strictEqual(event.event, "servers.changed");
  deepStrictEqual(event.data?.payload, { server: "a" });
  await reader.cancel();
});

Deno.test("serveEvents() replays what a client has missed", async () => {
  const bus = createEventBus(createManualClock());
  for (const name of ["a", "b", "c"]) bus.publish("x", name);
  const { reader } = open(bus, undefined, "run1:1");

  const [, b, c] = await frames(reader, 3);

  deepStrictEqual([b?.data?.payload, c?.data?.payload], ["b", "c"]);
  await reader.cancel();
});

Deno.test("serveEvents() sends a snapshot to a client of an earlier run, or one too far behind", async () => {
  for (const [ring, id] of [[10, "run0:1"], [1, "run1:1"], [10, "nonsense"]] as const) {
    const bus = createEventBus(createManualClock(), { ring });
    for (const name of ["a", "b", "c"]) bus.publish("x", name);
    const { reader } = open(bus, undefined, id);
    strictEqual((await frames(reader, 2))[1]?.event, "snapshot");
    await reader.cancel();
  }
});

Deno.test("serveEvents() tells a slow reader that it has missed something", async () => {
  const bus = createEventBus(createManualClock());
  const { reader } = open(bus);
  await frames(reader, 2);

  for (let i = 0; i < 3_000; i++) bus.publish("x", i);
  const events: Frame[] = [];
  while (events.at(-1)?.event !== "snapshot") events.push(...await frames(reader, 1));

  ok(events.some(({ event }) => event === "gap"));
  strictEqual(events.at(-1)?.data?.seq, 3_000);
  await reader.cancel();
});

Deno.test("serveEvents() beats while nothing happens and ends with the gateway", async () => {
  const bus = createEventBus(createManualClock());
  const { reader, clock, stopping } = open(bus);
  await frames(reader, 2);

  clock.advance(15_000);
  strictEqual((await frames(reader, 1))[0]?.comment, "keep-alive");
  stopping.abort();
  strictEqual((await reader.read()).done, true);
  strictEqual(clock.pending, 0);
});

Deno.test("serveEvents() listens no more once its stream has failed", async () => {
  const clock = createManualClock();
  const bus = createEventBus(clock);
  let listening = 0;
  const counting: EventBus = {
    publish: (type, payload) => bus.publish(type, payload),
    since: (seq) => bus.since(seq),
    get lastSeq() {
      return bus.lastSeq;
    },
    instance: bus.instance,
    subscribe(listener) {
      listening++;
      const subscription = bus.subscribe(listener);
      return { [Symbol.dispose]: () => (listening--, subscription[Symbol.dispose]()) };
    },
  };
  const response = serveEvents(new Request("http://localhost/events"), {
    bus: counting,
    clock,
    snapshot: () => Promise.reject(new Error("no")),
    stopping: new AbortController().signal,
  });

  await response.text().then(() => ok(false), (error) => strictEqual(error.message, "no"));

  deepStrictEqual([listening, clock.pending], [0, 0]);
});
