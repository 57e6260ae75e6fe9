import { deepStrictEqual, ok } from "node:assert/strict";
import { openBacklog } from "../../../../lib/calls/inspect/backlog.ts";
import { createManualClock } from "../../../support/manual_clock.ts";

function openScene() {
  const clock = createManualClock();
  const done: string[] = [];
  const backlog = openBacklog(clock);
  return {
    clock,
    done,
    backlog,
    leave(name: string, weight = 10) {
      ok(backlog.add(() => Promise.resolve(void done.push(name)), weight));
    },
  };
}

Deno.test("Backlog does a light piece in each pause, what is heavy a moment later, all in order", async () => {
  const { clock, done, backlog, leave } = openScene();
  leave("first");
  leave("second");
  leave("heavy", 1_000_000);
  leave("behind it");
  deepStrictEqual(done, []);
  for (const seen of [["first"], ["first", "second"], ["first", "second"]]) {
    clock.pause();
    await clock.advanceAsync(0);
    deepStrictEqual(done, seen);
  }
  await clock.advanceAsync(50);
  deepStrictEqual(done, ["first", "second", "heavy", "behind it"]);
  backlog[Symbol.dispose]();
});

Deno.test("Backlog does one piece at a time, and what is left when it is disposed", async () => {
  const { clock, done, backlog, leave } = openScene();
  const { promise, resolve } = Promise.withResolvers<void>();
  ok(backlog.add(() => promise.then(() => void done.push("slow")), 10));
  leave("next");
  clock.pause();
  clock.pause();
  await clock.advanceAsync(50);
  deepStrictEqual(done, []);
  backlog[Symbol.dispose]();
  resolve();
  await clock.advanceAsync(0);
  deepStrictEqual([done, clock.pending], [["slow", "next"], 0]);
});
