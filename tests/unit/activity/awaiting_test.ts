import { deepStrictEqual } from "node:assert/strict";
import { Awaiting } from "../../../lib/activity/awaiting.ts";
import type { ActivityEntry } from "../../../lib/contracts/mod.ts";

const ENTRY: ActivityEntry = { type: "tool_call", status: "success", metadata: { one: 1 } };

function openScene() {
  const taken: ActivityEntry[] = [];
  return { taken, awaiting: new Awaiting((entry) => void taken.push(entry)) };
}

Deno.test("Awaiting adds what comes later to the record", async () => {
  const { taken, awaiting } = openScene();
  awaiting.add(ENTRY, Promise.resolve({ max_severity: "high", metadata: { two: 2 } }));
  deepStrictEqual([taken, awaiting.size], [[], 1]);
  await Promise.resolve();
  deepStrictEqual(taken, [{ ...ENTRY, max_severity: "high", metadata: { one: 1, two: 2 } }]);
});

Deno.test("Awaiting lets records go without what has failed, or never comes", async () => {
  const { taken, awaiting } = openScene();
  awaiting.add(ENTRY, Promise.reject(new Error("no")));
  await Promise.resolve();
  deepStrictEqual(taken, [ENTRY]);

  const late = Promise.withResolvers<object>();
  awaiting.add({ ...ENTRY, request_id: "late" }, late.promise);
  awaiting.release();
  late.resolve({ max_severity: "high" });
  await late.promise;
  deepStrictEqual(taken, [ENTRY, { ...ENTRY, request_id: "late" }]);
});
