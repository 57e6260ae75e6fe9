import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { ServerView } from "../../mod.ts";
import { type Daemon, running, startDaemon, survivors } from "../support/daemon.ts";
import { type Fault, faultd, type Script } from "../support/faultd/mod.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const STUBBORN: Script["start"] = [
  { kind: "ignore", what: "SIGTERM" },
  { kind: "ignore", what: "end" },
  { kind: "fork", stubborn: true },
  { kind: "fork", stubborn: true, session: true },
];

/** Goes at SIGTERM, not before. */
const DAWDLING: Script["start"] = [{ kind: "ignore", what: "end" }, { kind: "fork", session: true }];

/** A reference server as people start it: npx, a shell and the program itself are three processes. */
const npx = {
  name: "memory",
  command: "npx",
  args: ["--no", "--offline", "mcp-server-memory"],
  working_dir: ROOT,
  env: { npm_config_update_notifier: "false", MEMORY_FILE_PATH: "/dev/null" },
  quarantined: false,
};

function faulty(name: string, script: Script): Record<string, unknown> {
  const { HOME = "/", DENO_DIR = join(HOME, ".cache/deno") } = Deno.env.toObject();
  return { name, ...faultd(script), env: { DENO_DIR }, quarantined: false };
}

async function serverOf(daemon: Daemon, name: string): Promise<ServerView> {
  const all = await daemon.json(["upstream", "list"]) as ServerView[]; // the contract type, as the help says
  const found = all.find((server) => server.name === name);
  ok(found, `no server ${name}`);
  return found;
}

function fault(daemon: Daemon, ...faults: readonly Fault[]) {
  return daemon.cli(["call", "tool", "faulty:fault", "--args", JSON.stringify({ do: faults })]);
}

interface Row {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly command: string;
}

/** Children of a process, dead ones included. */
async function childrenOf(parent: number): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    const stat = /^\d+$/.test(name) ? await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "") : "";
    const [state = "", ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(ppid) !== parent) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    rows.push({ pid: Number(name), state, parent, command });
  }
  return rows;
}

async function zombiesOf(daemon: Daemon): Promise<Row[]> {
  return (await childrenOf(daemon.pid)).filter(({ state }) => state === "Z");
}

/** Looks until what was started from the workspace is what it should be, or for so long that it never will be. */
async function settled(workspace: Workspace, isRight: (pids: readonly number[]) => boolean) {
  const giveUpAt = performance.now() + 30_000;
  let found = await running(workspace);
  while (!isRight(found) && performance.now() < giveUpAt) found = await running(workspace);
  return found;
}

Deno.test("mcpproxy serve leaves no process of a server that stops, crashes or never starts", async (t) => {
  await using workspace = await openWorkspace({
    mcpServers: [
      npx,
      faulty("faulty", { start: [{ kind: "fork" }, { kind: "fork", session: true }] }),
      faulty("hanging", { start: DAWDLING, rules: [{ on: "initialize", do: { kind: "hang" } }] }),
    ],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✅ {2}memory|✓ memory/);
  await daemon.seen(/✓ faulty/);

  await t.step("a connect that is given up", async () => {
    // The daemon, three for npx, five for the faulty one, three for the one that hangs.
    strictEqual((await settled(workspace, (pids) => pids.length === 12)).length, 12);

    strictEqual((await daemon.cli(["upstream", "disable", "hanging"])).code, 0);

    strictEqual((await settled(workspace, (pids) => pids.length === 9)).length, 9);
  });

  await t.step("a crash, with what it has started", async () => {
    const { pid } = await serverOf(daemon, "faulty");
    const more: Fault[] = [{ kind: "fork", count: 2, session: true, stubborn: true }];

    const { code, stdout } = await fault(daemon, ...more, { kind: "exit", code: 9 });

    strictEqual(code, 1);
    match(stdout, /exit code 9/);
    match((await fault(daemon)).stdout, /^fault:/);
    notStrictEqual((await serverOf(daemon, "faulty")).pid, pid);
    strictEqual((await settled(workspace, (pids) => pids.length === 9)).length, 9);
  });

  await t.step("what each takes is shown", async () => {
    let server = await serverOf(daemon, "faulty");
    for (let look = 0; look < 50 && server.process === undefined; look++) {
      server = await serverOf(daemon, "faulty");
    }
    const { pid, processes, memory_mb: memory } = server.process ?? {};
    deepStrictEqual([pid, processes], [server.pid, 5]);
    ok(memory !== undefined && memory > 10 && memory < 1_000, `${memory} MB`);
    const { stdout } = await daemon.cli(["upstream", "get", "faulty"]);
    match(stdout, new RegExp(`^Process +${pid} and 4 of its own$`, "m"));
    match(stdout, /^Memory +[\d.]+ MB in 5 processes$/m);
  });

  await t.step("its own end", async () => {
    deepStrictEqual(await zombiesOf(daemon), []);
    const { pid } = await serverOf(daemon, "memory");
    ok((await childrenOf(pid ?? 0)).length > 0, "npx has a child");

    strictEqual((await daemon.stop("SIGTERM")).code, 0);

    deepStrictEqual(await survivors(workspace), []);
    strictEqual(await Deno.stat(join(workspace.dataDir, "children.jsonl")).catch(() => "gone"), "gone");
  });
});

Deno.test("mcpproxy serve leaves no process when it is killed itself", async (t) => {
  const config = { mcpServers: [npx, faulty("faulty", { start: STUBBORN })] };
  await using workspace = await openWorkspace(config);
  const isAll = (pids: readonly number[]) => pids.length === 9;

  await t.step("by what watches over it", async () => {
    await using daemon = await startDaemon(workspace);
    await daemon.seen(/✓ memory/);
    await daemon.seen(/✓ faulty/);
    strictEqual((await settled(workspace, isAll)).length, 9);

    await daemon.stop("SIGKILL");

    deepStrictEqual(await settled(workspace, (pids) => pids.length === 0), []);
  });

  await t.step("together with what watches over it, by the next start", async () => {
    {
      await using daemon = await startDaemon(workspace);
      ok(!daemon.stderr().includes("had left running"), "nothing was left");
      await daemon.seen(/✓ faulty/);
      strictEqual((await settled(workspace, isAll)).length, 9);
      const guard = (await childrenOf(daemon.pid)).find(({ command }) => command.includes("mcpproxy-guard"));
      Deno.kill(guard?.pid ?? 0, "SIGKILL");
      await daemon.stop("SIGKILL");
    }
    const left = await settled(workspace, (pids) => pids.length === 5);
    strictEqual(left.length, 5, "the stubborn ones");

    await using next = await startDaemon(workspace);
    await next.seen(/^note .*had left running \(faulty\)/m);
    await next.seen(/✓ faulty/);

    const now = await settled(workspace, isAll);
    deepStrictEqual(now.filter((pid) => left.includes(pid)), []);
    const log = await Deno.readTextFile(join(workspace.dataDir, "logs", "main.log"));
    match(log, /left-over processes ended/);
    Deno.kill(next.pid, "SIGINT");
    await next.seen(/Stopping/);
    await next.stop("SIGINT");
    deepStrictEqual(await settled(workspace, (pids) => pids.length === 0), []);
  });
});
