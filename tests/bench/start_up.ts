import { runCli } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";
import { type BenchDaemon, median, startBenchDaemon } from "./programs.ts";

/** What a daemon costs before anybody calls it; medians. */
export interface StartUp {
  readonly servers: number;
  readonly listeningMs: number;
  readonly readyMs: number;
  /** Of the gateway's own process, in MB of 10^6 bytes. */
  readonly residentMb: number;
}

/** What the commands cost that people wait for; medians in milliseconds. */
export interface Commands {
  readonly versionMs: number;
  readonly listMs: number;
}

/** Memory settles for this long before it is read. */
const SETTLE_MS = 2_000;

/** Measures daemons without servers and with the three reference servers. */
export async function measureStartUp(rounds: number): Promise<StartUp[]> {
  const seen = new Map<number, Omit<StartUp, "servers">[]>([[0, []], [3, []]]);
  for (let round = 0; round < rounds; round++) {
    for (const [count, found] of seen) found.push(await startOnce(count));
  }
  return [...seen].map(([servers, found]) => ({
    servers,
    listeningMs: median(found.map(({ listeningMs }) => listeningMs)),
    readyMs: median(found.map(({ readyMs }) => readyMs)),
    residentMb: median(found.map(({ residentMb }) => residentMb)),
  }));
}

async function startOnce(count: number): Promise<Omit<StartUp, "servers">> {
  const directory = await Deno.makeTempDir({ prefix: "mp-files-" });
  try {
    const servers = [
      reference("everything"),
      reference("filesystem", { args: [directory] }),
      reference("memory"),
    ];
    await using started = await startBenchDaemon({ servers: servers.slice(0, count) });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const { listeningMs, readyMs } = started;
    return { listeningMs, readyMs, residentMb: await residentMb(started) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Reads the resident memory of a daemon's own process; Linux only. */
export async function residentMb({ daemon }: BenchDaemon): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${daemon.pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024 / 1e6;
}

/** Measures `version`, and `upstream list` against a daemon. */
export async function measureCommands(rounds: number): Promise<Commands> {
  await using workspace = await openWorkspace();
  await using started = await startBenchDaemon({ servers: [] });
  const version: number[] = [];
  const list: number[] = [];
  for (let round = 0; round < rounds; round++) {
    version.push(await timed(() => runCli(workspace, ["version"])));
    list.push(await timed(() => started.daemon.cli(["upstream", "list"])));
  }
  return { versionMs: median(version), listMs: median(list) };
}

async function timed(
  run: () => Promise<{ readonly code: number; readonly stderr: string }>,
): Promise<number> {
  const startedAt = performance.now();
  const { code, stderr } = await run();
  const tookMs = performance.now() - startedAt;
  if (code !== 0) throw new Error(`The command failed: ${stderr}`);
  return tookMs;
}
