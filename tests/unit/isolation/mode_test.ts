import { strictEqual } from "node:assert/strict";
import { ConfigSchema } from "../../../lib/contracts/mod.ts";
import { isolationModeOf } from "../../../lib/isolation/mod.ts";

function modeOf(entry: Record<string, unknown>, general: Record<string, unknown> = {}): string {
  const config = ConfigSchema.parse({ ...general, mcpServers: [{ name: "x", command: "npx", ...entry }] });
  const [server] = config.mcpServers;
  if (server === undefined) throw new Error("no server");
  return isolationModeOf(server, config);
}

Deno.test("isolationModeOf() takes what the entry says over what the config says", () => {
  strictEqual(modeOf({}), "none");
  strictEqual(modeOf({ isolation: { mode: "docker" } }), "docker");
  strictEqual(modeOf({ isolation: { mode: "sandbox" } }), "bubblewrap");
  strictEqual(modeOf({}, { isolation: "auto" }), "auto");
  strictEqual(modeOf({ isolation: { mode: "none" } }, { isolation: "auto" }), "none");
  strictEqual(modeOf({ isolation: { enabled: false, mode: "docker" } }, { isolation: "auto" }), "none");
  strictEqual(modeOf({ isolation: { image: "x" } }, { isolation: "bubblewrap" }), "bubblewrap");
});

Deno.test("isolationModeOf() reads the keys of mcpproxy-go", () => {
  strictEqual(modeOf({}, { docker_isolation: { enabled: true } }), "docker");
  strictEqual(modeOf({}, { docker_isolation: { enabled: true, mode: "none" } }), "none");
  strictEqual(modeOf({}, { docker_isolation: { mode: "sandbox" } }), "bubblewrap");
  strictEqual(modeOf({}, { features: { enable_docker_isolation: true } }), "docker");
  strictEqual(modeOf({}, { docker_isolation: { mode: "" } }), "none");
});

Deno.test("isolationModeOf() never takes a wish for isolation for none", () => {
  strictEqual(modeOf({ isolation: { enabled: true } }), "auto");
});

Deno.test("isolationModeOf() leaves out HTTP servers and programs that start containers", () => {
  const general = { docker_isolation: { enabled: true } };
  strictEqual(modeOf({ command: undefined, url: "http://127.0.0.1:1" }, general), "none");
  strictEqual(modeOf({ command: "/usr/bin/docker" }, general), "none");
  strictEqual(modeOf({ command: "docker", isolation: { mode: "bubblewrap" } }, general), "bubblewrap");
});
