import { deepStrictEqual } from "node:assert/strict";
import { Intake } from "../../../lib/activity/intake.ts";
import type { Prepared } from "../../../lib/activity/prepare.ts";
import { createManualClock } from "../../support/manual_clock.ts";

Deno.test("Intake makes a record ready in each pause, and has them written together", () => {
  const clock = createManualClock();
  const seen: (number | "written")[] = [];
  const intake = new Intake({
    clock,
    prepare: (_entry, at) => ({ at }) as unknown as Prepared, // looked at by `take` alone
    take: (prepared) => {
      seen.push(Reflect.get(prepared, "at"));
      return true;
    },
    onIdle: () => seen.push("written"),
    onNotice: () => {},
  });
  const entry = { type: "tool_call", status: "success", source: "api" } as const;
  intake.add(entry, 1);
  clock.pause();
  deepStrictEqual(seen, [], "not before it is open");
  intake.open();
  for (const at of [2, 3, 4]) intake.add(entry, at);
  clock.pause();
  clock.pause();
  deepStrictEqual(seen, [1, 2]);
  clock.advance(80);
  deepStrictEqual(seen, [1, 2, 3, 4, "written"]);
  intake.add(entry, 5);
  intake.close();
  clock.pause();
  deepStrictEqual([seen.slice(5), clock.pending], [[5, "written"], 0]);
});
