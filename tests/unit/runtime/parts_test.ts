import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import { createGate } from "../../../lib/runtime/gate.ts";
import { healthOf } from "../../../lib/runtime/health.ts";
import { isQuarantined, plan, wantedOf } from "../../../lib/runtime/plan.ts";
import { createView, type ServerRecord } from "../../../lib/runtime/view.ts";

const entry = (fields: Record<string, unknown> = {}) =>
  ServerConfigSchema.parse({ name: "github", command: "npx", ...fields });
const ON = { quarantine_enabled: true };
const OFF = { quarantine_enabled: false };

Deno.test("isQuarantined() holds what the owner has not let in", () => {
  strictEqual(isQuarantined(entry(), ON), true);
  strictEqual(isQuarantined(entry({ quarantined: false }), ON), false);
  strictEqual(isQuarantined(entry({ trust_mode: "auto" }), ON), false);
  strictEqual(isQuarantined(entry({ trust_mode: "scan" }), ON), true);
  strictEqual(isQuarantined(entry(), OFF), false);
  strictEqual(isQuarantined(entry({ quarantined: true }), OFF), true);
});

Deno.test("wantedOf() wants enabled, accepted servers to run", () => {
  const config = { quarantine_enabled: true } as Parameters<typeof wantedOf>[1]; // the only field it reads
  deepStrictEqual(wantedOf(entry({ quarantined: false }), config, false), {
    kind: "run",
    onDemand: false,
    dozes: false,
  });
  const idle = { quarantined: false, idle_timeout: "5m" };
  deepStrictEqual(wantedOf(entry(idle), config, true), { kind: "run", onDemand: true, dozes: true });
  deepStrictEqual(wantedOf(entry({ enabled: false }), config, false), { kind: "hold", reason: "disabled" });
  deepStrictEqual(wantedOf(entry(), config, false), { kind: "hold", reason: "quarantined" });
  deepStrictEqual(wantedOf(undefined, config, false), { kind: "hold", reason: "removed" });
});

Deno.test("plan() touches only what changed", () => {
  const [a, b] = [entry(), entry({ args: ["-y"] })];
  const restart = () => true;
  const live = () => false;
  strictEqual(plan(a, undefined, restart), "start");
  strictEqual(plan(a, a, restart), "keep");
  strictEqual(plan(b, a, restart), "restart");
  strictEqual(plan(b, a, live), "update");
  strictEqual(plan(undefined, a, restart), "remove");
  strictEqual(plan(undefined, undefined, restart), "keep");
});

Deno.test("healthOf() names the trouble and the action", () => {
  const error = { code: "MCPX_STDIO_SPAWN_ENOENT", message: "no npx", remedy: "install", at: 0 } as const;
  const state = { state: "failed", error } as const;
  const failed = { config: { enabled: true }, quarantined: false, state };
  const trouble = {
    admin_state: "enabled",
    level: "unhealthy",
    summary: "Command not found",
    detail: "no npx",
    action: "configure",
  };
  deepStrictEqual(healthOf(failed, 0), trouble);
  strictEqual(healthOf({ ...failed, config: { enabled: false } }, 0).action, "enable");
  strictEqual(healthOf({ ...failed, quarantined: true }, 0).action, "approve");
  const connecting = { ...failed, state: { state: "connecting", attempt: 2, since: 0 } as const };
  strictEqual(healthOf(connecting, 0).level, "healthy");
  deepStrictEqual(healthOf({ ...connecting, lastError: error }, 0), { ...trouble, level: "degraded" });
  const ready = { ...failed, state: { state: "ready", since: 0, era: "legacy", tools: 1 } as const };
  strictEqual(healthOf(ready, 1).summary, "Connected (1 tool)");
  const restless = healthOf({ ...ready, unrestMs: 64_000 }, 1);
  deepStrictEqual([restless.level, restless.action], ["degraded", "view_logs"]);
  strictEqual(
    restless.detail,
    "It says again and again that its tools have changed; it is asked for them every 64 s at most",
  );
  strictEqual(healthOf(ready, 0, 13).summary, "Connected (0 tools, 13 wait for approval)");
  strictEqual(healthOf(ready, 2, 1).summary, "Connected (2 tools, 1 waits for approval)");
});

Deno.test("createGate() admits so many at once and the rest in order", async () => {
  const gate = createGate(1);
  const { signal } = new AbortController();
  const order: string[] = [];
  const first = await gate.enter(signal);
  const second = gate.enter(signal).then((place) => {
    order.push("second");
    return place;
  });
  const third = gate.enter(signal).then((place) => {
    order.push("third");
    return place;
  });

  first[Symbol.dispose]();
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();

  deepStrictEqual(order, ["second", "third"]);
});

Deno.test("createGate() forgets who stopped waiting", async () => {
  const gate = createGate(1);
  const first = await gate.enter(new AbortController().signal);
  const gone = new AbortController();
  const waiting = gate.enter(gone.signal);

  gone.abort(new Error("gone"));
  await rejects(waiting, /gone/);
  first[Symbol.dispose]();

  (await gate.enter(new AbortController().signal))[Symbol.dispose]();
});

Deno.test("createView() publishes a new picture and leaves the old one as it was", () => {
  const view = createView();
  const before = view.current();
  const record = { failures: 0 } as ServerRecord; // the view does not look inside

  view.set("a", record);

  strictEqual(before.servers.size, 0);
  strictEqual(view.current().servers.get("a"), record);
  strictEqual(view.current().version, 1);
  view.delete("a");
  view.delete("a");
  strictEqual(view.current().version, 2);
});
