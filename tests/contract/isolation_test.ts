import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { runSuite } from "./implementations.ts";

runSuite("Management.isolation", {
  async "says what the machine can do, and which servers are to be confined"({ management }) {
    const status = await management.request("isolation.status", {});
    deepStrictEqual([status.isolation_enabled, status.mode], [false, "none"]);
    deepStrictEqual(status.servers, [{ name: "memory", mode: "none" }]);
    strictEqual(status.docker_available, status.docker.usable);
    ok(status.docker.usable || (status.docker.why ?? "") !== "");
  },

  async "switches containers on and off, by the key that wins"({ management, workspace }) {
    await management.request("config.patch", { patch: { isolation: "none" } });
    const on = await management.request("isolation.switch", { enabled: true });
    ok(on.changed);
    deepStrictEqual(JSON.parse(await workspace.read()).docker_isolation, { enabled: true });
    const status = await management.request("isolation.status", {});
    deepStrictEqual([status.isolation_enabled, status.mode], [true, "docker"]);
    await management.request("isolation.switch", { enabled: false });
    strictEqual((await management.request("isolation.status", {})).isolation_enabled, false);
  },
});
