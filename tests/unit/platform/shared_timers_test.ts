import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { createSharedTimers } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

Deno.test("createSharedTimers() calls back in the order of time, each once", () => {
  const clock = createManualClock();
  const timers = createSharedTimers(clock);
  const heard: string[] = [];
  timers.after(100, () => heard.push("first"));
  timers.after(50, () => heard.push("short"));
  clock.advance(30);
  timers.after(100, () => heard.push("second"));

  clock.advance(69);
  deepStrictEqual(heard, ["short"]);
  clock.advance(1);
  deepStrictEqual(heard, ["short", "first"]);
  clock.advance(30);
  deepStrictEqual(heard, ["short", "first", "second"]);
  clock.advance(1_000);
  deepStrictEqual([heard.length, clock.pending], [3, 0]);
});

Deno.test("createSharedTimers() forgets what is disposed, wherever it stands, twice included", () => {
  const clock = createManualClock();
  const timers = createSharedTimers(clock);
  const heard: number[] = [];
  const set = [1, 2, 3, 4].map((number) => timers.after(100, () => heard.push(number)));
  for (const number of [0, 2, 2, 3]) set[number]?.[Symbol.dispose]();

  clock.advance(100);

  deepStrictEqual([heard, clock.pending], [[2], 0]);
});

Deno.test("createSharedTimers() asks the clock for one timer however many are set", () => {
  const clock = createManualClock();
  const timers = createSharedTimers(clock);
  for (let count = 0; count < 100; count++) timers.after(100, () => {});
  strictEqual(clock.pending, 1);
  timers[Symbol.dispose]();
  strictEqual(clock.pending, 0);
});

Deno.test("createSharedTimers() takes timers that a callback sets, and disposes", () => {
  const clock = createManualClock();
  const timers = createSharedTimers(clock);
  const heard: string[] = [];
  timers.after(100, () => {
    heard.push("first");
    later[Symbol.dispose]();
    timers.after(100, () => heard.push("again"));
  });
  clock.advance(10);
  const later = timers.after(100, () => heard.push("later"));
  timers.after(100, () => heard.push("last"));

  clock.advance(90);
  deepStrictEqual([heard, clock.pending], [["first"], 1]);
  clock.advance(10);
  clock.advance(90);

  deepStrictEqual([heard, clock.pending], [["first", "last", "again"], 0]);
});

Deno.test("createSharedTimers() is silent after its end, which a callback may bring", () => {
  const clock = createManualClock();
  const timers = createSharedTimers(clock);
  const heard: string[] = [];
  timers.after(100, () => {
    heard.push("end");
    timers[Symbol.dispose]();
  });
  timers.after(100, () => heard.push("never"));
  clock.advance(1);
  timers.after(100, () => heard.push("never"));
  clock.advance(99);
  timers.after(10, () => heard.push("never"))[Symbol.dispose]();
  clock.advance(1_000);

  deepStrictEqual([heard, clock.pending], [["end"], 0]);
});

Deno.test("createSharedTimers() goes on after a callback that throws", () => {
  const clock = createManualClock();
  const timers = createSharedTimers(clock);
  const heard: string[] = [];
  timers.after(100, () => {
    throw new Error("of its own");
  });
  clock.advance(10);
  timers.after(100, () => heard.push("behind it"));

  throws(() => clock.advance(90), /of its own/);
  clock.advance(10);
  timers.after(100, () => heard.push("later"));
  clock.advance(100);

  deepStrictEqual([heard, clock.pending], [["behind it", "later"], 0]);
});
