import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Activity, Head } from "../../../lib/activity/mod.ts";
import { eventNameOf, publishActivity } from "../../../lib/app/activity_events.ts";
import { createEventBus } from "../../../lib/events/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

function openScene() {
  const clock = createManualClock();
  const bus = createEventBus(clock);
  let hear: (record: Head) => void = () => {};
  const activity = {
    subscribe(listener: (record: Head) => void) {
      hear = listener;
      return { [Symbol.dispose]() {} };
    },
  } as Activity; // nothing else is asked of it
  const publishing = publishActivity({ activity, bus, clock });
  const tell = (more: Partial<Head> = {}) =>
    hear({
      id: "1",
      type: "tool_call",
      source: "mcp",
      status: "success",
      timestamp: "2026-01-01T00:00:00.000Z",
      has_sensitive_data: false,
      ...more,
    });
  const events = () => {
    const found = bus.since(0);
    return found === "gap" ? [] : found;
  };
  return { clock, tell, events, [Symbol.dispose]: () => publishing[Symbol.dispose]() };
}

Deno.test("eventNameOf() gives records the names that clients know", () => {
  strictEqual(eventNameOf({ type: "tool_call", status: "error" }), "activity.tool_call.completed");
  strictEqual(eventNameOf({ type: "tool_call", status: "rejected" }), "activity.tool_call.rejected");
  strictEqual(
    eventNameOf({ type: "internal_tool_call", status: "success" }),
    "activity.internal_tool_call.completed",
  );
  strictEqual(eventNameOf({ type: "system_stop", status: "success" }), "activity.system.stop");
  strictEqual(eventNameOf({ type: "policy_decision", status: "blocked" }), "activity.policy_decision");
});

Deno.test("publishActivity() tells little of a record", () => {
  using scene = openScene();
  scene.tell({ error_message: "x".repeat(5_000), metadata: { action: "add", old_description: "long" } });
  const [event] = scene.events();
  const { error_message: message, ...payload } = event?.payload as Record<string, unknown>; // an object, as written
  strictEqual(String(message).length, 200);
  deepStrictEqual([payload.action, payload.metadata], ["add", undefined]);
});

Deno.test("publishActivity() tells which limit has turned a call away, and of decisions their hashes", () => {
  using scene = openScene();
  const metadata = { reason: "queue_full", scope: "server", limit: 2, retry_after_ms: 1000 };
  scene.tell({ status: "rejected", metadata });
  scene.tell({ type: "tool_quarantine_change", metadata: { action: "approve", new_hash: "sha256/v1:1" } });
  const [rejected, decided] = scene.events();
  strictEqual(rejected?.type, "activity.tool_call.rejected");
  const { reason, scope, limit } = rejected?.payload as Record<string, unknown>; // an object, as written
  deepStrictEqual([reason, scope, limit], ["queue_full", "server", 2]);
  strictEqual(Reflect.get(Object(decided?.payload), "new_hash"), "sha256/v1:1");
});

Deno.test("publishActivity() counts what comes faster than anyone can follow, and tells the count", () => {
  using scene = openScene();
  for (let at = 0; at < 1_000; at++) scene.tell();
  scene.tell({ type: "config_change" });
  strictEqual(scene.events().length, 101);
  scene.clock.advance(1_000);
  const last = scene.events().at(-1);
  deepStrictEqual([last?.type, last?.payload], ["activity.skipped", { count: 900 }]);
  scene.tell();
  strictEqual(scene.events().at(-1)?.type, "activity.tool_call.completed");
});
