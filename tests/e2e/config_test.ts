import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { connectRemote } from "../../lib/client/mod.ts";
import { saveHandEdit } from "../../lib/config/mod.ts";
import type { GatewayEvent, VerbOutput } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { runCli, startCli, startDaemon, survivors } from "../support/daemon.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

const platform = createDenoPlatform();
const WRITER = new URL("../support/fixtures/config_writer.ts", import.meta.url).pathname;

/**
 * What is promised: an edit by a program is made to the file as it is at that
 * moment, under a lock that all programs keep. A hand edit through
 * `mcpproxy config edit` is merged under the same lock, however long the
 * person thinks. An editor that knows no lock and saves over the file keeps
 * its edit and everybody else's if what it saves was made from the file as it
 * is; what it saves from an older copy takes away what came since, as it would
 * with any program.
 */
Deno.test("400 edits of two processes and those of a person at once: none is lost", async () => {
  await using workspace = await openWorkspace();
  await workspace.write('{\n  // kept\n  "listen": "127.0.0.1:0",\n  "mcpServers": []\n}\n');
  await using gateway = await openTestGateway(workspace);
  await using daemon = connectRemote(platform, {
    kind: "tcp",
    url: `http://${gateway.address}`,
    apiKey: gateway.apiKey,
  }, { version: "test" });
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", WRITER, workspace.config, "w", "200"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = writer.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const input = writer.stdin.getWriter();

  const patch = (number: number) =>
    daemon.request("config.patch", {
      patch: number % 10 === 0
        ? { mcpServers: { [`d_${number}`]: { command: "x", enabled: false } } }
        : { environment: { custom_vars: { [`d_${number}`]: "1" } } },
    });
  /** Reads, thinks while others write, and saves; the save is the one of `mcpproxy config edit`. */
  async function person(name: string, meanwhile: () => Promise<unknown>): Promise<void> {
    const base = await workspace.read();
    await meanwhile();
    const text = base.replace('"mcpServers"', `"${name}": ${JSON.stringify(PERSON[name])},\n  "mcpServers"`);
    await saveHandEdit(platform, { path: workspace.config, base, text });
  }
  const PERSON: Record<string, unknown> = {
    tools_limit: 7,
    queue_size: 3,
    read_only_mode: false,
    debug_search: true,
  };
  const names = Object.keys(PERSON);
  async function half(start: number): Promise<void> {
    const done = lines.next();
    for (let number = start; number < start + 100; number += 4) {
      const some = () => Promise.all([0, 1, 2, 3].map((more) => patch(number + more)));
      const name = number % 40 === 0 ? names.shift() : undefined;
      if (name === undefined) await some();
      else await person(name, some);
    }
    match(String((await done).value), /half/);
  }

  await half(0);
  // All have paused: an editor without a lock saves what it has just read, in both ways that editors have.
  const renamed = (await workspace.read()).replace("// kept", "// kept, renamed");
  await Deno.writeTextFile(`${workspace.config}~`, renamed);
  await Deno.rename(`${workspace.config}~`, workspace.config);
  await Deno.writeTextFile(workspace.config, renamed.replace("renamed", "renamed, truncated"));
  await input.write(new TextEncoder().encode("\n"));
  await half(100);
  await input.write(new TextEncoder().encode("\n"));
  await input.close();
  strictEqual((await writer.status).code, 0);
  await lines.return?.();

  const { config } = await daemon.request("config.get", { view: "file" });
  await gateway.reloadConfig();
  const { config: inForce } = await daemon.request("config.get", { view: "effective" });
  const wanted = Array.from(
    { length: 200 },
    (_, number) => [`w_${number}`, `d_${number}`, number % 10] as const,
  );
  const variables = (config.environment as { custom_vars: object }).custom_vars; // written by this test
  const servers = config.mcpServers as { name: string }[]; // likewise
  const found = new Set([...Object.keys(variables), ...servers.map(({ name }) => name)]);
  deepStrictEqual(wanted.flatMap(([w, d]) => [w, d]).filter((name) => !found.has(name)), []);
  strictEqual(found.size, 400);
  for (const [name, value] of Object.entries(PERSON)) deepStrictEqual([name, config[name]], [name, value]);
  match(await workspace.read(), /\/\/ kept, renamed, truncated/);
  strictEqual((inForce.mcpServers as unknown[]).length, 40);
  const left = (await Array.fromAsync(Deno.readDir(workspace.directory))).map(({ name }) => name).sort();
  deepStrictEqual(left, ["config.json", "config.json.lock", "data"], "no temporary file is left");
});

Deno.test("100 truncations of a running config: no crash, no lost server, calls go on", async () => {
  await using workspace = await openWorkspace();
  const servers = ["a", "b"].map((name) => ({ name, command: "x", enabled: false }));
  const whole = `// all of it\n${
    JSON.stringify(
      { listen: "127.0.0.1:0", tools_limit: 9, mcpServers: [reference("memory"), ...servers] },
      null,
      2,
    )
  }\n`;
  await workspace.write(whole);
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "memory", "ready");
  const { pid } = await gateway.management.request("servers.get", { name: "memory" });
  // Spread over the file and moved by what looks like chance, the same in every run.
  const positions = Array.from(
    { length: 100 },
    (_, index) => Math.floor(((index + (index * 37 % 10) / 10) * whole.length) / 100),
  );
  let rejected = 0;

  for (const position of [0, ...positions]) {
    await Deno.writeTextFile(workspace.config, whole.slice(0, position));
    rejected += await gateway.reloadConfig().then(() => 0, () => 1);
    const { servers, config_error } = {
      ...await gateway.management.request("servers.list", {}),
      ...await gateway.management.request("status.get", {}),
    };
    deepStrictEqual(servers.map(({ name, status }) => [name, status]), [["a", "idle"], ["b", "idle"], [
      "memory",
      "ready",
    ]], `cut at ${position}`);
    ok(config_error !== undefined, `cut at ${position}`);
    const result = await gateway.management.request("calls.call", { tool_name: "memory:read_graph" });
    strictEqual(result.isError, undefined);
  }
  strictEqual(rejected, 101);
  await Deno.writeTextFile(workspace.config, whole);
  await gateway.reloadConfig();
  strictEqual((await gateway.management.request("status.get", {})).config_error, undefined);
  strictEqual(
    (await gateway.management.request("servers.get", { name: "memory" })).pid,
    pid,
    "never restarted",
  );
});

Deno.test("mcpproxy config works with a daemon and without one", async (t) => {
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "a", command: "x", enabled: false, env: { API_TOKEN: "very-secret-1" } }],
  });
  const other = join(workspace.directory, "other.json");
  const json = async (words: readonly string[]) => {
    const { code, stdout, stderr } = await runCli(workspace, [...words, "-o", "json"]);
    return { code, value: JSON.parse(stdout), stderr };
  };
  async function look(isRunning: boolean): Promise<void> {
    strictEqual((await runCli(workspace, ["config", "path"])).stdout, `${workspace.config}\n`);
    const shown: VerbOutput<"config.get"> = (await json(["config", "show"])).value;
    strictEqual(shown.config_path, workspace.config);
    ok(!JSON.stringify(shown).includes("very-secret-1"));
    const valid = await json(["config", "validate"]);
    deepStrictEqual([valid.code, valid.value.valid], [0, true]);
    await Deno.writeTextFile(other, '{ "mcpServers": { "b": { "url": "ftp://x" } } }');
    const invalid = await json(["config", "validate", other]);
    deepStrictEqual([invalid.code, invalid.value.problems[0].path], [4, "mcpServers.b.url"]);
    const refused = await runCli(workspace, ["config", "diff", other]);
    strictEqual(refused.code, 4);
    match(refused.stderr, /this is not an http or https URL/);
    await Deno.writeTextFile(other, '{ "mcpServers": { "b": { "command": "x", "quarantined": false } } }');
    const diff: VerbOutput<"config.diff"> = (await json(["config", "diff", other])).value;
    deepStrictEqual(diff.servers.map(({ name, action }) => [name, action]), [["b", "start"], ["a", "none"]]);
    strictEqual(diff.running, isRunning);
    const edited = await runCli(workspace, ["config", "edit"], {
      env: { EDITOR: 'sed -i "s/very-secret-1/very-secret-1/"' },
    });
    match(edited.stderr, /Nothing was changed/);
  }
  await t.step("without", () => look(false));
  {
    await using daemon = await startDaemon(workspace);
    await t.step("with", () => look(true));
    await t.step("edit reaches the daemon", async () => {
      await using remote = connectRemote(platform, { kind: "socket", path: daemon.socketPath }, {
        version: "t",
      });
      const stop = new AbortController();
      const events = remote.followEvents({ types: ["snapshot", "config"] }, stop.signal)
        [Symbol.asyncIterator]();
      strictEqual((await events.next()).value?.type, "snapshot");
      const edited = await daemon.cli(["config", "edit"], {
        env: { EDITOR: 'sed -i "s/command/command/; s/\\[/[\\n    \\/\\/ typed\\n/"' },
      });
      strictEqual(edited.code, 0, edited.stderr);
      match(await workspace.read(), /\/\/ typed/);
      const limit = await daemon.cli(["config", "edit"], {
        env: { EDITOR: 'sed -i "0,/{/s//{ \\"tools_limit\\": 3,/"' },
      });
      strictEqual(limit.code, 0, limit.stderr);
      strictEqual((await events.next()).value?.type, "config.reloaded");
      stop.abort();
      await events.return?.(undefined);
    });
  }
  await t.step("import", async () => {
    await using fresh = await openWorkspace();
    await Deno.remove(fresh.config);
    await Deno.writeTextFile(
      join(fresh.directory, "mcp_config.json"),
      '{ "mcpServers": [{ "name": "old", "url": "http://x" }] }',
    );
    const imported = await runCli(fresh, ["config", "import"]);
    strictEqual(imported.code, 0, imported.stderr);
    match(await fresh.read(), /"old"/);
  });
  deepStrictEqual(await survivors(workspace), []);
});

Deno.test("mcpproxy events --follow goes on over a restart of the daemon", async () => {
  await using workspace = await openWorkspace();
  const without = await runCli(workspace, ["events", "--follow"]);
  strictEqual(without.code, 1);
  match(without.stderr, /no daemon runs[^]*→ Start it: mcpproxy serve/);

  const snapshots = (text: string): GatewayEvent[] =>
    text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  const first = await startDaemon(workspace);
  await using follower = startCli(workspace, ["events", "--follow", "--type", "snapshot", "-o", "json"]);
  await follower.seen(/"snapshot"/);
  await first.stop();
  await using second = await startDaemon(workspace);
  await follower.seen(/"snapshot"[^]*\n[^]*"snapshot"/);
  const { code, stdout } = await follower.stop("SIGINT");
  strictEqual(code, 130);
  const [one, two] = snapshots(stdout);
  ok(one?.id.split(":")[0] !== two?.id.split(":")[0], "each run has a name of its own");
  const listed = await second.json(["events"]) as unknown[]; // a list, as the contract says
  ok(Array.isArray(listed));
});
