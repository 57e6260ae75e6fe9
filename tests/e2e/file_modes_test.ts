import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
/** The program under the laxest mask there is: every mode is its own doing. */
const program = ["sh", "-c", 'umask 000; exec "$@"', "sh", Deno.execPath(), "run", "--quiet", "-A", MAIN];
const env = { MCPPROXY_SECRET_STORE: "file" };
const LOG_BYTES = 1_100_000;

/** Everything below a directory, with its mode. */
async function modes(
  directory: string,
  below = "",
): Promise<{ readonly path: string; readonly mode: number }[]> {
  const found: { path: string; mode: number }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(directory, below))) {
    const path = join(below, name);
    const { mode } = await Deno.lstat(join(directory, path));
    found.push({ path, mode: (mode ?? 0) & 0o777 });
    if (isDirectory) found.push(...await modes(directory, path));
  }
  return found;
}

/** Files and directories that others can do anything with. */
async function open(directory: string): Promise<string[]> {
  const all = await modes(directory);
  return all.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path, mode }) =>
    `${path} ${mode.toString(8)}`
  );
}

Deno.test("nothing that the program writes can be read by others, whatever the umask", async () => {
  await using workspace = await openWorkspace();
  const { directory, dataDir } = workspace;
  await workspace.write({
    listen: "127.0.0.1:0",
    logging: { level: "trace", max_size: 1 },
    sensitive_data_detection: { enabled: true },
    mcpServers: [
      reference("everything", { entry: { isolation: { enabled: false } } }),
      { ...reference("everything"), name: "held", quarantined: true },
      { name: "gone", command: "false", quarantined: false },
    ],
  });
  // Files of before, lax and full: they are tightened, and set aside with the first line.
  await Deno.mkdir(join(dataDir, "logs"), { recursive: true, mode: 0o700 });
  for (const name of ["main.log", "server-everything.log"]) {
    await Deno.writeTextFile(join(dataDir, "logs", name), "x".repeat(LOG_BYTES));
    await Deno.chmod(join(dataDir, "logs", name), 0o666);
  }
  const cursor = join(directory, ".cursor");
  await Deno.mkdir(cursor, { mode: 0o700 });
  await Deno.writeTextFile(join(cursor, "mcp.json"), '{"mcpServers":{}}', { mode: 0o600 });

  {
    await using daemon = await startDaemon(workspace, [], { program, env });
    await daemon.seen(/\[3\/3\]/);
    const done = async (words: string[], stdin?: string) => {
      const { code, stdout, stderr } = await daemon.cli(words, { program, env, stdin });
      strictEqual(code, 0, `${words.join(" ")}: ${stdout}${stderr}`);
    };
    await done([
      "call",
      "tool",
      "everything:echo",
      "--args",
      '{"message":"sk_live_4eC39HqLyjWDarjtT1zdp7dc"}',
    ]);
    await done(["secrets", "set", "one"], "a-secret-value\n");
    await done(["secrets", "set", "two"], "another-secret-value\n");
    await done(["token", "create", "agent", "--servers", "everything", "--permissions", "read"]);
    await done(["connect", "cursor", "--yes"]);
    await done(["upstream", "add", "web", "http://127.0.0.1:9/mcp"]);
    await done(["upstream", "remove", "web", "--yes"]);
    await done(["upstream", "approve", "held"]);
    await done(["security", "scan"]);
    await done(["activity", "export", "--output", join(directory, "export.json"), "--include-bodies"]);
    await done(["upstream", "logs", "everything"]);
    deepStrictEqual(await open(directory), []);
    await daemon.stop("SIGKILL");
  }
  deepStrictEqual(await open(directory), []);

  // A database that cannot be read is set aside, and a new one made.
  await Deno.writeTextFile(join(dataDir, "mcpproxy.db"), "no database at all".repeat(1_000));
  {
    await using daemon = await startDaemon(workspace, [], { program, env });
    await daemon.seen(/\[4\/4\]|\[3\/3\]/);
    const { code } = await daemon.stop("SIGTERM");
    strictEqual(code, 0);
  }
  deepStrictEqual(await open(directory), []);
  const names = (await modes(directory)).map(({ path }) => path);
  for (
    const wanted of [
      /main\.log\.1(?:\.gz)?$/,
      /secrets\.age$/,
      /mcp\.json\..+/,
      /export\.json$/,
      /mcpproxy\.db.+/,
    ]
  ) {
    ok(names.some((name) => wanted.test(name)), `${wanted}: ${names.join(", ")}`);
  }
});
