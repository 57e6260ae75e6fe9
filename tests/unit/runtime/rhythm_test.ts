import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openRhythm } from "../../../lib/runtime/rhythm.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

function open(clock: ManualClock, dice: number[], times: number[], periodMs = () => 1_000) {
  return openRhythm({
    clock,
    random: { number: () => dice.shift() ?? 0.5 },
    periodMs,
    work: () => times.push(clock.monotonic()),
  });
}

Deno.test("Rhythm keeps to its period, a tenth more or less", () => {
  const clock = createManualClock();
  const times: number[] = [];
  using _rhythm = open(clock, [0, 0.5, 0.999], times);
  clock.advance(3_000);
  deepStrictEqual(times.map(Math.round), [900, 1_900, 3_000]);
});

Deno.test("Rhythm takes a new period over, and rests while there is none", () => {
  const clock = createManualClock();
  const times: number[] = [];
  let periodMs = 0;
  using rhythm = open(clock, [], times, () => periodMs);
  strictEqual(clock.pending, 0);

  periodMs = 100;
  rhythm.refresh();
  clock.advance(90);
  rhythm.refresh(); // nothing new: it goes on
  clock.advance(10);
  rhythm.restart();
  clock.advance(99);
  deepStrictEqual(times, [100]);
  periodMs = 0;
  rhythm.refresh();
  strictEqual(clock.pending, 0);
});

Deno.test("Rhythm spreads what fell due while the process was stopped", () => {
  const clock = createManualClock();
  let stoppedMs = 0;
  const stopped: ManualClock = Object.create(clock, {
    monotonic: { value: () => clock.monotonic() + stoppedMs },
  });
  const times: number[] = [];
  const all = Array.from({ length: 100 }, (_, index) => open(stopped, [0.5, index / 100], times));

  stoppedMs = 60_000;
  clock.advance(1_000);
  deepStrictEqual(times, [61_000], "only the one that is to wait for no time at all");
  clock.advance(999);
  strictEqual(times.length, 100);
  strictEqual(new Set(times).size, 100);
  for (const rhythm of all) rhythm[Symbol.dispose]();
  strictEqual(clock.pending, 0);
});
