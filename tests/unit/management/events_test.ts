import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createEventBus } from "../../../lib/events/mod.ts";
import { followBus, listEvents } from "../../../lib/management/events.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const open = (ring = 4096) => createEventBus(createManualClock(), { ring, instance: "run" });

Deno.test("listEvents() lists what is kept, the latest of it, and says what is not", () => {
  const bus = open(4);
  for (const type of ["a.one", "b", "a.two", "a.three", "c", "a"]) bus.publish(type, {});
  const list = (since: number, type?: string, limit = 100) => {
    const { events, gap, last_seq } = listEvents(bus, { since, type, limit });
    strictEqual(last_seq, 6);
    return [...events.map(({ id }) => id), ...(gap ? ["gap"] : [])];
  };

  deepStrictEqual(list(0), ["run:3", "run:4", "run:5", "run:6", "gap"]);
  deepStrictEqual(list(4), ["run:5", "run:6"]);
  deepStrictEqual(list(2, "a", 2), ["run:4", "run:6"]);
  deepStrictEqual(list(2, "c, a.three"), ["run:4", "run:5"]);
  deepStrictEqual(list(6), []);
  deepStrictEqual(list(7), ["run:3", "run:4", "run:5", "run:6", "gap"], "a number of another run");
  deepStrictEqual(listEvents(open(), { since: 0, limit: 1 }), { events: [], last_seq: 0, gap: false });
});

Deno.test("followBus() tells a slow reader that it has lost something, and goes on", async () => {
  const bus = open();
  const stop = new AbortController();
  const events = followBus({ bus, snapshot: () => Promise.resolve("now") }, {}, stop.signal);
  strictEqual((await events.next()).value?.payload, "now");

  for (let n = 0; n < 600; n++) bus.publish("x", n);
  const first = await events.next();
  const second = await events.next();

  deepStrictEqual([first.value?.type, second.value?.payload], ["gap", 600 - 512]);
  stop.abort();
  for await (const _ of events) { /* what is queued may still come */ }
  bus.publish("x", "nobody listens");
});

Deno.test("followBus() ends at once when its signal aborts, waiting or not", async () => {
  const bus = open();
  for (const act of ["before", "while"]) {
    const stop = new AbortController();
    if (act === "before") stop.abort();
    const events = followBus({ bus, snapshot: () => Promise.resolve(0) }, { since: 0 }, stop.signal);
    const next = events.next();
    if (act === "while") stop.abort();
    strictEqual((await next).done, true);
  }
});
