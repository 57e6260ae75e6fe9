import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon.ts";
import { type McpAnswer, mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const MAX_RECORDS = 200;
/** What may be over the limit until the next clean-up. */
const SLACK = 256;
const ROUNDS = 30;
/** Ten times what the token may have in flight. */
const AT_ONCE = 20;

const call = { name: "call_tool_read", arguments: { name: "memory:read_graph", args: {} } };
const isDone = ({ result }: McpAnswer) => result !== undefined && result.isError !== true;

Deno.test("one agent that calls without end holds up no other, and what it pushes out of the record is told", async () => {
  await using workspace = await openWorkspace({
    activity_max_records: MAX_RECORDS,
    mcpServers: [reference("memory", { entry: { max_concurrent_requests: 4, queue_size: 8 } })],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ memory/);
  const client = async (name: string, ...more: string[]) => {
    const words = ["token", "create", name, "--servers", "memory", "--permissions", "read", ...more];
    const { token } = await daemon.json(words) as { token: string };
    return await mustOpenMcp(daemon.mcpUrl, token);
  };
  const greedy = await client("greedy", "--max-concurrent", "2");
  const modest = await client("modest");
  const own: McpAnswer[] = [];
  for (let at = 0; at < 5; at++) own.push(await modest.ask("tools/call", call));

  const floods: McpAnswer[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const flood = Promise.all(Array.from({ length: AT_ONCE }, () => greedy.ask("tools/call", call)));
    own.push(await modest.ask("tools/call", call));
    floods.push(...await flood);
  }

  strictEqual(floods.length, ROUNDS * AT_ONCE);
  deepStrictEqual(own.filter((answer) => !isDone(answer)), [], "the other one was held up");
  // Whatever was refused says so in a way that a program can read.
  for (const { result } of floods.filter((answer) => !isDone(answer))) {
    match(
      JSON.stringify(result?._meta),
      /MCPX_TOO_MANY_CALLS.*retry_after_ms|retry_after_ms.*MCPX_TOO_MANY_CALLS/,
    );
  }

  interface Status {
    readonly activity: { readonly records: number; readonly removed_early: number; readonly summary: string };
  }
  let activity: Status["activity"] | undefined;
  for (let look = 0; look < 100 && !(activity !== undefined && activity.removed_early > 0); look++) {
    ({ activity } = await daemon.json(["status"]) as Status);
  }
  ok(activity !== undefined && activity.removed_early > 0, JSON.stringify(activity));
  ok(activity.records <= MAX_RECORDS + SLACK + AT_ONCE, `${activity.records}`);
  match(activity.summary, /went before their time/);
  match((await daemon.cli(["status"])).stdout, /went before their time.*activity_max_records/s);
  match((await daemon.cli(["doctor"])).stdout, /went before their time/);
  match(
    await Deno.readTextFile(join(workspace.dataDir, "logs", "main.log")),
    /Activity is full \(200 records/,
  );
  // Who has made so much of it can be told.
  const { total } = await daemon.json(["activity", "list", "--agent", "greedy", "--limit", "1"]) as {
    total: number;
  };
  ok(total > MAX_RECORDS / 2, `${total}`);
});
