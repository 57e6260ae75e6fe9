import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type CliResult, runCli, startCli, survivors } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

const { args: [memoryScript = ""] } = reference("memory") as { args: string[] }; // as the factory makes it

/** Two servers, of which the second leaves a mark when it is started. */
async function openPair(): Promise<Workspace & { readonly mark: string }> {
  const workspace = await openWorkspace();
  const mark = join(workspace.directory, "started");
  await workspace.write(`{
  // Kept by hand.
  "listen": "127.0.0.1:0",
  "mcpServers": [
    { "name": "memory", "command": "node", "args": ["${memoryScript}"], "quarantined": false,
      "env": { "MEMORY_FILE_PATH": "${workspace.directory}/memory.jsonl" } }, // the good one
    { "name": "other", "command": "sh", "args": ["-c", "echo x >> ${mark}; exec node ${memoryScript}"], "quarantined": false },
  ],
}
`);
  return { ...workspace, mark };
}

async function wasStarted(mark: string): Promise<boolean> {
  return await Deno.stat(mark).then(() => true, () => false);
}

function succeeded(result: CliResult): CliResult {
  strictEqual(result.code, 0, `${result.stdout}\n${result.stderr}`);
  return result;
}

Deno.test("mcpproxy without a daemon does the work in its own process and leaves nothing", async (t) => {
  await using workspace = await openPair();
  const cli = (...args: string[]) => runCli(workspace, args);

  await t.step("status and list say that no daemon runs, and start nothing", async () => {
    match(succeeded(await cli("status")).stdout, /^State\s+Not running$/m);
    const list = succeeded(await cli("upstream", "list"));
    match(list.stdout, /memory/);
    match(list.stderr, /No daemon runs; to start it: mcpproxy serve/);
    ok(!await wasStarted(workspace.mark));
  });

  await t.step("call tool starts only the server it needs", async () => {
    const entities = JSON.stringify({ entities: [{ name: "n", entityType: "t", observations: [] }] });
    succeeded(await cli("call", "tool", "memory:create_entities", "--args", entities));
    match(succeeded(await cli("call", "tool", "memory:read_graph")).stdout, /"n"/);
    ok(!await wasStarted(workspace.mark));
    deepStrictEqual(await survivors(workspace), []);
  });

  await t.step("two calls at once both succeed", async () => {
    const results = await Promise.all([1, 2].map(() => cli("call", "tool", "memory:read_graph")));
    deepStrictEqual(results.map(({ code }) => code), [0, 0], results.map(({ stderr }) => stderr).join("\n"));
    deepStrictEqual(await survivors(workspace), []);
  });

  await t.step("tools list and search learn what they do not know, once", async () => {
    const tools = JSON.parse(succeeded(await cli("tools", "list", "-o", "json")).stdout) as { id: string }[]; // as said
    strictEqual(tools.length, 18);
    match(succeeded(await cli("tools", "search", "read graph")).stdout, /memory:read_graph/);
    deepStrictEqual(await survivors(workspace), []);
    strictEqual(await Deno.readTextFile(workspace.mark), "x\n", "the second list came from the catalogue");
  });

  await t.step("upstream add edits the config and keeps its comments", async () => {
    const added = await cli(
      "upstream",
      "add",
      "third",
      "--env",
      "A=b",
      "--",
      "node",
      memoryScript,
      "-v",
      "--x",
    );
    match(succeeded(added).stdout, /Added server "third"/);
    const text = await workspace.read();
    ok(text.includes("// Kept by hand.") && text.includes("// the good one"), text);
    match(text, /"third"/);
    match(succeeded(await cli("upstream", "list")).stdout, /🔒 {2}third/);
    match((await cli("call", "tool", "third:read_graph")).stderr, /MCPX_SERVER_QUARANTINED/);
    succeeded(await cli("upstream", "disable", "third"));
    succeeded(await cli("upstream", "remove", "third", "--yes"));
    ok(!(await workspace.read()).includes("third"));
    ok((await workspace.read()).includes("// the good one"));
  });

  await t.step("a server that ignores the end of its input holds nobody up for long", async () => {
    const script = new URL("slow_server.mjs", import.meta.url).pathname;
    const entry = { command: "node", args: [script, "--stay"], quarantined: false };
    succeeded(await cli("upstream", "add-json", "stays", JSON.stringify(entry)));
    const startedAt = performance.now();
    match(succeeded(await cli("tools", "list")).stdout, /stays:wait/);
    ok(performance.now() - startedAt < 8_000, "it took as long as the stop of a daemon");
    deepStrictEqual(await survivors(workspace), []);
  });

  await t.step("restart needs a daemon", async () => {
    const { code, stderr } = await cli("upstream", "restart", "memory");
    strictEqual(code, 1, stderr);
    match(stderr, /daemon[\s\S]*mcpproxy serve/);
  });

  await t.step("Ctrl-C during a call exits 130 and leaves nothing", async () => {
    const everything = reference("everything", { entry: { name: "slow" } });
    succeeded(await cli("upstream", "add-json", "slow", JSON.stringify(everything)));
    await using call = startCli(workspace, [
      "--log-level",
      "debug",
      "call",
      "tool",
      "slow:trigger-long-running-operation",
      "duration=60",
      "steps=1",
    ]);
    await call.seen(/server ready/);
    strictEqual((await call.stop("SIGINT")).code, 130);
    deepStrictEqual(await survivors(workspace), []);
  });
});

Deno.test("mcpproxy finds its files below the home directory and makes them on the first start", async () => {
  await using workspace = await openWorkspace();
  const home = join(workspace.directory, ".mcpproxy");
  const bare = { bare: true };

  const first = await runCli(workspace, [
    "upstream",
    "add",
    "memory",
    "--no-quarantine",
    "--",
    "node",
    memoryScript,
  ], bare);
  const call = await runCli(workspace, ["call", "tool", "memory:read_graph"], bare);

  strictEqual(first.code, 0, first.stderr);
  strictEqual(call.code, 0, call.stderr);
  strictEqual(((await Deno.stat(home)).mode ?? 0) & 0o777, 0o700);
  for (const file of ["config.json", "api_key"]) {
    strictEqual(((await Deno.stat(join(home, file))).mode ?? 0) & 0o777, 0o600, file);
  }
  match(await Deno.readTextFile(join(home, "config.json")), /\/\/ Config of mcpproxy/);
  deepStrictEqual(await survivors(workspace), []);
});
