import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { ActivityPage, ActivityRecord } from "../../lib/contracts/mod.ts";
import { type Daemon, runCli, startCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const SECRET = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

async function openScene() {
  const workspace = await openWorkspace({ listen: "127.0.0.1:0", mcpServers: [reference("memory")] });
  return {
    workspace,
    path: (name: string) => join(workspace.directory, name),
    [Symbol.asyncDispose]: () => workspace[Symbol.asyncDispose](),
  };
}

async function list(daemon: Daemon, ...words: string[]): Promise<readonly ActivityRecord[]> {
  // Printed as the contract has it.
  return (await daemon.json(["activity", "list", ...words]) as ActivityPage).activities;
}

Deno.test("activity list, show, summary, usage and export tell what a daemon has recorded", async () => {
  await using scene = await openScene();
  await using daemon = await startDaemon(scene.workspace);
  await daemon.json(["call", "tool", "memory:read_graph"]);
  const blocked = await daemon.cli([
    "call",
    "tool-read",
    "memory:delete_entities",
    "--args",
    '{"entityNames":[]}',
  ]);
  strictEqual(blocked.code, 1);
  await daemon.cli(["call", "tool", "memory:search_nodes", `query=${SECRET}`]);

  const [secret, decision, call] = await list(
    daemon,
    "--server",
    "memory",
    "--type",
    "tool_call,policy_decision",
  );
  deepStrictEqual([call?.tool_name, call?.status, call?.source], ["read_graph", "success", "cli"]);
  deepStrictEqual([decision?.type, decision?.error_code], ["policy_decision", "MCPX_INTENT_REJECTED"]);
  strictEqual(decision?.duration_ms, undefined);
  ok(!JSON.stringify(secret).includes(SECRET), JSON.stringify(secret));
  deepStrictEqual((await list(daemon, "--status", "blocked")).map(({ tool_name }) => tool_name), [
    "delete_entities",
  ]);
  strictEqual((await list(daemon, "--request-id", call?.request_id ?? "")).length, 1);
  ok((await list(daemon, "--type", "system_start")).length === 1);
  ok((await list(daemon, "--type", "server_change")).some(({ metadata }) => metadata?.action === "start"));

  const table = await daemon.cli(["activity", "list", "--tool", "read_graph"]);
  match(table.stdout, /tool_call\s+memory:read_graph\s+success/);
  match(table.stderr, /1 of 1/);
  const page = await daemon.cli(["activity", "list", "-n", "1"]);
  match(page.stderr, /more: --cursor \S+/);
  const shown = await daemon.cli(["activity", "show", call?.id ?? "", "--include-response"]);
  match(shown.stdout, /Tool\s+read_graph[\s\S]*"entities"/);
  const bare = await daemon.cli(["activity", "show", call?.id ?? ""]);
  ok(!bare.stdout.includes('"entities"'));
  match((await daemon.cli(["activity", "summary", "--by", "tool"])).stdout, /memory:read_graph\s+1/);
  match((await daemon.cli(["activity", "usage", "--by", "server"])).stdout, /memory\s+2\s+/);

  const csv = await daemon.cli(["activity", "export", "-f", "csv", "--tool", "read_graph"]);
  match(csv.stdout, /^id,type,.*\r\n\S+,tool_call,cli,memory,read_graph,success,/);
  const file = scene.path("out.jsonl");
  const written = await daemon.cli(["activity", "export", "--output", file, "--include-bodies"]);
  strictEqual(written.code, 0, written.stderr);
  const lines = (await Deno.readTextFile(file)).trim().split("\n").map((line) => JSON.parse(line));
  ok(lines.some(({ tool_name, response }) => tool_name === "read_graph" && response !== undefined));
  strictEqual(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  strictEqual((await daemon.cli(["activity", "export", "--output", file])).code, 2);
});

Deno.test("activity commands refuse what they cannot read, and say what they want", async () => {
  await using scene = await openScene();
  await using daemon = await startDaemon(scene.workspace);
  const wrong: readonly [readonly string[], number, RegExp][] = [
    [["list", "--status", "bad"], 1, /"success"/],
    [["list", "-n", "1000"], 2, /from 1 to 100/],
    [["list", "--start-time", "yesterday"], 1, /start_time/],
    [["show", "nothing"], 1, /MCPX_ACTIVITY_NOT_FOUND|no record/],
    [["summary", "-p", "2h"], 1, /period/],
    [["summary", "--by", "moon"], 2, /server, tool, status, type/],
    [["usage", "--sort", "moon"], 1, /sort/],
    [["export", "-f", "xml"], 1, /format/],
  ];
  for (const [words, code, message] of wrong) {
    const result = await daemon.cli(["activity", ...words]);
    deepStrictEqual([words, result.code], [words, code], result.stderr);
    match(result.stderr, message);
  }
});

Deno.test("activity watch follows what happens", async () => {
  await using scene = await openScene();
  await using daemon = await startDaemon(scene.workspace);
  await using watch = startCli(scene.workspace, [
    "-o",
    "json",
    "activity",
    "watch",
    "-s",
    "memory",
    "-t",
    "tool_call",
  ]);
  // The stream is open when it shows the first call made since; calls before that are not shown.
  let isSeen = false;
  const seen = watch.seen(/activity\.tool_call\.completed/).finally(() => isSeen = true);
  while (!isSeen) {
    await daemon.cli(["call", "tool", "memory:read_graph"]);
  }
  await seen;
  const { code, stdout } = await watch.stop("SIGINT");
  strictEqual(code, 130);
  const { type, payload } = JSON.parse(stdout.split("\n")[0] ?? "");
  strictEqual(type, "activity.tool_call.completed");
  deepStrictEqual([payload.tool_name, payload.status, payload.arguments], [
    "read_graph",
    "success",
    undefined,
  ]);
});

Deno.test("activity works without a daemon, and keeps what a daemon has recorded", async () => {
  await using scene = await openScene();
  {
    await using daemon = await startDaemon(scene.workspace);
    await daemon.json(["call", "tool", "memory:read_graph"]);
  }
  const run = (...words: string[]) => runCli(scene.workspace, words);
  strictEqual((await run("call", "tool", "retrieve_tools", "query=graph")).code, 0);
  const { stdout, code } = await run("-o", "json", "activity", "list");
  strictEqual(code, 0);
  const { activities }: ActivityPage = JSON.parse(stdout);
  const told = activities.map(({ type, tool_name }) => `${type} ${tool_name ?? ""}`.trim());
  strictEqual(told[0], "internal_tool_call retrieve_tools");
  ok(told.includes("tool_call read_graph") && told.includes("system_stop") && told.includes("system_start"));
  // What stops is told before the end.
  ok(told.indexOf("system_stop") < told.indexOf("server_change"), told.join());
  strictEqual((await run("activity", "watch")).code, 1);
  match((await run("activity", "summary")).stdout, /tool_call\s+1/);
  match((await run("activity", "export", "--type", "tool_call")).stdout, /"tool_name":"read_graph"/);
});

Deno.test("what a request has done is on record under the name that its client gave it", async () => {
  await using scene = await openScene();
  await using daemon = await startDaemon(scene.workspace);
  const send = async (path: string, body: unknown) => {
    const answer = await fetch(`${daemon.url}/api/v1${path}`, {
      method: "POST",
      headers: {
        "x-api-key": daemon.apiKey,
        "content-type": "application/json",
        "x-correlation-id": "flow-7",
      },
      body: JSON.stringify(body),
    });
    strictEqual(answer.headers.get("x-correlation-id"), "flow-7");
    strictEqual(answer.status, 200, await answer.text());
  };

  await send("/tools/call", { tool_name: "memory:read_graph", arguments: {} });
  await send("/servers/memory/disable", {});

  const named = await list(daemon, "--correlation-id", "flow-7");
  deepStrictEqual(named.map(({ type }) => type).sort(), ["server_change", "tool_call"]);
  deepStrictEqual(await list(daemon, "--correlation-id", "flow-8"), []);
});

Deno.test("http.log has each request in a line, without what lets somebody in", async () => {
  await using scene = await openScene();
  await using daemon = await startDaemon(scene.workspace);
  const { apiKey } = daemon;
  const answer = await fetch(`${daemon.url}/api/v1/servers?token=${apiKey}`, {
    headers: { "x-request-id": "look-1" },
  });
  await answer.body?.cancel();
  await daemon.stop();
  const log = await Deno.readTextFile(join(scene.workspace.dataDir, "logs", "http.log"));
  const line = log.split("\n").find((one) => one.includes("requestId=look-1")) ?? "";
  match(line, /INFO {2}http: request method=GET path=\S+token=\*\*\*\S* status=401 /);
  ok(!log.includes(apiKey));
});
