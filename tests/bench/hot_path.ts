import {
  type BenchDaemon,
  ECHO_STDIO,
  load,
  type LoadPlan,
  median,
  type Round,
  startBenchDaemon,
  startEcho,
  startRelay,
  type Target,
} from "./programs.ts";

/** Figures of one target at one concurrency: medians over the rounds; times in milliseconds. */
export type Figures = Pick<Round, "p50" | "p90" | "p99" | "callsPerSecond">;

/** The same call to the same server, direct and through the gateway. */
export interface Comparison {
  readonly wire: "http" | "stdio";
  readonly concurrency: number;
  readonly direct: Figures;
  /** Through a program that does nothing but pass messages on. */
  readonly relay: Figures;
  readonly gateway: Figures;
  /** Time of all cores that the daemon's process used for a call, in microseconds. */
  readonly cpuUs: number;
}

/** Sizes of a measurement. */
export interface Effort {
  readonly rounds: number;
  readonly calls: Readonly<Record<number, number>>;
}

const ECHO = { message: "hello" };

/** Entries of the two echo servers in the gateway's config. */
export function echoServers(url: string): readonly Readonly<Record<string, unknown>>[] {
  const [command, ...args] = ECHO_STDIO;
  return [
    { name: "http", url, protocol: "streamable-http", quarantined: false },
    { name: "stdio", command, args, quarantined: false },
  ];
}

/** A call to the echo tool of a server behind the gateway. */
export function throughGateway(url: string, server: string): Target {
  return { url, tool: "call_tool_read", args: { name: `${server}:echo`, args: ECHO } };
}

/** Measures both wires at each concurrency, direct, relay and gateway in alternating rounds. */
export async function measureHotPath({ rounds, calls }: Effort): Promise<Comparison[]> {
  await using echo = await startEcho();
  await using started = await startBenchDaemon({ servers: echoServers(echo.url) });
  const { mcpUrl } = started.daemon;
  const direct: Record<Comparison["wire"], Target> = {
    http: { url: echo.url, tool: "echo", args: ECHO },
    stdio: { command: ECHO_STDIO, tool: "echo", args: ECHO },
  };
  const found: Comparison[] = [];
  for (const wire of ["http", "stdio"] as const) {
    await using relay = await startRelay(wire === "http" ? [echo.url] : ECHO_STDIO);
    for (const [text, count] of Object.entries(calls)) {
      const concurrency = Number(text);
      const targets = {
        direct: direct[wire],
        relay: { ...direct.http, url: relay.url },
        gateway: throughGateway(mcpUrl, wire),
      };
      const warmup = Math.min(count, 1_000);
      const before = await cpuSeconds(started);
      const figures = await compare({ rounds, calls: count, concurrency, warmup, targets });
      const spent = await cpuSeconds(started) - before;
      found.push({ wire, concurrency, ...figures, cpuUs: spent * 1e6 / (warmup + rounds * count) });
    }
  }
  return found;
}

async function compare(plan: LoadPlan): Promise<Pick<Comparison, "direct" | "relay" | "gateway">> {
  const { direct, relay, gateway } = figuresFrom(await load(plan), plan.targets);
  if (direct === undefined || relay === undefined || gateway === undefined) {
    throw new Error("A way is missing");
  }
  return { direct, relay, gateway };
}

/** Medians over the rounds of each target. */
export function figuresFrom(
  rounds: readonly Round[],
  targets: Readonly<Record<string, unknown>>,
): Record<string, Figures> {
  const figuresOf = (name: string): Figures => {
    const own = rounds.filter(({ target }) => target === name);
    return {
      p50: median(own.map(({ p50 }) => p50)),
      p90: median(own.map(({ p90 }) => p90)),
      p99: median(own.map(({ p99 }) => p99)),
      callsPerSecond: median(own.map(({ callsPerSecond }) => callsPerSecond)),
    };
  };
  return Object.fromEntries(Object.keys(targets).map((name) => [name, figuresOf(name)]));
}

/** Clock ticks of a Linux kernel, of which /proc tells. */
const TICKS_PER_SECOND = 100;

/** Reads the time that a daemon's own process has used of all cores; Linux only. */
async function cpuSeconds({ daemon }: BenchDaemon): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${daemon.pid}/stat`);
  // The name, in brackets, may hold spaces; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
