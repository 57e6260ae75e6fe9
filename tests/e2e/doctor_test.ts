import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

interface Found {
  readonly total_issues: number;
  readonly checks: readonly { readonly id: string; readonly level: string; readonly code?: string }[];
}

function levelsOf(text: string): Readonly<Record<string, string>> {
  const { checks }: Found = JSON.parse(text);
  return Object.fromEntries(checks.map(({ id, level }) => [id, level]));
}

Deno.test("mcpproxy doctor and tools preflight work without a daemon", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });

  await t.step("doctor says that none runs, and that nothing else is wrong", async () => {
    const { code, stdout } = await runCli(workspace, ["doctor", "-o", "json"]);
    strictEqual(code, 0, stdout);
    const levels = levelsOf(stdout);
    deepStrictEqual([levels.daemon, levels.config, levels.port, levels.disk], ["warning", "ok", "ok", "ok"]);
    deepStrictEqual([levels["command:node"], levels["server:memory"]], ["ok", "skipped"]);
  });

  await t.step("a required tool is there, another is not", async () => {
    const ready = await runCli(workspace, ["tools", "preflight", "memory:read_graph"]);
    strictEqual(ready.code, 0, ready.stdout + ready.stderr);
    match(ready.stdout, /^VERDICT {2}ready$/m);
    strictEqual((await runCli(workspace, ["tools", "preflight", "memory:read_graf"])).code, 12);
  });

  await t.step("a taken port is found", async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await workspace.write({ listen: `127.0.0.1:${listener.addr.port}`, mcpServers: [] });
    const { code, stdout } = await runCli(workspace, ["doctor"]);
    strictEqual(code, 1);
    match(stdout, /✗ port {2}another program listens on/);
    match(stdout, /MCPX_PORT_IN_USE/);
  });

  await t.step("a config that cannot be read is told with what to do", async () => {
    await workspace.write('{ "listn": 1 }');
    const { code, stdout } = await runCli(workspace, ["doctor"]);
    strictEqual(code, 1);
    match(stdout, /✗ gateway .*did you mean "listen"/);
    match(stdout, /→ /);
    await workspace.write({ listen: "127.0.0.1:0" });
  });

  await t.step("a data directory open to others is mended when told to", async () => {
    await Deno.chmod(workspace.dataDir, 0o755);
    const found = await runCli(workspace, ["doctor", "-o", "json"]);
    strictEqual(found.code, 1);
    const would = await runCli(workspace, ["doctor", "fix", "MCPX_DATA_DIR_DENIED"]);
    match(would.stdout, /· chmod 0700 /);
    match(would.stderr, /--execute does it/);
    strictEqual(((await Deno.stat(workspace.dataDir)).mode ?? 0) & 0o777, 0o755);
    const did = await runCli(workspace, ["doctor", "fix", "mcpx_data_dir_denied", "--execute"]);
    match(did.stdout, /✓ chmod 0700 /);
    strictEqual((await runCli(workspace, ["doctor"])).code, 0);
  });

  await t.step("codes are explained; a wrong one gets the nearest", async () => {
    match((await runCli(workspace, ["doctor", "explain", "MCPX_PORT_IN_USE"])).stdout, /^Exit code +2$/m);
    const wrong = await runCli(workspace, ["doctor", "explain", "MCPX_PORT_IN_US"]);
    deepStrictEqual([wrong.code, /did you mean "MCPX_PORT_IN_USE"/.test(wrong.stderr)], [2, true]);
    const { stdout } = await runCli(workspace, ["doctor", "list-codes", "-o", "json"]);
    ok(
      JSON.parse(stdout).every(({ cause, remedy }: Record<string, string>) => cause !== "" && remedy !== ""),
    );
  });
});

Deno.test("mcpproxy doctor and tools preflight ask the daemon", async (t) => {
  const bad = { name: "bad", command: "no-such-command-here", quarantined: false };
  const off = { name: "off", command: "node", enabled: false };
  await using workspace = await openWorkspace({ mcpServers: [reference("memory"), bad, off] });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ memory/);
  await daemon.seen(/✗ bad/);

  await t.step("doctor names the server, the code and what to do", async () => {
    const { code, stdout } = await daemon.cli(["doctor"]);
    strictEqual(code, 1);
    match(stdout, /✓ daemon {2}process \d+ answers/);
    match(stdout, /✗ server:bad .*\n {2}→ .*\n {2}MCPX_STDIO_SPAWN_ENOENT/);
    const one = await daemon.cli(["doctor", "--server", "memory", "-o", "json"]);
    deepStrictEqual([one.code, levelsOf(one.stdout)], [0, { "server:memory": "ok", "command:node": "ok" }]);
  });

  await t.step("the exit codes of a preflight are 0, 10, 11 and 12; the worst wins", async () => {
    const exit = async (...words: string[]) => (await daemon.cli(["tools", "preflight", ...words])).code;
    deepStrictEqual(
      [
        await exit("memory:read_graph"),
        await exit("memory:read_graph", "bad:x"),
        await exit("bad:x", "off:x"),
        await exit("off:x", "memory:nope"),
      ],
      [0, 10, 11, 12],
    );
    strictEqual(
      await exit("memory:read_graph", "--pin", `memory:read_graph=sha256/v1:${"0".repeat(64)}`),
      11,
    );
    strictEqual(await exit("memory:read_graph", "--pin", "memory:read_graph=nonsense"), 1);
    strictEqual(await exit("memory:read_graph", "--pin", "other:x=sha256/v1:0"), 2);
    strictEqual(await exit("memory:read_graph", "--wait", "11s"), 2);
    strictEqual(await exit(), 2);
  });

  await t.step("REST says the same, and refuses fields it does not know", async () => {
    const headers = { "x-api-key": daemon.apiKey, "content-type": "application/json" };
    const ask = async (body: unknown) => {
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${daemon.url}/api/v1/preflight`, init);
      return { status: response.status, body: await response.json() };
    };
    const { body } = await ask({ tools: [{ id: "memory:read_graph" }] });
    strictEqual(body.data.verdict, "ready");
    const wrong = await ask({ tools: [{ id: "memory:read_graph", pin: "x" }] });
    deepStrictEqual([wrong.status, wrong.body.code], [400, "MCPX_INVALID_INPUT"]);
    const doctor = await fetch(`${daemon.url}/api/v1/doctor`, { headers });
    ok((await doctor.json()).data.total_issues > 0);
  });

  await t.step("a lock of this program is no socket or key left open", async () => {
    strictEqual(((await Deno.stat(join(workspace.dataDir, "api_key"))).mode ?? 0) & 0o777, 0o600);
    const { stdout } = await daemon.cli(["doctor", "-o", "json"]);
    strictEqual(levelsOf(stdout).modes, "ok");
  });
});

Deno.test("mcpproxy upstream reconnect, discover-tools and quarantine, with and without a daemon", async (t) => {
  const bad = { name: "bad", command: "no-such-command-here", quarantined: false };
  await using workspace = await openWorkspace({ mcpServers: [reference("memory"), bad] });

  await t.step("without one, only the config can be changed", async () => {
    const { code, stdout } = await runCli(workspace, ["upstream", "reconnect", "-o", "json"]);
    deepStrictEqual([code, JSON.parse(stdout).code], [1, "MCPX_DAEMON_NOT_RUNNING"]);
    strictEqual((await runCli(workspace, ["upstream", "discover-tools", "memory"])).code, 1);
    strictEqual((await runCli(workspace, ["upstream", "quarantine", "bad"])).code, 0);
    match(await workspace.read(), /"quarantined": true/);
    strictEqual((await runCli(workspace, ["upstream", "approve", "bad"])).code, 0);
  });

  await t.step("with one", async () => {
    await using daemon = await startDaemon(workspace);
    await daemon.seen(/✓ memory/);
    await daemon.seen(/✗ bad/);
    match((await daemon.cli(["upstream", "reconnect"])).stdout, /Trying 1 servers again/);
    match((await daemon.cli(["upstream", "discover-tools", "memory"])).stdout, /Asked server "memory"/);
    const wrong = await daemon.cli(["upstream", "discover-tools", "memry"]);
    deepStrictEqual([wrong.code, /did you mean "memory"/.test(wrong.stderr)], [1, true]);
    match((await daemon.cli(["upstream", "quarantine", "memory"])).stdout, /is held in quarantine/);
    const list = await daemon.json(["upstream", "list"]) as { name: string; quarantined: boolean }[]; // as documented
    deepStrictEqual(list.map(({ name, quarantined }) => [name, quarantined]), [["bad", false], [
      "memory",
      true,
    ]]);
  });
});
