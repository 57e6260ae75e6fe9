import {
  ACTIVITY_STATUSES,
  ACTIVITY_TYPES,
  type ActivityPeriod,
  type ActivityStatus,
  type ActivitySummary,
} from "../contracts/mod.ts";
import type { Condition } from "./conditions.ts";
import { TEXT_FIELDS } from "./page.ts";
import type { RecordIndex } from "./record_index.ts";

const SERVER = TEXT_FIELDS.indexOf("server_name");
const TOOL = TEXT_FIELDS.indexOf("tool_name");
const HOUR_MS = 3_600_000;

const LENGTHS: Readonly<Record<ActivityPeriod, number>> = {
  "1h": HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 168 * HOUR_MS,
  "30d": 720 * HOUR_MS,
};

/** How often something occurs, and a record that has its name. */
export interface Occurrence {
  count: number;
  readonly seq: number;
}

/** What the index can tell without a look at the records. */
export interface Counts {
  readonly total: number;
  readonly byStatus: ReadonlyMap<ActivityStatus, number>;
  readonly byType: ReadonlyMap<string, number>;
  /** Most frequent first. */
  readonly servers: readonly Occurrence[];
  /** Most frequent first. */
  readonly tools: readonly Occurrence[];
}

/** Length of a period in milliseconds. */
export function lengthOf(period: ActivityPeriod): number {
  return LENGTHS[period];
}

/** Counts the records that fit, from memory alone. Pure. */
export function countRecords(index: RecordIndex, conditions: readonly Condition[]): Counts {
  const byStatus = new Map<ActivityStatus, number>();
  const byType = new Map<string, number>();
  const servers = new Map<number, Occurrence>();
  const tools = new Map<number, Map<number, Occurrence>>();
  let total = 0;
  for (const seq of index.find(conditions)) {
    const place = index.place(seq);
    if (place === undefined) continue;
    const { page, row } = place;
    total++;
    increase(byStatus, ACTIVITY_STATUSES[page.statuses[row] ?? 0] ?? "success");
    increase(byType, ACTIVITY_TYPES[page.types[row] ?? 0] ?? "");
    const server = page.texts[SERVER]?.[row] ?? 0;
    const tool = page.texts[TOOL]?.[row] ?? 0;
    if (server !== 0) note(servers, server, seq);
    if (tool === 0) continue;
    const ofServer = tools.get(server) ?? new Map<number, Occurrence>();
    tools.set(server, ofServer);
    note(ofServer, tool, seq);
  }
  const allTools = [...tools.values()].flatMap((ofServer) => [...ofServer.values()]);
  return {
    total,
    byStatus,
    byType,
    servers: [...servers.values()].sort(byCount),
    tools: allTools.sort(byCount),
  };
}

/** Puts counts into the form that everyone sees. Pure. */
export function toSummary(
  counts: Counts,
  { period, now, servers, tools }: {
    readonly period: ActivityPeriod;
    /** Epoch milliseconds. */
    readonly now: number;
    readonly servers: ActivitySummary["top_servers"];
    readonly tools: ActivitySummary["top_tools"];
  },
): ActivitySummary {
  const count = (status: ActivityStatus) => counts.byStatus.get(status) ?? 0;
  return {
    period,
    start_time: new Date(now - lengthOf(period)).toISOString(),
    end_time: new Date(now).toISOString(),
    total_count: counts.total,
    success_count: count("success"),
    error_count: count("error"),
    blocked_count: count("blocked"),
    rejected_count: count("rejected"),
    cancelled_count: count("cancelled"),
    by_type: Object.fromEntries(counts.byType),
    top_servers: servers,
    top_tools: tools,
  };
}

function note(occurrences: Map<number, Occurrence>, hash: number, seq: number): void {
  const known = occurrences.get(hash);
  if (known === undefined) occurrences.set(hash, { count: 1, seq });
  else known.count++;
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function byCount(a: Occurrence, b: Occurrence): number {
  return b.count - a.count || b.seq - a.seq;
}
