import { openInspector } from "../../lib/calls/mod.ts";
import { ConfigSchema } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
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
  const [rounds, calls] = isQuick ? [5, 400] : [15, 2_000];
  const figures = figuresFrom(await load({ rounds, calls, concurrency: 1, warmup: calls, targets }), targets);
  const base = figures.off?.p50 ?? NaN;
  return Object.entries(figures).map(([name, found]) => ({
    name,
    figures: found,
    addedUs: (found.p50 - base) * 1_000,
  }));
}

/**
 * Time that a call spends on an inspection before its answer leaves, in microseconds: the least mean of several
 * batches, without a gateway around it.
 */
export function measureInspection(entry: Readonly<Record<string, unknown>>): number {
  const config = ConfigSchema.parse({ mcpServers: [{ name: "s", command: "x", ...entry }] });
  using inspector = openInspector({
    platform: createDenoPlatform(),
    config: () => config,
    log: SILENT,
    publish: () => {},
    onNotice: () => {},
  });
  const args = { message: "hello" };
  const result = { content: [{ type: "text", text: "hello" }] };
  const definition = { name: "t", inputSchema: {} };
  const call = () => {
    const inspection = inspector.begin({ server: "s", tool: "t", requestId: "r" }, config.mcpServers[0]);
    inspection?.arguments(args);
    inspection?.result(result, definition);
    inspection?.finish();
  };
  return fastest(() => {
    for (let count = 0; count < BATCH; count++) call();
  }, 20) * 1_000 / BATCH;
}

/** Fewer than what may wait to be looked at. */
const BATCH = 200;
const nothing = () => {};
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Least time to look for secrets in a result of a size, in milliseconds. */
export async function measureDetection(sizes: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const detector = await createDetector();
  const row = '{"id": 12345, "title": "Lorem ipsum dolor sit amet", "url": "https://example.com/a"}, ';
  return new Map(sizes.map((size) => {
    const result = { content: [{ type: "text", text: fill(row, size) }] };
    return [size, fastest(() => void detector.find(result), 50)];
  }));
}
