import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { atOnce, inSlices } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

/** Work whose every step takes a millisecond of the clock, and that notes what is done when. */
function* work(clock: ReturnType<typeof createManualClock>, done: number[], count: number) {
  for (let at = 0; at < count; at++) {
    done.push(at);
    clock.advance(1);
    yield;
  }
  return "done";
}

Deno.test("inSlices() does short work at once", () => {
  const clock = createManualClock();

  strictEqual(inSlices(clock, work(clock, [], 1)), "done");
  strictEqual(clock.pending, 0);
});

Deno.test("inSlices() lets others have a turn after each two milliseconds", async () => {
  const clock = createManualClock();
  const done: number[] = [];

  const result = inSlices(clock, work(clock, done, 5));
  deepStrictEqual(done, [0, 1]);
  await clock.advanceAsync(10);

  strictEqual(await result, "done");
  deepStrictEqual(done, [0, 1, 2, 3, 4]);
});

Deno.test("inSlices() does all at once where there is no clock, as atOnce() does", () => {
  const clock = createManualClock();

  strictEqual(inSlices(undefined, work(clock, [], 50)), "done");
  strictEqual(atOnce(work(clock, [], 50)), "done");
});

Deno.test("inSlices() fails as its steps do", async () => {
  const clock = createManualClock();
  function* failing(after: number) {
    yield* work(clock, [], after);
    throw new RangeError("broken");
  }

  throws(() => inSlices(clock, failing(0)), RangeError);
  const late = inSlices(clock, failing(3));
  const failed = rejects(Promise.resolve(late), RangeError);
  await clock.advanceAsync(10);
  await failed;
});
