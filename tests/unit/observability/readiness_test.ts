import { deepStrictEqual } from "node:assert/strict";
import { createReadiness } from "../../../lib/observability/mod.ts";

Deno.test("createReadiness() is ready once every task is done", () => {
  const readiness = createReadiness();
  deepStrictEqual(readiness.state(), { ready: true, tasks: [] });
  const config = readiness.task("config");
  const listener = readiness.task("listener");

  config.done();
  deepStrictEqual(readiness.state(), {
    ready: false,
    tasks: [{ name: "config", state: "done" }, { name: "listener", state: "pending" }],
  });

  listener.done();
  deepStrictEqual(readiness.state().ready, true);
});

Deno.test("createReadiness() names the reason of a failed task until it is done after all", () => {
  const readiness = createReadiness();
  const task = readiness.task("storage");

  task.fail("disk full");
  deepStrictEqual(readiness.state(), {
    ready: false,
    tasks: [{ name: "storage", state: "failed", reason: "disk full" }],
  });

  task.done();
  deepStrictEqual(readiness.state(), { ready: true, tasks: [{ name: "storage", state: "done" }] });
});

Deno.test("createReadiness() names parts that do badly, and is ready all the same", () => {
  const readiness = createReadiness();
  let isWell = false;
  readiness.watch("storage", () => isWell);
  readiness.watch("other", () => true);

  deepStrictEqual(readiness.state(), { ready: true, tasks: [], degraded: ["storage"] });

  isWell = true;
  deepStrictEqual(readiness.state(), { ready: true, tasks: [] });
});
