import { join } from "node:path";
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

/** What a command costs that people wait for. */
export interface CommandTime {
  readonly program: string;
  readonly command: string;
  /** Median, in milliseconds. */
  readonly wallMs: number;
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

/** Measures commands against a daemon: from the checkout, as installed, and of one file, in turns. */
export async function measureCommands(rounds: number): Promise<CommandTime[]> {
  await using workspace = await openWorkspace();
  await using started = await startBenchDaemon({ servers: [] });
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  const empty = join(workspace.directory, "empty.ts");
  await Deno.writeTextFile(empty, "");
  await bundle("--output", join(workspace.directory, "one.js"), main);
  const programs: Readonly<Record<string, readonly string[]>> = {
    "an empty file": [...deno, empty],
    "checkout": [...deno, main],
    "installed": await installed(join(workspace.directory, "parts")),
    "one file": [...alone, join(workspace.directory, "one.js")],
  };
  const found = new Map<string, CommandTime & { readonly times: number[] }>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      const commands = name === "an empty file" ? [""] : ["upstream list", "version", "--help"];
      for (const command of commands) {
        const words = command.split(" ").filter((word) => word !== "");
        const tookMs = await timed(() =>
          words.length === 0
            ? runCli(workspace, [], { program, bare: true })
            : started.daemon.cli(words, { program })
        );
        const one = found.get(name + command) ?? { program: name, command, wallMs: NaN, times: [] };
        found.set(name + command, one);
        // The first of each fills caches.
        if (round > 0) one.times.push(tookMs);
      }
    }
  }
  return [...found.values()].map(({ times, ...one }) => ({ ...one, wallMs: median(times) }));
}

const deno = [Deno.execPath(), "run", "--quiet", "-A"];
const alone = [...deno, "--no-config", "--no-lock", "--unstable-kv", "--unstable-no-legacy-abort"];

/** Puts the program into a directory as `deno task install` does, and gives its command line. */
export async function installed(directory: string): Promise<readonly string[]> {
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  await bundle("--outdir", directory, "--code-splitting", main);
  return [...alone, "--unstable-lazy-dynamic-imports", join(directory, "main.js")];
}

async function bundle(...words: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", ...words],
    cwd: new URL("../../", import.meta.url).pathname,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
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
