import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { watchLag } from "../../../lib/app/lag.ts";
import type { Clock } from "../../../lib/platform/mod.ts";

Deno.test("watchLag() tells of work that keeps others waiting, once in a while, and not of sleep", () => {
  let now = 0;
  let turn = () => {};
  const clock = {
    monotonic: () => now,
    every: (_ms: number, work: () => void) => {
      turn = work;
      return { [Symbol.dispose]() {} };
    },
  } as unknown as Clock; // all that is asked of it
  const told: unknown[] = [];
  using lag = watchLag({ clock, log: { warn: (_text, fields) => void told.push(fields) } });
  const after = (ms: number) => {
    now += ms;
    turn();
  };

  after(510);
  strictEqual(lag.worstMs, 10);
  after(900);
  after(1_500);
  deepStrictEqual(told, [{ lagMs: 400 }], "the second comes too soon after the first");
  strictEqual(lag.worstMs, 1_000);
  after(8 * 3_600_000);
  strictEqual(lag.worstMs, 1_000, "a machine that slept is another thing");
  for (let count = 0; count < 250; count++) after(500);
  strictEqual(lag.worstMs, 0);
});
