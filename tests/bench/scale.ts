import { openFleetWorkspace, startFleet, startFleetDaemon } from "./fleet.ts";
import type { FleetDaemon, FleetSeen, FleetSize } from "./fleet.ts";
import { script } from "./programs.ts";

/** What a fleet costs a daemon that meets it for the first time, and one that knows its tools. */
export interface FleetCost extends FleetSize {
  readonly first: FleetStart;
  readonly again: FleetStart;
}

/** One start over a fleet; times since the start of the process. */
export interface FleetStart {
  readonly listeningMs: number;
  /** First search that finds something. */
  readonly searchableMs: number;
  readonly readyMs: number;
  /** After a few quiet seconds. */
  readonly residentMb: number;
}

/** What became of an outage. */
export interface Outage {
  readonly servers: number;
  readonly downMs: number;
  /** Attempts to connect while they were down, and the most at a time. */
  readonly attempts: number;
  readonly atOnce: number;
  /** Until all were ready again. */
  readonly backMs: number;
  readonly atOnceBack: number;
}

/** What clients of the event stream cost. */
export interface EventClients {
  readonly asked: number;
  readonly open: number;
  readonly residentMbBefore: number;
  readonly residentMb: number;
  /** Until the last one has an event; from the request that causes it, which takes its 50 ms to be merged. */
  readonly lastMs: readonly number[];
}

const QUIET_MS = 3_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a daemon over a fleet twice. */
export async function measureFleet(size: FleetSize): Promise<FleetCost> {
  await using fleet = await startFleet(size);
  await using workspace = await openFleetWorkspace(fleet.entries);
  const start = async (): Promise<FleetStart> => {
    await using started = await startFleetDaemon(workspace);
    const { listeningMs } = started;
    const [searchableMs, readyMs] = await Promise.all([
      firstHit(started),
      started.ready(size.http + size.stdio),
    ]);
    await pause(QUIET_MS);
    return { listeningMs, searchableMs, readyMs, residentMb: await started.residentMb() };
  };
  return { ...size, first: await start(), again: await start() };
}

async function firstHit({ search, startedAt }: FleetDaemon): Promise<number> {
  while (await search("archive one invoice").catch(() => 0) === 0) await pause(5);
  return performance.now() - startedAt;
}

/** Takes the first servers of a fleet down for a while: every connection breaks, every session is forgotten. */
export async function measureOutage(
  { servers, down, downMs }: { readonly servers: number; readonly down: number; readonly downMs: number },
): Promise<Outage> {
  await using fleet = await startFleet({ http: servers, stdio: 0, toolsEach: 5 });
  await using workspace = await openFleetWorkspace(fleet.entries);
  await using started = await startFleetDaemon(workspace);
  await started.ready(servers);
  // An attempt takes a moment, so that those at the same time can be counted.
  await fleet.control({ down, delayMs: 20 });
  await pause(downMs);
  const during: FleetSeen = await fleet.control({ down: 0 });
  const endedAt = performance.now();
  // A server that nobody calls learns of it by its stream or a ping, so the counts may fall at first.
  let atOnceBack = 0;
  for (let inUse = 0; inUse < servers || (await started.stats()).connected_servers < servers;) {
    await pause(100);
    const now = await fleet.control({});
    inUse = now.inUse;
    atOnceBack = Math.max(atOnceBack, now.atOnce);
    if (performance.now() - endedAt > 120_000) throw new Error(`Only ${inUse} of ${servers} came back`);
  }
  return {
    servers: down,
    downMs,
    attempts: during.initialize,
    atOnce: during.atOnce,
    backMs: performance.now() - endedAt,
    atOnceBack,
  };
}

/** Opens many clients of the event stream and sends all of them the same event a few times. */
export async function measureEventClients(clients: number, rounds: number): Promise<EventClients> {
  await using fleet = await startFleet({ http: 1, stdio: 0, toolsEach: 5 });
  await using workspace = await openFleetWorkspace(fleet.entries);
  await using started = await startFleetDaemon(workspace);
  await started.ready(1);
  await pause(QUIET_MS);
  const residentMbBefore = await started.residentMb();
  const { url, apiKey } = started.daemon;
  const child = new Deno.Command("node", {
    args: [script("sse_clients.mjs"), `${url}/events`, String(clients), "servers.changed"],
    env: { KEY: apiKey },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const line = async () => JSON.parse((await lines.read()).value ?? "{}");
  const { open } = await line();
  await pause(QUIET_MS);
  const residentMb = await started.residentMb();
  const writer = child.stdin.getWriter();
  const lastMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await writer.write(new TextEncoder().encode("\n"));
    await pause(50);
    const startedAt = performance.now();
    const restart = `${url}/api/v1/servers/http-0/restart`;
    await (await fetch(restart, { method: "POST", headers: { "x-api-key": apiKey } })).body?.cancel();
    await line();
    lastMs.push(performance.now() - startedAt);
    await pause(1_000);
  }
  await writer.close();
  await lines.cancel();
  await child.status;
  return { asked: clients, open, residentMbBefore, residentMb, lastMs };
}

/** Clients that this machine lets one process have, with some files left for everything else. */
export async function possibleClients(wanted: number): Promise<number> {
  const limits = await Deno.readTextFile("/proc/self/limits");
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1_024);
  return Math.min(wanted, files - 200);
}
