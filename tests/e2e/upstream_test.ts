import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ToolView } from "../../mod.ts";
import { startCli, survivors } from "../support/daemon.ts";
import { reference } from "../support/workspace.ts";
import { openThree, serverOf, servers, succeeded } from "./daemon_scene.ts";

Deno.test("mcpproxy upstream changes servers of a daemon, and they recover by themselves", async (t) => {
  await using opened = await openThree();
  const { daemon, workspace } = opened;
  await daemon.seen(/✅ {2}memory/);
  const { command, args } = reference("memory") as { command: string; args: string[] }; // as the factory makes it
  const name = "notes";

  await t.step("a new server is held and nothing of it is visible", async () => {
    const added = succeeded(await daemon.cli(["upstream", "add", name, "--", command, ...args]));
    match(added.stderr, /mcpproxy upstream approve notes/);
    const server = await serverOf(daemon, name);
    deepStrictEqual([server.status, server.quarantined, server.health.action], ["idle", true, "approve"]);
    strictEqual(server.tool_count, 0);
    const tools = await daemon.json(["tools", "list"]) as ToolView[]; // the contract type, as the help says
    ok(tools.every(({ server_name }) => server_name !== name));
    ok(!(await daemon.cli(["tools", "search", "notes create entities"])).stdout.includes("notes:"));
    const found = await daemon.cli([
      "call",
      "tool",
      "retrieve_tools",
      "query=create entities",
      "include_disabled=true",
    ]);
    ok(!succeeded(found).stdout.includes('"notes:'), found.stdout);
    const call = await daemon.cli(["call", "tool", `${name}:read_graph`]);
    strictEqual(call.code, 1);
    match(call.stderr, /MCPX_SERVER_QUARANTINED/);
  });

  await t.step("approved it can be used", async () => {
    succeeded(await daemon.cli(["upstream", "approve", name]));
    match(succeeded(await daemon.cli(["call", "tool", `${name}:read_graph`])).stdout, /"entities"/);
    match(succeeded(await daemon.cli(["tools", "search", "notes read graph"])).stdout, /notes:read_graph/);
  });

  await t.step("disable, enable and restart", async () => {
    const { pid } = await serverOf(daemon, name);
    succeeded(await daemon.cli(["upstream", "restart", name]));
    succeeded(await daemon.cli(["call", "tool", `${name}:read_graph`]));
    notStrictEqual((await serverOf(daemon, name)).pid, pid);
    succeeded(await daemon.cli(["upstream", "disable", name]));
    strictEqual((await serverOf(daemon, name)).health.admin_state, "disabled");
    const call = await daemon.cli(["call", "tool", `${name}:read_graph`]);
    strictEqual(call.code, 1);
    match(call.stderr, /MCPX_SERVER_DISABLED\n→ mcpproxy upstream enable notes/);
    match((await daemon.cli(["upstream", "restart", name])).stderr, /disabled/);
    succeeded(await daemon.cli(["upstream", "enable", name]));
    succeeded(await daemon.cli(["call", "tool", `${name}:read_graph`]));
  });

  await t.step("a name that exists, or does not, is refused with words", async () => {
    const taken = await daemon.cli(["upstream", "add", name, "http://127.0.0.1:1/mcp"]);
    strictEqual(taken.code, 1);
    match(taken.stderr, /"notes".*exists/);
    succeeded(await daemon.cli(["upstream", "add", name, "http://127.0.0.1:1/mcp", "--if-not-exists"]));
    const missing = await daemon.cli(["upstream", "restart", "note"]);
    strictEqual(missing.code, 1);
    match(missing.stderr, /did you mean "notes"/);
  });

  await t.step("remove", async () => {
    strictEqual((await daemon.cli(["upstream", "remove", name])).code, 2, "nobody is there to confirm");
    succeeded(await daemon.cli(["upstream", "remove", name, "--yes"]));
    strictEqual((await servers(daemon))[name], undefined);
    ok(!(await workspace.read()).includes('"notes"'));
  });

  await t.step("add-json", async () => {
    const entry = { command, args, quarantined: false };
    succeeded(await daemon.cli(["upstream", "add-json", "extra", JSON.stringify(entry)]));
    succeeded(await daemon.cli(["call", "tool", "extra:read_graph"]));
    const wrong = await daemon.cli(["upstream", "add-json", "bad", '{"comand":"x"}']);
    strictEqual(wrong.code, 1);
    match(wrong.stderr, /comand/);
  });

  await t.step("logs, and logs that follow a server through its death", async () => {
    match(
      succeeded(await daemon.cli(["upstream", "logs", "memory"])).stdout,
      /INFO {2}Knowledge Graph MCP Server/,
    );
    const before = await servers(daemon);
    await using follow = startCli(workspace, ["upstream", "logs", "-f", "--tail", "1", "memory"]);
    await follow.seen(/Knowledge Graph/);
    Deno.kill(before.memory?.pid ?? 0, "SIGKILL");
    await follow.seen(/SIGKILL[\s\S]*Knowledge Graph/);
    succeeded(await daemon.cli(["call", "tool", "memory:read_graph"]));
    const after = await servers(daemon);
    notStrictEqual(after.memory?.pid, before.memory?.pid);
    strictEqual(after.memory?.reconnect_count, 1);
    for (const other of ["everything", "filesystem"]) strictEqual(after[other]?.pid, before[other]?.pid);
    strictEqual((await follow.stop("SIGINT")).code, 130);
  });

  await t.step("SIGTERM ends it too", async () => {
    strictEqual((await daemon.stop("SIGTERM")).code, 0);
    match(daemon.stderr(), /Stopping \(SIGTERM\)/);
    deepStrictEqual(await survivors(workspace), []);
    strictEqual(await Deno.stat(daemon.socketPath).catch(() => "gone"), "gone");
  });
});
