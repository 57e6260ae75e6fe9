import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type CliResult, runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

type Run = (args: readonly string[]) => Promise<CliResult>;

const CONFIG = {
  mcpServers: [{ name: "files", url: "http://127.0.0.1:9/", enabled: false, quarantined: false }],
  profiles: [{ name: "dev", servers: ["files"] }],
};

async function tokenLife(cli: Run): Promise<void> {
  const none = await cli(["token", "list"]);
  deepStrictEqual([none.code, none.stdout], [0, ""]);
  match(none.stderr, /No tokens; make one: mcpproxy token create/);

  const made = await cli([
    ...["token", "create", "ci", "--servers", "files", "--permissions", "read,write"],
    ...["--expires", "12h", "--profile-pin", "dev"],
  ]);
  strictEqual(made.code, 0, made.stderr);
  const [token = ""] = /mcp_agt_[0-9a-f]{64}/.exec(made.stdout) ?? [];
  ok(token !== "" && made.stderr.includes("not shown again"));

  const listed = await cli(["token", "list"]);
  match(listed.stdout, /ci +mcp_agt_[0-9a-f]{4}… +active +files +read, write +dev +20\d\d-/);
  const shown = JSON.parse((await cli(["token", "show", "ci", "-o", "json"])).stdout);
  deepStrictEqual([shown.name, shown.allowed_servers, shown.profile_pin], ["ci", ["files"], "dev"]);
  ok(!listed.stdout.includes(token) && !JSON.stringify(shown).includes(token));

  const taken = await cli(["token", "create", "--name", "ci"]);
  deepStrictEqual([taken.code, taken.stdout], [1, ""]);
  match(taken.stderr, /token "ci".*\n→ .*regenerate ci/);
  const replaced = JSON.parse((await cli(["token", "regenerate", "ci", "-o", "json"])).stdout);
  ok(replaced.token !== token);

  strictEqual((await cli(["token", "revoke", "ci"])).stdout, 'Revoked token "ci"\n');
  match((await cli(["token", "list"])).stdout, /ci +\S+ +revoked/);
  const unsure = await cli(["token", "delete", "ci"]);
  deepStrictEqual([unsure.code, unsure.stdout], [2, ""]);
  strictEqual((await cli(["token", "rm", "ci", "--yes"])).stdout, 'Deleted token "ci"\n');
  strictEqual((await cli(["token", "show", "ci"])).code, 1);

  for (
    const [args, says] of [
      [["token", "create"], /no name/],
      [["token", "create", "a", "--permissions", "all"], /"all": wanted read, write or destructive/],
      [["token", "create", "a", "--max-concurrent", "0"], /--max-concurrent "0"/],
    ] as const
  ) {
    const wrong = await cli(args);
    strictEqual(wrong.code, 2);
    match(wrong.stderr, says);
  }
}

async function privateOnly(workspace: Workspace): Promise<void> {
  const { stdout } = await new Deno.Command("find", { args: [workspace.dataDir, "-perm", "/077"] }).output();
  strictEqual(new TextDecoder().decode(stdout), "");
}

Deno.test("mcpproxy token works without a daemon, and its tokens with one", async () => {
  await using workspace = await openWorkspace(CONFIG);
  await tokenLife((args) => runCli(workspace, args));
  const { token } = JSON.parse((await runCli(workspace, ["token", "create", "kept", "-o", "json"])).stdout);

  await using daemon = await startDaemon(workspace);
  const read = await fetch(`${daemon.url}/api/v1/servers`, { headers: { "x-api-key": token } });
  strictEqual(read.status, 200);
  await read.body?.cancel();
});

Deno.test("mcpproxy token works with a daemon, and leaves nothing that others can read", async () => {
  await using workspace = await openWorkspace(CONFIG);
  await using daemon = await startDaemon(workspace);
  await tokenLife((args) => daemon.cli(args));

  const snippet = await daemon.cli(["status", "--mcp-config", "codex"]);
  match(
    snippet.stdout,
    /^\[mcp_servers\.mcpproxy\]\nurl = ".*\/mcp"\nhttp_headers = \{ X-API-Key = "mcp_agt_/,
  );
  match(snippet.stderr, /\.codex\/config\.toml, which Codex reads\nToken "codex" was made for it/);
  const desktop = JSON.parse((await daemon.cli(["status", "--mcp-config", "claude-desktop"])).stdout);
  strictEqual(desktop.mcpServers.mcpproxy.command, "npx");
  const unknown = await daemon.cli(["status", "--mcp-config", "emacs"]);
  deepStrictEqual([unknown.code, unknown.stdout], [1, ""]);
  match(unknown.stderr, /→ Name one of claude-code, /);
  match(
    (await daemon.cli(["status", "--web-url"])).stdout,
    /^http:\/\/127\.0\.0\.1:\d+\/ui\/#code=[0-9a-f]{64}\n$/,
  );

  await privateOnly(workspace);
  await daemon.stop();
  await privateOnly(workspace);
  const key = await Deno.stat(join(workspace.dataDir, ".token_key"));
  strictEqual((key.mode ?? 0) & 0o777, 0o600);
});

Deno.test("mcpproxy status --web-url needs a daemon, and says so", async () => {
  await using workspace = await openWorkspace(CONFIG);
  const { code, stderr } = await runCli(workspace, ["status", "--web-url"]);
  strictEqual(code, 1);
  match(stderr, /no daemon is running/);
});
