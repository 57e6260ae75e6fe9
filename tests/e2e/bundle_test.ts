import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import manifest from "../../deno.json" with { type: "json" };
import { runCli, startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs the task of `deno.json` with its output in another place. */
async function bundle(output: string): Promise<void> {
  await runTask(manifest.tasks.bundle.command, "dist/mcpproxy.js", output);
}

/** The same for the parts that are installed. */
async function bundleParts(output: string): Promise<void> {
  await runTask(manifest.tasks.parts.command, "dist/parts", output);
}

async function runTask(task: string, usual: string, output: string): Promise<void> {
  for (const command of task.split(" && ")) {
    const [program, ...args] = command.split(" ");
    strictEqual(program, "deno");
    ok(args.some((arg) => arg.startsWith(usual)));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: args.map((arg) => arg.startsWith(usual) ? output + arg.slice(usual.length) : arg),
      cwd: ROOT,
    }).output();
    ok(success, new TextDecoder().decode(stderr));
  }
}

/** Names of the threads of a process. */
function threadsOf(pid: number): string[] {
  const tasks = `/proc/${pid}/task`;
  return [...Deno.readDirSync(tasks)].map(({ name }) => Deno.readTextFileSync(`${tasks}/${name}/comm`));
}

/** How to run the bundle with nothing else at hand: no packages, no cache, no config of Deno. */
async function alone(workspace: Workspace, flags: readonly string[]) {
  const cwd = join(workspace.directory, "empty");
  await Deno.mkdir(cwd, { recursive: true });
  const program = [Deno.execPath(), "run", "-A", "--no-npm", "--no-remote", ...flags];
  const env = { DENO_DIR: join(workspace.directory, "deno-dir") };
  return { cwd, env, program: [...program, join(workspace.directory, "mcpproxy.js")] };
}

Deno.test("the bundle works alone in an empty directory", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await bundle(join(workspace.directory, "mcpproxy.js"));
  const options = await alone(workspace, ["--unstable-kv"]);

  await t.step("version", async () => {
    const { code, stdout, stderr } = await runCli(workspace, ["version"], options);
    strictEqual(code, 0, stderr);
    strictEqual(stdout.split(" ")[1], `v${manifest.version}`);
    strictEqual(stderr, "");
  });

  await t.step("serve, with the page, and commands against it", async () => {
    await using daemon = await startDaemon(workspace, [], options);
    await daemon.seen(/✓ memory/);
    const call = await daemon.cli(["call", "tool", "memory:read_graph"]);
    strictEqual(call.code, 0, call.stderr);
    match(call.stdout, /entities/);
    const list = parse((await daemon.cli(["upstream", "list", "-o", "yaml"])).stdout);
    strictEqual(list[0].status, "ready");
    match((await daemon.cli(["tools", "search", "read graph"])).stdout, /memory:read_graph/);
    const page = await fetch(`${daemon.url}/ui/`);
    match(await page.text(), /<html/);
    strictEqual((await daemon.stop("SIGINT")).code, 0);
  });

  await t.step("call without a daemon", async () => {
    const { code, stdout, stderr } = await runCli(workspace, ["call", "tool", "memory:read_graph"], options);
    strictEqual(code, 0, stderr);
    match(stdout, /entities/);
  });

  await t.step("without the flag for KV it says so", async () => {
    const { code, stderr } = await runCli(workspace, ["serve"], await alone(workspace, []));
    strictEqual(code, 3, stderr);
    match(stderr, /KV is off[\s\S]*→ .*--unstable-kv/);
  });
  deepStrictEqual(await survivors(workspace), []);
});

Deno.test("the parts that are installed work beside one another, and are read when they are needed", async () => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  const parts = join(workspace.directory, "parts");
  await bundleParts(parts);
  const { program: [command = "", ...words], ...options } = await alone(workspace, [
    "--unstable-kv",
    "--unstable-lazy-dynamic-imports",
  ]);
  const program = [command, ...words.slice(0, -1), join(parts, "main.js")];
  {
    await using daemon = await startDaemon(workspace, [], { ...options, program });
    await daemon.seen(/✓ memory/);
    const { code, stdout, stderr } = await daemon.cli(["upstream", "list", "-o", "yaml"]);
    strictEqual(code, 0, stderr);
    strictEqual(parse(stdout)[0].status, "ready");
    // The tools were scanned, and not in the main thread.
    const { stdout: report } = await daemon.cli(["security", "overview", "--json"]);
    strictEqual(JSON.parse(report).unscanned ?? 0, 0, report);
    if (Deno.build.os === "linux") ok(threadsOf(daemon.pid).some((name) => name.startsWith("worker")));
  }
  const { code, stdout, stderr } = await runCli(workspace, ["tools", "list"], { ...options, program });
  strictEqual(code, 0, stderr);
  match(stdout, /read_graph/);
  deepStrictEqual(await survivors(workspace), []);
});
