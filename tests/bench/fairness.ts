import { createLimits, type Limits } from "../../lib/calls/mod.ts";
import type { Caller, Config } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";

const { clock } = createDenoPlatform();
const CALLER: Caller = { role: "admin", label: "admin key", surface: "mcp" };
const signal = new AbortController().signal;

/** What the limits cost a call that need not wait. */
export interface LimitCost {
  readonly what: string;
  readonly nsPerCall: number;
}

/** What one client's flood does to another. */
export interface Fairness {
  readonly service: string;
  readonly modestP99Ms: number;
  readonly crowdedP99Ms: number;
  readonly ratio: number;
  readonly modestCalls: number;
  readonly otherPerSecond: number;
}

// Only what the limits read.
function limitsOf(settings: Partial<Config>, slots?: number): Limits {
  const config = { mcpServers: [{ name: "s" }], ...settings } as unknown as Config;
  return createLimits({ clock, config: () => config, limitFor: () => slots });
}

/** Measures the limits alone, without waiting. */
export function measureLimitCost(calls: number): LimitCost[] {
  const server = { mcpServers: [{ name: "s", max_concurrent_requests: 8 }] } as unknown as Partial<Config>;
  const cases: readonly (readonly [string, Limits])[] = [
    ["no limit", limitsOf({})],
    ["limit of the server", limitsOf(server)],
    ["limits of token, server and gateway", limitsOf({ ...server, max_concurrent_requests: 8 }, 8)],
  ];
  return cases.map(([what, limits]) => {
    const enter = () => {
      const slot = limits.enter({ server: "s", caller: CALLER, client: "a", signal });
      if (typeof slot === "function") slot();
    };
    for (let warm = 0; warm < calls / 10; warm++) enter();
    const startedAt = clock.monotonic();
    for (let call = 0; call < calls; call++) enter();
    return { what, nsPerCall: (clock.monotonic() - startedAt) * 1e6 / calls };
  });
}

const WAYS: Readonly<Record<string, () => number>> = {
  "20 ms each": () => 20,
  "5 to 35 ms": () => 5 + Math.random() * 30,
};

/** Lets one client make a call now and then while another has its share, then ten times that, in flight. */
export async function measureFairness(runMs: number): Promise<Fairness[]> {
  const found: Fairness[] = [];
  for (const [service, ms] of Object.entries(WAYS)) {
    const fair = await run(ms, { share: 2, runMs });
    const crowded = await run(ms, { share: 20, runMs });
    found.push({
      service,
      modestP99Ms: fair.p99,
      crowdedP99Ms: crowded.p99,
      ratio: crowded.p99 / fair.p99,
      modestCalls: crowded.calls,
      otherPerSecond: crowded.others / (runMs / 1000),
    });
  }
  return found;
}

async function run(
  serviceMs: () => number,
  { share, runMs }: { readonly share: number; readonly runMs: number },
) {
  const limits = limitsOf(
    { mcpServers: [{ name: "s", max_concurrent_requests: 4, queue_size: 100 }] } as unknown as Partial<
      Config
    >,
  );
  const until = clock.monotonic() + runMs;
  const took: number[] = [];
  let others = 0;
  const call = async (client: string) => {
    const startedAt = clock.monotonic();
    const release = await limits.enter({ server: "s", caller: CALLER, client, signal });
    await sleep(serviceMs());
    release?.();
    return clock.monotonic() - startedAt;
  };
  const modest = async () => {
    while (clock.monotonic() < until) {
      took.push(await call("modest"));
      await sleep(13);
    }
  };
  const other = async () => {
    while (clock.monotonic() < until) {
      await call("other");
      others++;
    }
  };
  await Promise.all([modest(), ...Array.from({ length: share }, other)]);
  took.sort((a, b) => a - b);
  return { p99: took[Math.floor(took.length * 0.99)] ?? NaN, calls: took.length, others };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
