import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type CliOptions, type CliResult, runCli, startDaemon } from "../support/daemon.ts";
import { serveRegistry } from "../support/fixtures/registry.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

type Run = (args: readonly string[], options?: CliOptions) => Promise<CliResult>;

/** Runs a check twice: with a daemon and without. */
function bothWays(
  name: string,
  check: (scene: { readonly workspace: Workspace; readonly run: Run }) => Promise<void>,
  settings: Readonly<Record<string, unknown>> = { allow_private_registry_fetch: true },
): void {
  Deno.test(`${name} (no daemon)`, async () => {
    await using workspace = await openWorkspace(settings);
    await check({ workspace, run: (args, options) => runCli(workspace, args, options) });
  });
  Deno.test(`${name} (daemon)`, async () => {
    await using workspace = await openWorkspace(settings);
    await using daemon = await startDaemon(workspace);
    await check({ workspace, run: (args, options) => daemon.cli(args, options) });
  });
}

bothWays("registry finds a server over HTTP and adds it in quarantine", async ({ run, workspace }) => {
  await using registry = serveRegistry();
  strictEqual((await run(["registry", "add-source", registry.url, "--id", "mine"])).code, 0);

  const found = await run(["registry", "search", "weather", "-r", "mine"]);
  match(
    found.stdout,
    /io\.github\.someone\/weather 1\.2\.0\n {4}Tells the weather\n {4}runs npx -y @someone\/weather@1\.2\.0\n {4}wants WEATHER_KEY/,
  );
  const refused = await run(["registry", "add", "mine", "io.github.someone/weather"]);
  strictEqual(refused.code, 1);
  match(refused.stderr, /it wants "WEATHER_KEY"/);
  const added = await run(["registry", "add", "mine", "io.github.someone/weather", "--env", "WEATHER_KEY=k"]);

  strictEqual(added.code, 0, added.stderr);
  const { mcpServers } = JSON.parse(await workspace.read());
  const [{ created: _created, ...entry }] = mcpServers;
  deepStrictEqual(
    [entry.name, entry.command, entry.args, entry.env, entry.quarantined, entry.source_registry_id],
    ["weather", "npx", ["-y", "@someone/weather@1.2.0"], { WEATHER_KEY: "k" }, true, "mine"],
  );
});

bothWays("registry works with a file, is renamed and removed", async ({ run, workspace }) => {
  const path = join(workspace.directory, "list.json");
  await Deno.writeTextFile(
    path,
    JSON.stringify({ servers: [{ name: "notes", command: "notes", args: [] }] }),
  );

  strictEqual((await run(["registry", "add-source", path])).code, 0);
  strictEqual((await run(["registry", "edit", "list", "--name", "My list"])).code, 0);
  const { servers } = JSON.parse((await run(["registry", "search", "-r", "list", "-o", "json"])).stdout);
  deepStrictEqual(servers.map(({ id }: { id: string }) => id), ["notes"]);
  const listed = JSON.parse((await run(["registry", "list", "-o", "json"])).stdout);
  deepStrictEqual(listed.map(({ id, name }: { id: string; name: string }) => [id, name]).at(-1), [
    "list",
    "My list",
  ]);
  const twice = await run(["registry", "add-source", path]);
  strictEqual(twice.code, 1);
  match(twice.stderr, /a registry with this id exists/);

  strictEqual((await run(["registry", "remove", "list"])).code, 0);
  const gone = await run(["registry", "search", "x", "-r", "list"]);
  strictEqual(gone.code, 1);
  match(gone.stderr, /no registry has this id/);
});

bothWays(
  "registry says why one cannot be read, and changes none while they are locked",
  async ({ run }) => {
    const away = await run(["registry", "search", "x", "-r", "away"]);
    strictEqual(away.code, 1);
    match(away.stderr, /there is no file/);
    match((await run(["registry", "search", "files", "-r", "reference"])).stdout, /filesystem/);
    const locked = await run(["registry", "remove", "away"]);
    match(locked.stderr, /registries_locked is on/);
    strictEqual((await run(["registry", "refresh", "away"])).code, 0);
  },
  {
    registries_locked: true,
    registries: [{ id: "away", servers_url: "/nowhere/list.json" }, { id: "reference" }],
  },
);
