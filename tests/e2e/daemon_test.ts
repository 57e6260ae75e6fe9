import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import type { Status, ToolResult, ToolView } from "../../mod.ts";
import { running, startCli, startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";
import { openThree, serverOf, servers, succeeded } from "./daemon_scene.ts";

Deno.test("mcpproxy serve tells its progress and answers the commands that look", async (t) => {
  await using opened = await openThree();
  const { daemon, workspace } = opened;

  await t.step("progress and table on stderr, nothing on stdout", async () => {
    await daemon.seen(/✅ {2}memory .*Connected \(9 tools\)/);
    match(daemon.stderr(), /^Starting 3 servers/m);
    for (const name of ["everything", "filesystem", "memory"]) {
      match(
        daemon.stderr(),
        new RegExp(`^\\[[1-3]/3\\] ✓ ${name} {2}Connected \\(\\d+ tools\\) \\([\\d.]+ m?s\\)$`, "m"),
      );
    }
    ok(!daemon.stderr().includes(daemon.apiKey), "the key is on the screen");
    strictEqual(daemon.stdout(), "");
  });

  await t.step("version and completion need no daemon", async () => {
    match(
      succeeded(await daemon.cli(["version"])).stdout,
      /^mcpproxy v\d+\.\d+\.\d+ \(personal\) \w+\/\w+\n$/,
    );
    for (const shell of ["bash", "zsh", "fish"]) {
      match(succeeded(await daemon.cli(["completion", shell])).stdout, /upstream/);
    }
  });

  await t.step("status", async () => {
    const { stdout } = succeeded(await daemon.cli(["status"]));
    match(stdout, /^Servers\s+3 of 3 connected$/m);
    ok(stdout.includes(daemon.mcpUrl));
    ok(!stdout.includes(daemon.apiKey));
    const status = await daemon.json(["status", "--show-key"]) as Status; // the contract type, as the help says
    strictEqual(status.pid, daemon.pid);
    strictEqual(status.api_key, daemon.apiKey);
    strictEqual(status.upstream_stats.connected_servers, 3);
  });

  await t.step("upstream list as table, JSON and YAML", async () => {
    const { stdout } = succeeded(await daemon.cli(["upstream", "list"]));
    match(stdout, /NAME\s+PROTOCOL\s+TOOLS\s+STATUS/);
    match(stdout, /filesystem\s+stdio\s+\d+\s+Connected/);
    const json = await daemon.json(["upstream", "list"]);
    const yaml = parse((await daemon.cli(["upstream", "list", "-o", "yaml"])).stdout);
    deepStrictEqual(yaml, json);
    strictEqual((await serverOf(daemon, "memory")).status, "ready");
  });

  await t.step("tools list and search", async () => {
    const tools = await daemon.json(["tools", "list"]) as ToolView[]; // the contract type, as the help says
    ok(
      tools.some(({ id, call_with }) =>
        id === "memory:delete_entities" && call_with === "call_tool_destructive"
      ),
    );
    const found = succeeded(await daemon.cli(["tools", "search", "read a text file"])).stdout;
    match(found.split("\n")[1] ?? "", /filesystem:read_/);
  });

  await t.step("call tool takes pairs, JSON, a file and stdin", async () => {
    const echo = ["call", "tool", "everything:echo"];
    strictEqual(succeeded(await daemon.cli([...echo, "message=42"])).stdout, "Echo: 42\n");
    strictEqual((await daemon.cli([...echo, "--args", '{"message":"a b"}'])).stdout, "Echo: a b\n");
    await Deno.writeTextFile(join(workspace.directory, "args.json"), '{"message":"from a file"}');
    strictEqual((await daemon.cli([...echo, "--args", "@args.json"])).stdout, "Echo: from a file\n");
    const piped = await daemon.cli([...echo, "--args", "-"], { stdin: '{"message":"from a pipe"}' });
    strictEqual(piped.stdout, "Echo: from a pipe\n");
    const sum = await daemon.json(["call", "tool", "everything:get-sum", "a=2", "b=3"]) as ToolResult; // as MCP says
    deepStrictEqual(sum.content, [{ type: "text", text: "The sum of 2 and 3 is 5." }]);
    const path = join(workspace.directory, "notes.txt");
    match((await daemon.cli(["call", "tool", "filesystem:read_text_file", `path=${path}`])).stdout, /a note/);
  });

  await t.step("a call that fails exits 1 and says why", async () => {
    const outside = await daemon.cli(["call", "tool", "filesystem:read_text_file", "path=/etc/passwd"]);
    strictEqual(outside.code, 1);
    match(outside.stdout, /outside allowed/);
    const tool = await daemon.cli(["call", "tool", "everything:ecko"]);
    strictEqual(tool.code, 1);
    match(tool.stdout, /did you mean \\"everything:echo\\"/);
    const server = await daemon.cli(["call", "tool", "everthing:echo"]);
    strictEqual(server.code, 1);
    match(server.stdout, /did you mean \\"everything\\"/);
    const wrong = await daemon.cli(["call", "tool", "everything:get-sum", "a=x", "b=1"]);
    strictEqual(wrong.code, 1);
    match(wrong.stdout, /Argument \\"a\\" is string, wanted number/);
    const weak = await daemon.cli(["call", "tool-read", "memory:delete_entities", 'entityNames=["x"]']);
    strictEqual(weak.code, 1);
    match(weak.stderr, /MCPX_INTENT_REJECTED\n→ Use call_tool_destructive/);
  });

  await t.step("arguments that cannot be read exit 2", async () => {
    const cases: [string[], RegExp][] = [
      [["--args", "{bad"], /starts with "\{bad", wanted a JSON object/],
      [["--args", "[1]"], /wanted a JSON object/],
      [["--args", "@gone.json"], /gone\.json": the file does not exist/],
      [["message"], /"message": wanted key=value/],
      [["a=1", "a=2"], /"a" was given twice/],
    ];
    for (const [words, says] of cases) {
      const { code, stderr, stdout } = await daemon.cli(["call", "tool", "everything:echo", ...words]);
      strictEqual(code, 2, words.join(" "));
      strictEqual(stdout, "");
      match(stderr, says);
    }
  });

  await t.step("SIGINT ends it: exit 0, no process, no socket", async () => {
    ok((await running(workspace)).length >= 4, "the daemon and its servers run");
    ok((await Deno.stat(daemon.socketPath)).isSocket);
    const { code, stderr } = await daemon.stop("SIGINT");
    strictEqual(code, 0);
    match(stderr, /\nStopping \(SIGINT\).*\nStopped\n$/);
    deepStrictEqual(await survivors(workspace), []);
    strictEqual(await Deno.stat(daemon.socketPath).catch(() => "gone"), "gone");
  });
});

Deno.test("mcpproxy serve obeys its options and signals", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: [reference("everything")] });

  await t.step("without a socket and read-only, the commands go over HTTP with the key", async () => {
    await using daemon = await startDaemon(workspace, ["--no-enable-socket", "--read-only"]);
    ok(!daemon.stderr().includes("Socket"));
    strictEqual(await Deno.stat(daemon.socketPath).catch(() => "none"), "none");
    const env = { MCPPROXY_TRAY_ENDPOINT: daemon.url, MCPPROXY_API_KEY: daemon.apiKey };
    const call = await daemon.cli(["call", "tool", "everything:echo", "message=hi"], { env });
    strictEqual(succeeded(call).stdout, "Echo: hi\n");
    const remove = await daemon.cli(["upstream", "remove", "everything", "--yes"], { env });
    strictEqual(remove.code, 1);
    match(remove.stderr, /read.only/i);
    const wrong = await daemon.cli(["status"], { env: { ...env, MCPPROXY_API_KEY: "wrong" } });
    strictEqual(wrong.code, 1);
    match(wrong.stderr, /key is not valid[\s\S]*→ .*MCPPROXY_API_KEY/);
  });

  await t.step("SIGHUP takes the config anew, and keeps the last good one", async () => {
    await using daemon = await startDaemon(workspace);
    await daemon.seen(/✅ {2}everything/);
    const good = await workspace.read();
    const { pid } = await serverOf(daemon, "everything");

    await workspace.write(good.replace('"mcpServers"', '"mcpServes"'));
    Deno.kill(daemon.pid, "SIGHUP");
    await daemon.seen(/^note .*did you mean "mcpServers"/m);
    strictEqual((await serverOf(daemon, "everything")).pid, pid);

    const second = JSON.stringify(reference("everything", { entry: { name: "second" } }));
    await workspace.write(good.replace(/\[\s*\{/, `[ ${second}, {`));
    Deno.kill(daemon.pid, "SIGHUP");
    for (let look = 0; look < 50 && (await servers(daemon)).second === undefined; look++);
    succeeded(await daemon.cli(["call", "tool", "second:echo", "message=hi"]));
    strictEqual((await serverOf(daemon, "everything")).pid, pid, "what did not change goes on");
    await workspace.write(good);
  });

  await t.step("a daemon that was killed leaves a place where the next one starts", async () => {
    {
      await using daemon = await startDaemon(workspace);
      await daemon.seen(/✅ {2}everything/);
      await daemon.stop("SIGKILL");
      ok((await Deno.stat(daemon.socketPath)).isSocket, "its socket is left");
    }
    await using next = await startDaemon(workspace);
    succeeded(await next.cli(["call", "tool", "everything:echo", "message=hi"]));
    strictEqual((await next.stop("SIGTERM")).code, 0);
    deepStrictEqual(await survivors(workspace), []);
  });

  await t.step("a second signal kills a server that will not go", async () => {
    const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.error('deaf')";
    await workspace.write({
      listen: "127.0.0.1:0",
      mcpServers: [{ name: "deaf", command: "node", args: ["-e", script], quarantined: false }],
    });
    await using daemon = await startDaemon(workspace);
    await using log = startCli(workspace, ["upstream", "logs", "-f", "deaf"]);
    await log.seen(/deaf/);
    Deno.kill(daemon.pid, "SIGINT");
    await daemon.seen(/Stopping/);
    strictEqual((await daemon.stop("SIGINT")).code, 1);
    await log.stop("SIGINT");
    deepStrictEqual(await survivors(workspace), []);
  });
});
