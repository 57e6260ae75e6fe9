import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { DispatchOptions } from "../../../lib/calls/context.ts";
import { isVerified, verifiedTool } from "../../../lib/calls/verify.ts";
import { ConfigSchema, GatewayError, type ToolDefinition } from "../../../lib/contracts/mod.ts";
import { type UpstreamConnection, UpstreamRpcError } from "../../../lib/upstream/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { createBlindTrust } from "../../support/trust.ts";

const tool = (name: string, description = "honest"): ToolDefinition => ({
  name,
  description,
  inputSchema: { type: "object" },
});

/** A server whose lists the test answers, and a gateway that accepts what is honest. */
function openScene(entry: Readonly<Record<string, unknown>> = {}) {
  const clock = createManualClock();
  const config = ConfigSchema.parse({
    mcpServers: [{ name: "s", command: "x", quarantined: false, verify_on_call: true, ...entry }],
  });
  const asked: PromiseWithResolvers<ToolDefinition[]>[] = [];
  const notes: string[] = [];
  const options = {
    platform: { clock },
    config: () => config,
    runtime: {
      server: () => ({ config: config.mcpServers[0] }),
      relist: () => void notes.push("relist"),
      trust: {
        ...createBlindTrust(),
        isAccepted: (_server: string, _kind: string, _name: string, { description }: ToolDefinition) =>
          description === "honest",
        review: () => Promise.resolve(void notes.push("review")),
      },
    },
  } as unknown as DispatchOptions; // all that a look meets
  const connect = () =>
    ({
      listTools(signal: AbortSignal) {
        const answer = Promise.withResolvers<ToolDefinition[]>();
        signal.addEventListener("abort", () => answer.reject(signal.reason));
        asked.push(answer);
        return answer.promise;
      },
    }) as unknown as UpstreamConnection; // all that is asked of it
  const look = (connection: UpstreamConnection, name: string, signal = new AbortController().signal) =>
    verifiedTool(options, { connection, ref: { server: "s", tool: name }, signal }, tool(name));
  return { clock, config, asked, notes, connect, look };
}

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof GatewayError && error.code === code;
}

Deno.test("isVerified() takes the word of the entry before that of the config", () => {
  const config = ConfigSchema.parse({
    verify_on_call: true,
    mcpServers: [
      { name: "off", command: "x", verify_on_call: false },
      { name: "on", command: "x" },
    ],
  });

  deepStrictEqual(["off", "on", "none"].map((name) => isVerified(config, name)), [false, true, true]);
  strictEqual(isVerified(ConfigSchema.parse({}), "s"), false);
});

Deno.test("verifiedTool() looks at each tool once on a connection, together where calls come together", async () => {
  const { asked, connect, look } = openScene();
  const connection = connect();
  const first = [look(connection, "a"), look(connection, "a"), look(connection, "b")];

  strictEqual(asked.length, 1);
  asked[0]?.resolve([tool("a"), tool("b"), tool("c")]);
  deepStrictEqual((await Promise.all(first)).map(({ name }) => name), ["a", "a", "b"]);
  await look(connection, "a");
  strictEqual(asked.length, 1);
  const other = look(connection, "c");
  strictEqual(asked.length, 2, "a list that came before the first call of a tool says nothing of it");
  asked[1]?.resolve([tool("c")]);
  await other;
  void look(connect(), "a").catch(() => {});
  strictEqual(asked.length, 3, "another connection may show something else");
  asked[2]?.resolve([tool("a")]);
});

Deno.test("verifiedTool() looks again after verify_max_age", async () => {
  const { clock, asked, connect, look } = openScene({ verify_max_age: "10s" });
  const connection = connect();
  const first = look(connection, "a");
  asked[0]?.resolve([tool("a")]);
  await first;

  clock.advance(9_999);
  await look(connection, "a");
  strictEqual(asked.length, 1);
  clock.advance(1);
  const again = look(connection, "a");
  asked[1]?.resolve([tool("a", "turned")]);
  await rejects(again, failsWith("MCPX_QUARANTINE_TOOL_CHANGED"));
});

Deno.test("verifiedTool() refuses what differs, what is gone, and what it cannot look at", async () => {
  const { clock, asked, notes, connect, look } = openScene({ init_timeout: "5s" });
  const connection = connect();

  const changed = look(connection, "a");
  asked[0]?.resolve([tool("a", "turned")]);
  await rejects(changed, failsWith("MCPX_QUARANTINE_TOOL_CHANGED"));
  deepStrictEqual(notes, ["relist", "review"]);

  const gone = look(connection, "a");
  asked[1]?.resolve([]);
  await rejects(gone, failsWith("MCPX_TOOL_NOT_FOUND"));

  const refused = look(connection, "a");
  asked[2]?.reject(new UpstreamRpcError(-32000, "\x1b[2Jno", undefined));
  await rejects(refused, failsWith("MCPX_UPSTREAM_PROTOCOL"));

  const silent = look(connection, "a");
  const controller = new AbortController();
  const impatient = look(connection, "a", controller.signal);
  controller.abort(new Error("left"));
  await rejects(impatient, /left/);
  clock.advance(5_000);
  await rejects(silent, failsWith("MCPX_UPSTREAM_PROTOCOL"));
});
