import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { reference, waitForStatus } from "../support/workspace.ts";
import { failsWith, runSuite } from "./implementations.ts";

const OFF = { name: "off", command: "no-such-command-here", enabled: false, quarantined: false };

runSuite("The gateway", {
  async "tells of its addresses without its key"({ management, gateway }) {
    const info = await management.request("gateway.info", {});
    strictEqual(info.listen_addr, gateway.address);
    deepStrictEqual(info.endpoints, { http: `http://${gateway.address}`, socket: gateway.socketPath });
    ok(!JSON.stringify(info).includes(gateway.apiKey));
    const routing = await management.request("gateway.routing", {});
    deepStrictEqual([routing.routing_mode, routing.endpoints.direct], ["retrieve_tools", "/mcp/all"]);
    ok(routing.available_modes.includes("direct") && routing.description !== "");
  },

  async "counts tools that say what they do"({ management }) {
    const found = await management.request("tools.annotations", {});
    strictEqual(found.total_tools, 9);
    deepStrictEqual(found.servers.map(({ name }) => name), ["memory"]);
    ok(found.annotated_tools <= 9 && found.coverage_percent <= 100);
  },

  async "asks a server for its tools again"({ management }) {
    const answer = await management.request("servers.discover", { name: "memory" });
    deepStrictEqual(answer, { server: "memory", action: "discover_tools", success: true });
    await rejects(
      management.request("servers.discover", { name: "off" }),
      failsWith("MCPX_SERVER_NOT_READY", /off/),
    );
    await rejects(
      management.request("servers.discover", { name: "memry" }),
      failsWith("MCPX_SERVER_NOT_FOUND", /did you mean "memory"/),
    );
  },

  async "holds a server in quarantine and lets it out"({ management, gateway }) {
    await management.request("servers.quarantine", { name: "memory" });
    await waitForStatus(gateway, "memory", "idle");
    strictEqual((await management.request("servers.get", { name: "memory" })).quarantined, true);
    await management.request("servers.unquarantine", { name: "memory" });
    await waitForStatus(gateway, "memory", "ready");
  },

  async "enables, restarts, reconnects and disables all servers at once"({ management, gateway }) {
    const enabled = await management.request("servers.enable_all", {});
    deepStrictEqual(enabled, { total: 1, successful: 1, failed: 0, errors: {} });
    await waitForStatus(gateway, "off", "failed", "backoff");
    strictEqual((await management.request("servers.reconnect", {})).total, 1);
    const { pid } = await management.request("servers.get", { name: "memory" });
    strictEqual((await management.request("servers.restart_all", {})).successful, 2);
    await waitForStatus(gateway, "memory", "stopping", "connecting");
    await waitForStatus(gateway, "memory", "ready");
    ok((await management.request("servers.get", { name: "memory" })).pid !== pid);
    strictEqual((await management.request("servers.disable_all", {})).total, 2);
    await waitForStatus(gateway, "memory", "idle");
    strictEqual((await management.request("servers.disable_all", {})).total, 0);
    await management.request("servers.enable", { name: "memory" });
    await waitForStatus(gateway, "memory", "ready");
  },
}, { mcpServers: [reference("memory"), OFF] });
