import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runCli, startDaemon } from "../support/daemon.ts";
import { turningServerCommand, type TurningState, turnTo } from "../support/fixtures/turning_server.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

const inputSchema = { type: "object" };

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("a second daemon leaves no config behind when the first holds the data directory", async () => {
  await using workspace = await openWorkspace();
  await Deno.mkdir(join(workspace.directory, ".mcpproxy"), { mode: 0o700 });
  const usual: Workspace = { ...workspace, dataDir: join(workspace.directory, ".mcpproxy") };
  await using _daemon = await startDaemon(usual);

  const second = await runCli(usual, [], { bare: true });

  strictEqual(second.code, 3, second.stderr);
  match(second.stderr, /Cannot use data directory/);
  ok(!await exists(join(workspace.directory, ".mcpproxy/config.json")));
});

Deno.test("a server whose tools are held says so, and what to type", async () => {
  await using workspace = await openWorkspace();
  const file = join(workspace.directory, "state.json");
  const turn = (state: TurningState) => turnTo(file, state);
  await turn({ tools: [{ name: "add", inputSchema }] });
  const server = { name: "s", ...turningServerCommand(file), quarantined: false };
  await workspace.write({ listen: "127.0.0.1:0", mcpServers: [server] });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/ s +Connected/);
  await turn({ tools: [{ name: "add", description: "Other", inputSchema }, { name: "new", inputSchema }] });
  await daemon.json(["upstream", "inspect", "s"]);

  // What was shown to an inspection is in force with the next list of the server.
  await daemon.json(["upstream", "restart", "s"]);
  let table = "";
  while (!/wait/.test(table)) table = (await daemon.cli(["upstream", "list"])).stdout;
  match(table, /Connected \(0 tools, 2 wait for approval\)\s+tools pending -s s/);
  match((await daemon.cli(["tools", "list"])).stderr, /2 tools wait for approval: mcpproxy tools pending/);
  const pending = await daemon.cli(["tools", "list", "--approval", "pending"]);
  match(pending.stdout, /pending\s+\S+\s+s:new/);
  ok(!pending.stdout.includes("s:add"));
  match((await daemon.cli(["tools", "list", "--approval", "changed"])).stdout, /changed\s+\S+\s+s:add/);

  strictEqual((await daemon.cli(["tools", "reject", "s:new"])).code, 0);
  match((await daemon.cli(["upstream", "list"])).stdout, /Connected \(0 tools, 1 waits for approval\)/);
  strictEqual((await daemon.cli(["tools", "approve", "s:add"])).code, 0);
  match((await daemon.cli(["upstream", "list"])).stdout, /Connected \(1 tool\)/);
});

Deno.test("tools list narrows by status and risk, and refuses other words", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [reference("memory", { entry: { disabled_tools: ["read_graph"] } })],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/memory +Connected/);
  const names = async (...words: string[]) =>
    (await daemon.json(["tools", "list", ...words]) as { readonly name: string }[]).map(({ name }) => name);

  deepStrictEqual(await names("--status", "disabled"), ["read_graph"]);
  deepStrictEqual(await names("--status", "enabled", "--risk", "read"), ["open_nodes", "search_nodes"]);
  ok((await names("--risk", "destructive")).includes("delete_entities"));
  const wrong = await daemon.cli(["tools", "list", "--risk", "none"]);
  strictEqual(wrong.code, 2);
  match(wrong.stderr, /wanted read, write, destructive/);
});

Deno.test("upstream_servers lists what the profile in force leaves", async () => {
  await using workspace = await openWorkspace({
    mcpServers: ["a", "b"].map((name) => ({ name, command: "none", enabled: false })),
    profiles: [{ name: "only-a", servers: ["a"] }],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.json(["profile", "use", "only-a"]);
  const mcp = await mustOpenMcp(daemon.mcpUrl, daemon.apiKey);
  const ask = async (args: Readonly<Record<string, unknown>>) =>
    JSON.stringify((await mcp.ask("tools/call", { name: "upstream_servers", arguments: args })).result);

  const listed = await ask({ operation: "list" });
  match(listed, /\\"name\\":\\"a\\"/);
  ok(!listed.includes('\\"name\\":\\"b\\"'), listed);
  match(await ask({ operation: "tail_log", name: "b" }), /MCPX_SERVER_NOT_FOUND/);
});

Deno.test("upstream import says how to go on with the same options, and how to give another name", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "a", command: "none", enabled: false }],
  });
  const path = join(workspace.directory, "their servers.json");
  await Deno.writeTextFile(
    path,
    JSON.stringify({ mcpServers: { a: { command: "x" }, b: { command: "y" } } }),
  );
  const run = (...words: string[]) => runCli(workspace, ["upstream", "import", path, ...words]);

  const looked = await run("--dry-run", "--rename", "b=c", "--no-quarantine");

  match(looked.stderr, /To give one another name: --rename "a=NEW"/);
  ok(
    looked.stderr.includes(`mcpproxy upstream import '${path}' --rename b=c --no-quarantine`),
    looked.stderr,
  );
});

Deno.test("commands offer the closest of the names there are, and refuse what cannot work", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [reference("memory")],
    profiles: [{ name: "notes", servers: ["memory"] }],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/memory +Connected/);
  await daemon.json(["token", "create", "robot", "--servers", "memory"]);
  const cases: readonly [readonly string[], RegExp][] = [
    [["tools", "enable", "memory:raed_graph"], /did you mean "read_graph"/],
    [["tools", "diff", "memory:raed_graph"], /did you mean "read_graph"/],
    [["upstream", "approve", "memory", "raed_graph"], /did you mean "read_graph"/],
    [["tools", "describe", "memory:raed_graph"], /did you mean "memory:read_graph"/],
    [["token", "show", "robto"], /did you mean "robot"/],
    [["token", "create", "other", "--servers", "memroy"], /did you mean "memory"/],
    [["token", "create", "other", "--profile-pin", "nots"], /did you mean "notes"/],
    [["activity", "list", "--start-time", "yesterday"], /wanted a time such as "2026-01-31T08:00:00Z"/],
    [["activity", "list", "--status", "error,sucess"], /in "status", did you mean "success"\?/],
    [["registry", "add-source", "nowhere.json"], /there is no such file/],
    [["upstream", "enable", "memory", "--all"], /a name and --all are given/],
    [["upstream", "import", workspace.config], /mcpproxy config import FILE/],
    [["stdio", "--endpoint", "/nope"], /mcpproxy stdio --help/],
  ];
  for (const [words, wanted] of cases) {
    const { code, stderr } = await daemon.cli(words);
    ok(code === 1 || code === 2, `${words.join(" ")}: ${code}`);
    match(stderr, wanted, words.join(" "));
  }
});
