import { echoServers, throughGateway } from "./hot_path.ts";
import { load, startBenchDaemon, startEcho } from "./programs.ts";

/** Where the time of a call goes, from samples of the running daemon. */
export interface Profile {
  readonly calls: number;
  /** Time in which the daemon's thread was not idle, in microseconds; its start is in it. */
  readonly busyUs: number;
  /** Functions with the most time of their own, most first. */
  readonly costs: readonly Cost[];
  /** The same by room, package or part of the runtime. */
  readonly places: readonly Cost[];
}

/** Time spent in one function or place, without what it called elsewhere. */
export interface Cost {
  readonly where: string;
  readonly selfUs: number;
}

/** The part of V8's profile format that is read. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 40;
const ROOT = new URL("../../", import.meta.url).href;

/** Profiles a daemon while it carries out calls to the echo server on one wire, 32 at once. */
export async function profileCalls(wire: "http" | "stdio", calls: number): Promise<Profile> {
  const directory = await Deno.makeTempDir({ prefix: "mp-profile-" });
  try {
    await record(wire, calls, directory);
    const texts: string[] = [];
    for await (const { name } of Deno.readDir(directory)) {
      if (name.endsWith(".cpuprofile")) texts.push(await Deno.readTextFile(`${directory}/${name}`));
    }
    // Each worker leaves one, too; the one of the calls is the longest by far.
    const longest = texts.toSorted((a, b) => b.length - a.length)[0];
    if (longest === undefined) throw new Error("Cannot profile the daemon: it left no profile");
    return summarize(JSON.parse(longest), calls);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function record(wire: string, calls: number, directory: string): Promise<void> {
  await using echo = await startEcho();
  await using started = await startBenchDaemon({
    servers: echoServers(echo.url).filter(({ name }) => name === wire),
    flags: ["--cpu-prof", `--cpu-prof-dir=${directory}`, "--cpu-prof-interval=200"],
  });
  const targets = { gateway: throughGateway(started.daemon.mcpUrl, wire) };
  await load({ rounds: 1, calls, concurrency: 32, warmup: 0, targets });
}

function summarize({ nodes, samples, timeDeltas }: CpuProfile, calls: number): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const costs = new Map<string, number>();
  const places = new Map<string, number>();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const spentUs = timeDeltas[index + 1] ?? 0;
    if (frame === undefined || frame.functionName === "(idle)" || frame.functionName === "(program)") {
      continue;
    }
    busyUs += spentUs;
    add(costs, nameOf(frame), spentUs);
    add(places, placeOf(frame), spentUs);
  }
  return { calls, busyUs, costs: sorted(costs), places: sorted(places) };
}

function add(sums: Map<string, number>, where: string, us: number): void {
  sums.set(where, (sums.get(where) ?? 0) + us);
}

function sorted(sums: ReadonlyMap<string, number>): Cost[] {
  const costs = [...sums].map(([where, selfUs]) => ({ where, selfUs }));
  return costs.sort((a, b) => b.selfUs - a.selfUs).slice(0, SHOWN);
}

/** `lib/mcp`, `ext:deno_fetch`, a package, or the name itself of what has no file. */
function placeOf({ functionName, url }: CpuProfile["nodes"][number]["callFrame"]): string {
  if (url.startsWith(ROOT) && !url.includes("/node_modules/")) {
    return /^[^/]+\/[^/]+/.exec(url.slice(ROOT.length))?.[0] ?? url;
  }
  const npm = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1];
  if (npm !== undefined) return `npm:${npm}`;
  if (url !== "") return /^[^/]+/.exec(url)?.[0] ?? url;
  return functionName.startsWith("op_") ? "operations of the runtime" : functionName || "(anonymous)";
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const file = url.startsWith(ROOT) ? url.slice(ROOT.length) : url.replace(/^.*\/node_modules\//, "");
  return `${functionName || "(anonymous)"} ${file}${file === "" ? "" : `:${lineNumber + 1}`}`;
}
