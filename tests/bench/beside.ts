import { join } from "node:path";
import { throughGateway } from "./hot_path.ts";
import { ECHO_STDIO, load, median, script, startBenchDaemon } from "./programs.ts";

/** What a good server's calls take while another server is hostile. */
export interface Beside {
  readonly what: string;
  /** While the hostile program does its work for nobody. */
  readonly quietP99Ms: number;
  /** While it does it to the daemon. */
  readonly hostileP99Ms: number;
  readonly quietP50Ms: number;
  readonly hostileP50Ms: number;
}

/** How a hostile server behaves; `hostile_upstream.mjs` knows them by these names. */
export const HOSTILE_WAYS: readonly string[] = [
  "floods of notifications",
  "lines of 50 MB",
  "messages of 4 MB",
  "storms of changed lists, 2,000 tools",
  "another list each time",
  "standard error",
  "forged answers",
];

/** How much is measured. */
export interface BesideEffort {
  readonly rounds: number;
  readonly calls: number;
  readonly ways: readonly string[];
}

/**
 * Measures calls to a good server beside a hostile one, in one daemon.
 *
 * The hostile program does the same work in both halves of a round, so that what it takes from the machine falls on
 * both; only in one does the daemon get what it writes.
 */
export async function measureBeside({ rounds, calls, ways }: BesideEffort): Promise<Beside[]> {
  const folder = await Deno.makeTempDir();
  try {
    const portFile = join(folder, "port");
    await using started = await startBenchDaemon({
      servers: [
        { name: "good", command: ECHO_STDIO[0], args: ECHO_STDIO.slice(1), quarantined: false },
        {
          name: "hostile",
          command: "node",
          args: [script("hostile_upstream.mjs"), portFile],
          quarantined: false,
        },
      ],
    });
    const control = `http://127.0.0.1:${await Deno.readTextFile(portFile)}`;
    const ask = async (path: string) => void await (await fetch(control + path)).text();
    const targets = { good: throughGateway(started.daemon.mcpUrl, "good") };
    const one = async () => (await load({ rounds: 1, calls, concurrency: 1, warmup: 100, targets }))[0];
    const found: Beside[] = [];
    for (const what of ways) {
      const quiet: { p50: number; p99: number }[] = [];
      const hostile: { p50: number; p99: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const [into, list] of [["nothing", quiet], ["daemon", hostile]] as const) {
          await ask(`/do?what=${encodeURIComponent(what)}&into=${into}`);
          const { p50 = NaN, p99 = NaN } = await one() ?? {};
          list.push({ p50, p99 });
          await ask("/stop");
        }
      }
      found.push({
        what,
        quietP50Ms: median(quiet.map(({ p50 }) => p50)),
        hostileP50Ms: median(hostile.map(({ p50 }) => p50)),
        quietP99Ms: median(quiet.map(({ p99 }) => p99)),
        hostileP99Ms: median(hostile.map(({ p99 }) => p99)),
      });
    }
    return found;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
