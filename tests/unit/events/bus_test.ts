import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type BusEvent, createEventBus } from "../../../lib/events/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

Deno.test("publish() numbers events from 1 and stamps them with the clock", () => {
  const clock = createManualClock(5_000);
  const bus = createEventBus(clock);

  const first = bus.publish("servers.changed", { server: "a" });
  clock.advance(7);
  const second = bus.publish("config.reloaded", undefined);

  deepStrictEqual(first, { seq: 1, at: 5_000, type: "servers.changed", payload: { server: "a" } });
  deepStrictEqual([second.seq, second.at, bus.lastSeq], [2, 5_007, 2]);
  throws(() => Object.assign(first, { seq: 9 }), TypeError);
});

Deno.test("subscribe() hears events until it is disposed", () => {
  const bus = createEventBus(createManualClock());
  const heard: number[] = [];
  bus.publish("early", 0);
  const subscription = bus.subscribe(({ seq }) => heard.push(seq));

  bus.publish("one", 0);
  subscription[Symbol.dispose]();
  bus.publish("two", 0);

  deepStrictEqual(heard, [2]);
});

Deno.test("publish() goes on after a listener throws, and so does that listener", () => {
  const failures: [unknown, number][] = [];
  const fault = new Error("Broken listener");
  const bus = createEventBus(createManualClock(), {
    onListenerError: (error, event) => {
      failures.push([error, event.seq]);
      throw new Error("Broken reporter");
    },
  });
  const heard: number[] = [];
  bus.subscribe(() => {
    throw fault;
  });
  bus.subscribe(({ seq }) => heard.push(seq));

  bus.publish("one", 0);
  bus.publish("two", 0);

  deepStrictEqual(heard, [1, 2]);
  deepStrictEqual(failures, [[fault, 1], [fault, 2]]);
});

Deno.test("publish() from within a listener keeps the order for everyone", () => {
  const bus = createEventBus(createManualClock());
  const heard: string[] = [];
  const late: number[] = [];
  bus.subscribe(({ type }) => {
    if (type !== "cause") return;
    bus.publish("effect", 0);
    bus.subscribe(({ seq }) => late.push(seq));
  });
  bus.subscribe(({ type }) => heard.push(type));

  bus.publish("cause", 0);
  bus.publish("after", 0);

  deepStrictEqual(heard, ["cause", "effect", "after"]);
  deepStrictEqual(late, [3], "a subscription starts after the events that were published before it");
});

Deno.test("subscribe() ended by another listener hears no more, not even the event at hand", () => {
  const bus = createEventBus(createManualClock());
  const heard: number[] = [];
  const subscriptions: Disposable[] = [];
  bus.subscribe(() => subscriptions[0]?.[Symbol.dispose]());
  subscriptions.push(bus.subscribe(({ seq }) => heard.push(seq)));

  bus.publish("one", 0);

  deepStrictEqual(heard, []);
});

Deno.test("since() replays what the ring holds and says when it does not", () => {
  const bus = createEventBus(createManualClock(), { ring: 3 });
  deepStrictEqual(bus.since(0), []);
  const all: BusEvent[] = [];
  for (let turn = 1; turn <= 5; turn++) all.push(bus.publish(`event ${turn}`, turn));

  deepStrictEqual(bus.since(2), all.slice(2));
  deepStrictEqual(bus.since(4), all.slice(4));
  deepStrictEqual(bus.since(5), []);
  for (const unknown of [0, 1, 6, -1, 2.5, Number.NaN, Infinity]) strictEqual(bus.since(unknown), "gap");
});

Deno.test("since() replays everything while nothing has been dropped", () => {
  const bus = createEventBus(createManualClock());
  for (let turn = 0; turn < 4096; turn++) bus.publish("event", turn);

  strictEqual(bus.since(0).length, 4096);
  bus.publish("event", 0);
  strictEqual(bus.since(0), "gap");
  strictEqual(bus.since(1).length, 4096);
});

Deno.test("createEventBus() refuses a ring that holds nothing", () => {
  for (const ring of [0, -1, 1.5, Number.NaN]) {
    throws(() => createEventBus(createManualClock(), { ring }), RangeError);
  }
});
