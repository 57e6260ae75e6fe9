import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dispatchCall } from "../../../lib/calls/dispatch.ts";
import type { CallContext, DispatchOptions } from "../../../lib/calls/context.ts";
import { isHeldBack, liveEntry } from "../../../lib/calls/live_entry.ts";
import { type Config, ConfigSchema, type ServerConfigInput } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createBlindTrust } from "../../support/trust.ts";

const withServer = (fields: Partial<ServerConfigInput>): Config =>
  ConfigSchema.parse({ mcpServers: [{ name: "s", command: "x", quarantined: false, ...fields }] });
const OPEN = withServer({});
const TAKEN_AWAY: Readonly<Record<string, Config>> = {
  MCPX_SERVER_QUARANTINED: withServer({ quarantined: true }),
  MCPX_SERVER_DISABLED: withServer({ enabled: false }),
  MCPX_TOOL_DENIED: withServer({ disabled_tools: ["t"] }),
};

/** A server that has not been told yet of any config but the first. */
function openScene() {
  const scene = { config: OPEN, sent: 0, onUse: () => {} };
  const [entry] = OPEN.mcpServers;
  const tool = { name: "t", inputSchema: { type: "object" } };
  const listed = { tools: [tool], all: [tool], byName: new Map([["t", tool]]) };
  const connection = {
    era: "legacy",
    request: () => Promise.resolve({ content: [{ type: "text", n: ++scene.sent }] }),
  };
  const options = {
    platform: createDenoPlatform(),
    config: () => scene.config,
    log: new Proxy({}, { get: () => () => {} }),
    activity: { record: () => {} },
    storage: { statistics: { record: () => {} } },
    runtime: {
      trust: createBlindTrust(),
      catalogue: { get: () => listed },
      view: () => ({ servers: new Map([["s", { config: entry }]]) }),
      server: () => ({ config: entry, quarantined: false }),
      use: (_name: string, _wait: unknown, work: (one: unknown) => unknown) => {
        scene.onUse();
        return work(connection);
      },
    },
  } as unknown as DispatchOptions; // all that a call meets
  const context: CallContext = {
    caller: { role: "agent", label: "me", surface: "mcp" },
    requestId: "r",
    signal: new AbortController().signal,
  };
  const call = async () => {
    const { _meta } = await dispatchCall(
      options,
      { server: "s", tool: "t", variant: undefined, args: {} },
      context,
    );
    return (_meta as Record<string, Record<string, string>> | undefined)?.["io.mcpproxy/error"]?.code;
  };
  return { scene, call };
}

Deno.test("dispatchCall() goes by the config in force, though the server has not been told of it", async () => {
  for (const [code, config] of Object.entries(TAKEN_AWAY)) {
    const { scene, call } = openScene();
    strictEqual(await call(), undefined);
    scene.config = config;
    deepStrictEqual([await call(), scene.sent], [code, 1]);
  }
});

Deno.test("dispatchCall() asks again when the config has changed while the server was woken", async () => {
  for (const [code, config] of Object.entries(TAKEN_AWAY)) {
    const { scene, call } = openScene();
    scene.onUse = () => void (scene.config = config);
    deepStrictEqual([await call(), scene.sent], [code, 0]);
  }
});

Deno.test("isHeldBack() goes by what the entry and the config say", () => {
  strictEqual(isHeldBack(OPEN, "s"), false);
  strictEqual(isHeldBack(OPEN, "unknown"), false);
  strictEqual(isHeldBack(withServer({ quarantined: undefined }), "s"), true);
  strictEqual(isHeldBack(withServer({ enabled: false }), "s"), true);
  strictEqual(liveEntry(OPEN, "s"), OPEN.mcpServers[0]);
  strictEqual(liveEntry(OPEN, "constructor"), undefined);
});
