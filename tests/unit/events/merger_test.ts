import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { createMerger } from "../../../lib/events/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

Deno.test("Merger tells of a burst once, of each key the latest, the latest key last", () => {
  const clock = createManualClock();
  const told: [string, number][][] = [];
  const merger = createMerger<number>(clock, (burst) => told.push([...burst]));

  merger.note("a", 1);
  clock.advance(30);
  merger.note("b", 2);
  merger.note("a", 3);
  clock.advance(19);
  deepStrictEqual(told, []);
  clock.advance(1);
  deepStrictEqual(told, [[["b", 2], ["a", 3]]]);

  clock.advance(1_000);
  merger.note("a", 4);
  merger.flush();
  merger.flush();
  deepStrictEqual(told.slice(1), [[["a", 4]]]);
  strictEqual(clock.pending, 0);
});

Deno.test("Merger takes what is noted while it tells into the next burst, and tells nothing when disposed", () => {
  const clock = createManualClock();
  const told: string[] = [];
  const merger = createMerger<number>(clock, (burst) => {
    told.push([...burst.keys()].join());
    if (told.length === 1) merger.note("next", 0);
  });
  merger.note("first", 0);
  clock.advance(50);
  clock.advance(50);
  deepStrictEqual(told, ["first", "next"]);

  merger.note("late", 0);
  merger[Symbol.dispose]();
  clock.advance(50);
  deepStrictEqual(told, ["first", "next"]);
});

Deno.test("Merger loses no key and tells of none later than its time", () => {
  const note = fc.record({ afterMs: fc.nat(80), key: fc.constantFrom("a", "b", "c") });
  fc.assert(
    fc.property(fc.array(note), (notes) => {
      const clock = createManualClock();
      const state: Record<string, number> = {};
      const seen: Record<string, number> = {};
      const dueAt: Record<string, number> = {};
      const merger = createMerger<number>(clock, (burst) => {
        for (const [key, value] of burst) {
          seen[key] = value;
          strictEqual(clock.monotonic() <= (dueAt[key] ?? 0), true);
          delete dueAt[key];
        }
      });
      notes.forEach(({ afterMs, key }, value) => {
        clock.advance(afterMs);
        state[key] = value;
        dueAt[key] ??= clock.monotonic() + 50;
        merger.note(key, value);
      });
      clock.advance(50);
      deepStrictEqual(seen, state);
    }),
  );
});
