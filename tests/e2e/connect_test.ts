import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type CliOptions, type CliResult, runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

interface Scene {
  readonly workspace: Workspace;
  readonly run: (args: readonly string[], options?: CliOptions) => Promise<CliResult>;
  /** A file in the home directory. */
  readonly read: (path: string) => Promise<string>;
  readonly write: (path: string, text: string) => Promise<void>;
}

/** Runs a check twice: with a daemon and without. */
function bothWays(name: string, check: (scene: Scene) => Promise<void>): void {
  const sceneOf = (workspace: Workspace, run: Scene["run"]): Scene => ({
    workspace,
    run,
    read: (path) => Deno.readTextFile(join(workspace.directory, path)),
    async write(path, text) {
      const file = join(workspace.directory, path);
      await Deno.mkdir(join(file, ".."), { recursive: true });
      await Deno.writeTextFile(file, text);
    },
  });
  Deno.test(`${name} (no daemon)`, async () => {
    // Nobody listens there: the address is only written down.
    await using workspace = await openWorkspace({ listen: "127.0.0.1:18765" });
    await check(sceneOf(workspace, (args, options) => runCli(workspace, args, options)));
  });
  Deno.test(`${name} (daemon)`, async () => {
    await using workspace = await openWorkspace();
    await using daemon = await startDaemon(workspace);
    await check(sceneOf(workspace, (args, options) => daemon.cli(args, options)));
  });
}

const CURSOR = ".cursor/mcp.json";
const BEFORE = '{\n  // mine\n  "mcpServers": {\n    "other": { "command": "x" }, // keep\n  },\n}\n';

bothWays(
  "connect shows, writes and undoes the entry of a client",
  async ({ run, read, write, workspace }) => {
    await write(CURSOR, BEFORE);

    const dry = await run(["connect", "cursor", "--dry-run"]);
    match(dry.stdout, /into .*\.cursor\/mcp\.json[\s\S]*"mcpproxy"[\s\S]*\/mcp"/);
    strictEqual(await read(CURSOR), BEFORE);
    const refused = await run(["connect", "cursor"]);
    strictEqual(refused.code, 2);
    match(refused.stderr, /nobody is there to confirm it, wanted --yes/);

    const done = await run(["connect", "cursor", "--yes", "-o", "json"]);

    strictEqual(done.code, 0, done.stderr);
    const { action, backup_path } = JSON.parse(done.stdout);
    strictEqual(action, "created");
    const text = await read(CURSOR);
    for (const line of BEFORE.split("\n")) ok(text.includes(line), line);
    match(text, /"mcpproxy": \{/);
    match(text, /"X-API-Key": "mcp_agt_/);
    const tokensOf = async () => JSON.parse((await run(["token", "list", "-o", "json"])).stdout);
    deepStrictEqual((await tokensOf()).map(({ name }: { name: string }) => name), ["cursor"]);
    strictEqual(((await Deno.stat(join(workspace.directory, CURSOR))).mode ?? 0) & 0o77, 0);
    strictEqual(await Deno.readTextFile(backup_path), BEFORE);
    const again = JSON.parse((await run(["connect", "cursor", "-y", "-o", "json"])).stdout);
    strictEqual(again.action, "already_exists");
    const listed = JSON.parse((await run(["connect", "--list", "-o", "json"])).stdout);
    const connected = listed.filter((one: { connected: boolean }) => one.connected);
    deepStrictEqual(connected.map(({ client }: { client: string }) => client), ["cursor"]);

    const undone = await run(["connect", "cursor", "--undo"]);

    strictEqual(undone.code, 0, undone.stderr);
    strictEqual(await read(CURSOR), BEFORE);
  },
);

bothWays("disconnect takes only the entry out", async ({ run, read, write }) => {
  await write(".codex/config.toml", '# mine\nmodel = "o3"\n');
  strictEqual((await run(["connect", "codex", "--yes"])).code, 0);
  await write(".codex/config.toml", `${await read(".codex/config.toml")}\n[tui]\ntheme = "x"\n`);
  const undo = await run(["connect", "codex", "--undo"]);
  strictEqual(undo.code, 1);
  match(undo.stderr, /other settings have changed since/);

  const done = await run(["disconnect", "codex", "--yes"]);

  strictEqual(done.code, 0, done.stderr);
  strictEqual(await read(".codex/config.toml"), '# mine\nmodel = "o3"\n\n[tui]\ntheme = "x"\n');
  match((await run(["disconnect", "codex", "-y"])).stdout, /Not connected/);
});

bothWays("connect refuses what it does not understand and changes nothing", async ({ run, read, write }) => {
  const foreign = '{ "mcpServers": { "mcpproxy": { "command": "other" } } }';
  await write(CURSOR, foreign);
  await write(".gemini/settings.json", '{ "mcpServers": [] }');
  const cases: readonly (readonly [string, RegExp])[] = [
    ["cursor", /its entry "mcpproxy" leads elsewhere/],
    ["gemini", /no map of servers/],
    ["windsurf", /it has left no trace here/],
    ["opencode", /there is no file/],
    ["cursr", /did you mean "cursor"/],
  ];
  for (const [client, words] of cases) {
    const { code, stderr } = await run(["connect", client, "--yes"]);
    strictEqual(code, 1, client);
    match(stderr, words);
  }
  strictEqual(await read(CURSOR), foreign);

  const forced = await run(["connect", "cursor", "--yes", "--force"]);
  strictEqual(forced.code, 0, forced.stderr);
  match(await read(CURSOR), /\/mcp"/);
});

bothWays(
  "connect --all connects what is there, and undo of a file that was made removes it",
  async ({ run, read, write, workspace }) => {
    await write(".claude.json", '{"numStartups":1}');
    await Deno.mkdir(join(workspace.directory, ".gemini"));

    const done = await run(["connect", "--all", "--yes", "-o", "json"]);

    const results: { client: string; action: string }[] = JSON.parse(done.stdout);
    deepStrictEqual(results.map(({ client, action }) => [client, action]), [
      ["claude-code", "created"],
      ["gemini", "created"],
    ]);
    strictEqual(JSON.parse(await read(".claude.json")).numStartups, 1);
    match(JSON.parse(await read(".gemini/settings.json")).mcpServers.mcpproxy.httpUrl, /\/mcp$/);
    strictEqual((await run(["connect", "gemini", "--undo"])).code, 0);
    deepStrictEqual([...Deno.readDirSync(join(workspace.directory, ".gemini"))], []);
  },
);

bothWays("undo of a disconnect gives the entry a key that lets it in", async ({ run, read, write }) => {
  await write(CURSOR, BEFORE);
  const keyIn = async () => /mcp_agt_[0-9a-f]+/.exec(await read(CURSOR))?.[0] ?? "";
  await run(["connect", "cursor", "--yes"]);
  const first = await keyIn();
  const connected = await read(CURSOR);
  await run(["disconnect", "cursor", "--yes"]);

  const undone = await run(["connect", "cursor", "--undo"]);

  strictEqual(undone.code, 0, undone.stderr);
  match(undone.stderr, /Token "cursor" was made for it/);
  const second = await keyIn();
  ok(second !== first && second !== "");
  strictEqual(await read(CURSOR), connected.replace(first, second));
  const tokens: { prefix: string }[] = JSON.parse((await run(["token", "list", "-o", "json"])).stdout);
  deepStrictEqual(tokens.map(({ prefix }) => prefix), [second.slice(0, 12)]);
});
