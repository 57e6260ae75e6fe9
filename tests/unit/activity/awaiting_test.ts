import { deepStrictEqual } from "node:assert/strict";
import { Awaiting } from "../../../lib/activity/awaiting.ts";
import type { ActivityEntry } from "../../../lib/contracts/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const clock = createManualClock();
const ENTRY: ActivityEntry = { type: "tool_call", status: "success", metadata: { one: 1 } };

function openScene() {
  const taken: unknown[] = [];
  return {
    taken,
    awaiting: new Awaiting((entry, at) => void taken.push([at, entry.request_id, entry.metadata])),
  };
}

const named = (request_id: string): ActivityEntry => ({ ...ENTRY, request_id });

Deno.test("Awaiting adds what comes later to the record", async () => {
  const { taken, awaiting } = openScene();
  awaiting.add(named("a"), 5, Promise.resolve({ metadata: { two: 2 } }));
  deepStrictEqual([taken, awaiting.size], [[], 1]);
  await awaiting.settled(clock);
  deepStrictEqual(taken, [[5, "a", { one: 1, two: 2 }]]);
});

Deno.test("Awaiting keeps the order in which things happened", async () => {
  const { taken, awaiting } = openScene();
  const [slow, quick] = [Promise.withResolvers<object>(), Promise.withResolvers<object>()];
  awaiting.add(named("a"), 1, slow.promise);
  awaiting.add(named("b"), 2);
  awaiting.add(named("c"), 3, quick.promise);
  quick.resolve({});
  await quick.promise;
  deepStrictEqual([taken.length, awaiting.size], [0, 3]);
  slow.reject(new Error("it goes without"));
  await awaiting.settled(clock);
  deepStrictEqual(taken, [[1, "a", { one: 1 }], [2, "b", { one: 1 }], [3, "c", { one: 1 }]]);
  awaiting.add(named("d"), 4);
  deepStrictEqual(taken.length, 4);
});

Deno.test("Awaiting keeps no reader for longer than a second", async () => {
  const { taken, awaiting } = openScene();
  awaiting.add(named("a"), 1, Promise.withResolvers<object>().promise);
  const reader = awaiting.settled(clock);
  clock.advance(1_000);
  await reader;
  deepStrictEqual(taken, []);
});

Deno.test("Awaiting lets all records go when nothing more comes, each once", async () => {
  const { taken, awaiting } = openScene();
  const late = Promise.withResolvers<object>();
  awaiting.add(named("a"), 1, late.promise);
  awaiting.release();
  late.resolve({ metadata: { two: 2 } });
  await late.promise;
  deepStrictEqual(taken, [[1, "a", { one: 1 }]]);
});
