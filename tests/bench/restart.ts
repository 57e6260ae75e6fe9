import { join } from "node:path";
import { openFleetWorkspace, startFleet, startFleetDaemon } from "./fleet.ts";
import { median } from "./programs.ts";
import { installed } from "./start_up.ts";

/** Starts of a daemon whose servers are all down, and of one that has none; medians in milliseconds. */
export interface Restart {
  /** As installed, or from the checkout. */
  readonly program: string;
  readonly tools: number;
  readonly listeningMs: number;
  /** First search that finds something; for a daemon without tools, that is answered. */
  readonly searchableMs: number;
  /** Processor time of the process until then. */
  readonly cpuMs: number;
}

const SERVERS = 40;
const TOOLS_EACH = 500;
const LOOK_MS = 5;
/** Of a tick of `/proc`. */
const TICK_MS = 10;

/** Measures restarts over 20,000 known tools, in turns with those of a daemon without any. */
export async function measureRestart(rounds: number): Promise<Restart[]> {
  await using bare = await openFleetWorkspace([]);
  const fleet = await startFleet({ http: SERVERS, stdio: 0, toolsEach: TOOLS_EACH });
  await using known = await openFleetWorkspace(fleet.entries);
  {
    await using learning = fleet;
    await using started = await startFleetDaemon(known);
    await started.ready(SERVERS);
    await learning.control({});
  }
  const programs = { checkout: undefined, installed: await installed(join(bare.directory, "parts")) };
  const places = [{ tools: 0, workspace: bare }, { tools: SERVERS * TOOLS_EACH, workspace: known }];
  const found = Object.entries(programs).flatMap(([program, command]) =>
    places.map((place) => ({ ...place, program, command, starts: [] as Start[] }))
  );
  for (let round = 0; round < rounds; round++) {
    for (const one of found) one.starts.push(await startOnce(one));
  }
  return found.map(({ program, tools, starts }) => ({
    program,
    tools,
    listeningMs: median(starts.map(({ listeningMs }) => listeningMs)),
    searchableMs: median(starts.map(({ searchableMs }) => searchableMs)),
    cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
  }));
}

type Start = Omit<Restart, "program" | "tools">;

async function startOnce({ workspace, command, tools }: {
  readonly workspace: Parameters<typeof startFleetDaemon>[0];
  readonly command: readonly string[] | undefined;
  readonly tools: number;
}): Promise<Start> {
  await using started = await startFleetDaemon(workspace, command);
  const { listeningMs, startedAt, daemon } = started;
  const url = `${daemon.url}/api/v1/index/search?q=invoice`;
  for (;;) {
    const response = await fetch(url, { headers: { "x-api-key": daemon.apiKey } });
    const { data } = await response.json();
    if (response.ok && (tools === 0 || data.total > 0)) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const searchableMs = performance.now() - startedAt;
  return { listeningMs, searchableMs, cpuMs: await cpuMs(daemon.pid) };
}

/** Processor time of a process and all its threads; Linux only. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
  return TICK_MS * ((user ?? 0) + (system ?? 0));
}
