import type { Clock } from "../platform/mod.ts";
import type { Writer } from "./writer.ts";

const PREFIX = "statistics";
/** A key of KV has at most 2,048 bytes; up to three of them stand for one UTF-16 unit. */
const MAX_NAME = 600;
const ROW_BYTES = 300;
const NEVER: ToolUsage = { count: 0, lastUsedAt: undefined };

/** How much a tool was used. */
export interface ToolUsage {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly lastUsedAt: number | undefined;
}

/** Usage of a named tool. */
export interface ToolUsageRow extends ToolUsage {
  readonly server: string;
  readonly tool: string;
}

/** Counts calls. All of it is in memory, so that nothing here ever waits. */
export interface StatisticsRepository {
  /** Counts a call; it is written within 100 ms. A tool name over 600 characters is counted in memory only. */
  record(server: string, tool: string): void;
  get(server: string, tool: string): ToolUsage;
  /** Every tool that was ever used. */
  all(): ToolUsageRow[];
}

/** Reads the statistics kept in the database. */
export async function openStatistics(
  { kv, writer, clock }: { readonly kv: Deno.Kv; readonly writer: Writer; readonly clock: Clock },
): Promise<StatisticsRepository> {
  const servers = new Map<string, Map<string, ToolUsage>>();

  function set(server: string, tool: string, usage: ToolUsage): void {
    let tools = servers.get(server);
    if (tools === undefined) servers.set(server, tools = new Map());
    tools.set(tool, usage);
  }

  for await (const { key: [, server, tool], value } of kv.list({ prefix: [PREFIX] }, { batchSize: 500 })) {
    if (typeof server === "string" && typeof tool === "string" && isUsage(value)) set(server, tool, value);
  }

  const get = (server: string, tool: string) => servers.get(server)?.get(tool) ?? NEVER;
  return {
    get,
    record(server, tool) {
      const usage = { count: get(server, tool).count + 1, lastUsedAt: clock.now() };
      set(server, tool, usage);
      if (tool.length > MAX_NAME) return;
      const key = [PREFIX, server, tool];
      const mutation = { kind: "set", key, value: usage } as const;
      writer.enqueue({
        kind: "single",
        id: key.join("\0"),
        mutation,
        sizeBytes: ROW_BYTES + 3 * tool.length,
      });
    },
    all: () =>
      [...servers].flatMap(([server, tools]) =>
        [...tools].map(([tool, usage]) => ({ server, tool, ...usage }))
      ),
  };
}

function isUsage(value: unknown): value is { count: number; lastUsedAt: number } {
  return typeof value === "object" && value !== null && "count" in value && "lastUsedAt" in value &&
    Number.isSafeInteger(value.count) && typeof value.lastUsedAt === "number";
}
