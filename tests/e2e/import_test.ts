import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type CliOptions, type CliResult, runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

type Run = (args: readonly string[], options?: CliOptions) => Promise<CliResult>;

/** Runs a check twice: with a daemon and without. */
function bothWays(name: string, check: (workspace: Workspace, run: Run) => Promise<void>): void {
  Deno.test(`${name} (no daemon)`, async () => {
    await using workspace = await openWorkspace();
    await check(workspace, (args, options) => runCli(workspace, args, options));
  });
  Deno.test(`${name} (daemon)`, async () => {
    await using workspace = await openWorkspace();
    await using daemon = await startDaemon(workspace);
    await check(workspace, (args, options) => daemon.cli(args, options));
  });
}

const CURSOR = JSON.stringify({
  mcpServers: {
    files: { command: "npx", args: ["-y", "server files"], env: { API_TOKEN: "very-secret-1" } },
    web: { url: "https://a.example/mcp" },
    bad: { nothing: true },
  },
});

async function servers(workspace: Workspace): Promise<Record<string, Record<string, unknown>>> {
  const { mcpServers = [] } = JSON.parse(await workspace.read());
  return Object.fromEntries(mcpServers.map((entry: { name: string }) => [entry.name, entry]));
}

bothWays("upstream import shows what would run, then holds it in quarantine", async (workspace, run) => {
  await Deno.mkdir(join(workspace.directory, ".cursor"));
  await Deno.writeTextFile(join(workspace.directory, ".cursor/mcp.json"), CURSOR);

  const dry = await run(["upstream", "import", "cursor", "--dry-run"]);

  match(dry.stdout, /Would import 2 of 3 servers of Cursor/);
  match(dry.stdout, /files: npx -y 'server files'/);
  match(dry.stdout, /bad +failed +It has neither/);
  ok(!`${dry.stdout}${dry.stderr}`.includes("very-secret-1"));
  deepStrictEqual(await servers(workspace), {});
  strictEqual(dry.code, 1);

  const done = await run(["upstream", "import", ".cursor/mcp.json", "-s", "files", "--rename", "files=mine"]);

  strictEqual(done.code, 0, done.stderr);
  match(done.stderr, /quarantine.*upstream approve/);
  match(done.stderr, /Secrets of mine stand in clear text/);
  const { mine, ...others } = await servers(workspace);
  deepStrictEqual(others, {});
  strictEqual(mine?.quarantined, true);
  deepStrictEqual(mine?.env, { API_TOKEN: "very-secret-1" });
});

bothWays(
  "upstream import reads standard input, lets servers in on demand, and says what is there",
  async (workspace, run) => {
    const args = ["upstream", "import", "-", "--no-quarantine", "-o", "json"];
    const toml = '[mcp_servers.a]\nurl = "https://a.example/mcp"\nenabled = false\n';

    const first = JSON.parse((await run(args, { stdin: toml })).stdout);
    const second = JSON.parse((await run(args, { stdin: toml })).stdout);

    deepStrictEqual(first.summary, { total: 1, imported: 1, skipped: 0, failed: 0 });
    strictEqual(first.format, "codex");
    deepStrictEqual(second.skipped.map(({ reason }: { reason: string }) => reason), ["already_exists"]);
    const { a } = await servers(workspace);
    strictEqual(a?.quarantined, false);
    strictEqual(a?.enabled, false);
  },
);

Deno.test("POST /servers/import takes an uploaded file, and its options from the form", async () => {
  await using workspace = await openWorkspace();
  await using daemon = await startDaemon(workspace);
  async function upload(fields: Readonly<Record<string, string>>, query = "") {
    const form = new FormData();
    form.append("file", new File([CURSOR], "mcp.json"));
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    const response = await fetch(`${daemon.url}/api/v1/servers/import${query}`, {
      method: "POST",
      headers: { "x-api-key": daemon.apiKey },
      body: form,
    });
    return { status: response.status, ...await response.json() };
  }

  const looked = await upload({ preview: "true" });
  deepStrictEqual([looked.status, looked.data.preview, looked.data.summary.imported], [200, true, 2]);
  const lookedByUrl = await upload({}, "?preview=true");
  deepStrictEqual([lookedByUrl.data.preview, lookedByUrl.data.summary.imported], [true, 2]);
  deepStrictEqual(await servers(workspace), {});
  const done = await upload({ server_names: "web,files", rename: '{"web":"site"}' });
  strictEqual(done.data.summary.imported, 2);
  deepStrictEqual(Object.keys(await servers(workspace)).sort(), ["files", "site"]);
  const wrong = await upload({ prevew: "true" });
  deepStrictEqual([wrong.status, wrong.code], [400, "MCPX_INVALID_INPUT"]);
  match(wrong.error, /prevew/);
});

bothWays("upstream import without a path lists the files of clients", async (workspace, run) => {
  await Deno.writeTextFile(join(workspace.directory, ".claude.json"), "{}");

  const { code, stdout } = await run(["upstream", "import", "-o", "json"]);

  strictEqual(code, 0);
  const paths: { format: string; exists: boolean; path: string }[] = JSON.parse(stdout);
  deepStrictEqual(paths.filter(({ exists }) => exists).map(({ format }) => format), ["claude-code"]);
  ok(paths.every(({ path }) => path.startsWith(workspace.directory)));
});

bothWays("upstream import refuses what it cannot use with words", async (_workspace, run) => {
  for (
    const [args, words] of [
      [["none.json"], /MCPX_CLIENT_FILE_NOT_FOUND|there is no such file/],
      [["cursor"], /there is no such file/],
      [["-", "--format", "emacs"], /no client of this name is known/],
      [["-"], /wanted the servers of a client/],
    ] as const
  ) {
    const { code, stderr } = await run(["upstream", "import", ...args], { stdin: "{}" });
    strictEqual(code, 1);
    match(stderr, words);
  }
});
