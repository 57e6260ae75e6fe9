import { openWorkspace } from "../support/workspace.ts";
import { openGateway } from "../../mod.ts";
import { median, script } from "./programs.ts";

/** What taking a list in does to everything else; medians over the rounds, in milliseconds. */
export interface ListLag {
  readonly tools: number;
  readonly what: string;
  /** From when the list is asked for until it is taken in, scanned and on the disk. */
  readonly takenMs: number;
  /** Longest time for which the main loop was kept from turning. */
  readonly lagMs: number;
  /** The same in the quietest round: what other programs on the machine take is not in it. */
  readonly leastLagMs: number;
}

const TICK_MS = 1;
const LOOK_MS = 20;
/** The scan, the writer of the database and the index have then nothing left to do. */
const QUIET_MS = 1_000;
/** A server that says its list has changed is asked two seconds later. */
const ANNOUNCED_MS = 2_000;
const CHANGES = ["none", "one", "all"] as const;

/** Measures how long lists keep the main loop: first ones, and those of a server whose tools change. */
export async function measureLists(sizes: readonly number[], rounds: number): Promise<ListLag[]> {
  const found: ListLag[] = [];
  for (const tools of sizes) found.push(...await measureSize(tools, rounds));
  return found;
}

async function measureSize(tools: number, rounds: number): Promise<ListLag[]> {
  const names = Array.from({ length: rounds + 1 }, (_, round) => `s${round}`);
  await using workspace = await openWorkspace({
    logging: { level: "warn" },
    mcpServers: names.map((name) => ({
      name,
      command: "node",
      args: [script("list_upstream.mjs"), String(tools), name],
      quarantined: false,
      trust_mode: "scan",
      enabled: false,
    })),
  });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  const { management } = gateway;
  const seen = new Map<string, { readonly takenMs: number; readonly lagMs: number }[]>();
  const note = async (what: string, isWarm: boolean, work: () => Promise<void>) => {
    const figures = await watch(work);
    if (!isWarm) return;
    seen.set(what, [...seen.get(what) ?? [], figures]);
  };
  const listed = async (server: string) => {
    const { servers } = await management.request("servers.list", {});
    return servers.find(({ name }) => name === server)?.tool_count ?? 0;
  };
  for (const [round, name] of names.entries()) {
    // The first one starts the worker of the scanner, and is left out.
    await note("first list", round > 0, async () => {
      await management.request("servers.enable", { name });
      while (await listed(name) < tools) await rest(LOOK_MS);
    });
    for (const change of CHANGES) {
      await note(`list again, ${change} changed`, round > 0, async () => {
        await management.request("calls.call", { tool_name: `${name}:change`, arguments: { tools: change } });
        await rest(ANNOUNCED_MS);
      });
    }
    await management.request("servers.disable", { name });
  }
  return [...seen].map(([what, figures]) => ({
    tools,
    what,
    takenMs: median(figures.map(({ takenMs }) => takenMs)),
    lagMs: median(figures.map(({ lagMs }) => lagMs)),
    leastLagMs: Math.min(...figures.map(({ lagMs }) => lagMs)),
  }));
}

/** Does work and waits until its consequences are over, watching the loop all the while. */
async function watch(work: () => Promise<void>) {
  let [lagMs, last] = [0, performance.now()];
  const ticker = setInterval(() => {
    const now = performance.now();
    lagMs = Math.max(lagMs, now - last - TICK_MS);
    last = now;
  }, TICK_MS);
  const start = performance.now();
  try {
    await work();
    const takenMs = performance.now() - start;
    await rest(QUIET_MS);
    return { takenMs, lagMs };
  } finally {
    clearInterval(ticker);
  }
}

function rest(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
