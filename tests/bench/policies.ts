import { createDetector } from "../../lib/security/mod.ts";
import { type Figures, figuresFrom, throughGateway } from "./hot_path.ts";
import { load, startBenchDaemon, startEcho, type Target } from "./programs.ts";
import { fastest, fill } from "./security_speed.ts";

/** What the policies of one entry add to the same call without any. */
export interface PolicyCost {
  readonly name: string;
  readonly figures: Figures;
  /** Beyond the entry without policies, at the middle call. */
  readonly addedUs: number;
}

/** One server under several names, each with policies of its own; `off` has none. */
const ENTRIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  off: { sensitive_data: "off", output_validation: "off" },
  again: { sensitive_data: "off", output_validation: "off" },
  annotate: { sensitive_data: "annotate", output_validation: "warn" },
  mask: { sensitive_data: "mask", output_validation: "strict" },
  marked: { sensitive_data: "mask", output_validation: "strict", spotlight: "always" },
};

/** Measures the same call to the same server with and without policies, in alternating rounds of one daemon. */
export async function measurePolicies(isQuick: boolean): Promise<PolicyCost[]> {
  await using echo = await startEcho();
  const servers = Object.entries(ENTRIES).map(([name, entry]) => ({
    name,
    url: echo.url,
    protocol: "streamable-http",
    quarantined: false,
    ...entry,
  }));
  await using started = await startBenchDaemon({ servers });
  const { mcpUrl } = started.daemon;
  const targets: Record<string, Target> = Object.fromEntries(
    Object.keys(ENTRIES).map((name) => [name, throughGateway(mcpUrl, name)]),
  );
  const [rounds, calls] = isQuick ? [5, 1_000] : [15, 2_000];
  const figures = figuresFrom(await load({ rounds, calls, concurrency: 1, warmup: calls, targets }), targets);
  const base = figures.off?.p50 ?? NaN;
  return Object.entries(figures).map(([name, found]) => ({
    name,
    figures: found,
    addedUs: (found.p50 - base) * 1_000,
  }));
}

/** Least time to look for secrets in a result of a size, in milliseconds. */
export async function measureDetection(sizes: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const detector = await createDetector();
  const row = '{"id": 12345, "title": "Lorem ipsum dolor sit amet", "url": "https://example.com/a"}, ';
  return new Map(sizes.map((size) => {
    const result = { content: [{ type: "text", text: fill(row, size) }] };
    return [size, fastest(() => void detector.find(result), 50)];
  }));
}
