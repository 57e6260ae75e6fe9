import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createEventBus } from "../../../lib/events/mod.ts";
import { narrowBus, narrowEvent } from "../../../lib/management/scoped.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

const ONE = { token: "bot", includes: (server: string) => server === "one" };

Deno.test("narrowBus() passes on what concerns servers within the scope, and of a list only those", () => {
  const bus = createEventBus(createDenoPlatform().clock);
  const heard: unknown[] = [];
  using _subscription = narrowBus(bus, ONE).subscribe(({ type, payload }) => heard.push([type, payload]));

  bus.publish("servers.changed", {
    reason: "two changed",
    servers: ["one", "two"],
    reasons: { one: "ready", two: "two changed" },
    stats: { total_servers: 2 },
  });
  bus.publish("servers.changed", { reason: "x", servers: ["two"], reasons: {} });
  const mine = { server_name: "one", tool_name: "a", agent_name: "bot" };
  bus.publish("activity.tool_call.completed", mine);
  bus.publish("activity.tool_call.completed", { ...mine, agent_name: "other" });
  bus.publish("activity.tool_call.completed", { ...mine, agent_name: undefined });
  bus.publish("activity.tool_call.completed", { ...mine, server_name: "two" });
  bus.publish("sensitive_data.detected", mine);
  bus.publish("config.reloaded", { path: "/x" });
  bus.publish("servers.reaped", { servers: ["one"], pids: [1] });
  bus.publish("text", "one");

  deepStrictEqual(heard, [
    ["servers.changed", { reason: "ready", servers: ["one"], reasons: { one: "ready" } }],
    ["activity.tool_call.completed", mine],
  ]);
});

Deno.test("narrowBus() replays what it would have passed on, under the same numbers", () => {
  const bus = createEventBus(createDenoPlatform().clock, { ring: 3 });
  const narrowed = narrowBus(bus, ONE);
  for (const server of ["two", "one", "two", "one"]) {
    bus.publish("activity.x", { server_name: server, agent_name: "bot" });
  }

  strictEqual(narrowed.since(0), "gap");
  deepStrictEqual(narrowed.since(1), [bus.since(1)].flatMap((all) => all === "gap" ? [] : [all[0], all[2]]));
  strictEqual(narrowed.lastSeq, 4);
});

Deno.test("narrowEvent() tells an agent of its own activity only", () => {
  const scope = { token: "ci", includes: () => true };
  const event = (agent_name?: string) => ({
    seq: 1,
    at: 0,
    type: "activity.tool_call.completed",
    payload: { server_name: "one", agent_name },
  });
  strictEqual(narrowEvent(event("ci"), scope)?.seq, 1);
  strictEqual(narrowEvent(event("other"), scope), undefined);
  strictEqual(narrowEvent(event(), scope), undefined);
});
