import { type Figures, figuresFrom } from "./hot_path.ts";
import { load, startBenchDaemon, startEcho, type Target } from "./programs.ts";

/** One kind of call by all ways to the same server, at one concurrency. */
export interface ModeComparison {
  readonly call: string;
  readonly concurrency: number;
  readonly ways: Readonly<Record<string, Figures>>;
}

/** How much is measured. */
export interface ModeEffort {
  readonly rounds: number;
  /** Calls of each round, by concurrency. */
  readonly calls: Readonly<Record<number, number>>;
  /** Calls of a round with a result of 1 MB. */
  readonly largeCalls: number;
}

const LARGE_AT_ONCE = 4;

/** Measures the endpoints against each other and against the server itself, over HTTP. */
export async function measureModes({ rounds, calls, largeCalls }: ModeEffort): Promise<ModeComparison[]> {
  await using echo = await startEcho();
  await using started = await startBenchDaemon({
    servers: [{ name: "http", url: echo.url, protocol: "streamable-http", quarantined: false }],
  });
  const at = (path: string) => new URL(path, started.daemon.mcpUrl).href;
  const ways = (tool: string, args: Readonly<Record<string, unknown>>): Record<string, Target> => ({
    direct: { url: echo.url, tool, args },
    "/mcp/s/http": { url: at("/mcp/s/http"), tool, args },
    "/mcp/all": { url: at("/mcp/all"), tool: `http__${tool}`, args },
    call_tool_read: { url: at("/mcp"), tool: "call_tool_read", args: { name: `http:${tool}`, args } },
  });
  const found: ModeComparison[] = [];
  for (const [text, count] of Object.entries(calls)) {
    const targets = ways("echo", { message: "x".repeat(1_000) });
    const plan = { rounds, calls: count, concurrency: Number(text), warmup: Math.min(count, 1_000), targets };
    found.push({ call: "1 KB", concurrency: plan.concurrency, ways: figuresFrom(await load(plan), targets) });
  }
  const targets = ways("blob", { bytes: 1_000_000 });
  const plan = { rounds, calls: largeCalls, concurrency: LARGE_AT_ONCE, warmup: 20, targets };
  found.push({ call: "1 MB", concurrency: LARGE_AT_ONCE, ways: figuresFrom(await load(plan), targets) });
  return found;
}
