import { deepStrictEqual } from "node:assert/strict";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

Deno.test("Clock.inPauses() has work done in each pause until it is disposed", () => {
  const { clock } = createDenoPlatform();
  const done: string[] = [];
  const work = () => void done.push("same");
  const [one, same] = [clock.inPauses(work), clock.inPauses(work)];
  clock.inPauses(() => {
    done.push("other");
    same[Symbol.dispose]();
  });
  clock.pause();
  clock.pause();
  one[Symbol.dispose]();
  clock.pause();
  deepStrictEqual(done, ["same", "same", "other", "same", "other", "other"]);
});
