import { join } from "node:path";
import process from "node:process";
import { type Activity, openActivity } from "../../lib/activity/mod.ts";
import type { ActivityEntry, ActivityFilter } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { createRedactor } from "../../lib/secrets/mod.ts";
import type { WriteTable } from "./scale_report.ts";

const RECORDS = 100_000;
const ROUNDS = 40;
const PER_SECOND = 5_000;
const TICK_MS = 10;

const FILTERS: Readonly<Record<string, ActivityFilter>> = {
  "none": {},
  "type": { type: ["policy_decision"] },
  "server": { server: "server-17" },
  "tool": { tool: "tool-99" },
  "status": { status: ["blocked"] },
  "session": { session_id: "session-3" },
  "work session": { work_session_id: "work-7" },
  "request id": { request_id: "request-5" },
  "request id that does not exist": { request_id: "none" },
  "intent": { intent_type: "destructive" },
  "parent": { parent_id: "parent-9" },
  "agent": { agent: "agent-3" },
  "kind of key": { auth_type: "agent_token" },
  "profile": { profile: "profile-2" },
  "client": { client: "client-4" },
  "error code": { error_code: "MCPX_TOOL_FAILED" },
  "sensitive data": { sensitive_data: true },
  "no sensitive data": { sensitive_data: false },
  "repeats included": { include_call_tool: true },
  "severity": { severity: "critical" },
  "finding": { detection_type: "credit_card" },
  "from a time on": { start_time: "2000-01-01T00:00:00Z" },
  "before a time": { end_time: "2000-01-01T00:00:00Z" },
  "server, tool, status and intent": {
    server: "server-10",
    tool: "tool-210",
    status: ["error"],
    intent_type: "read",
  },
};

/** What a thousand bytes of a result look like. */
const RESPONSE = {
  content: [{ type: "text", text: "The quick brown fox jumps over the lazy dog. ".repeat(22) }],
};

const platform = createDenoPlatform();
const limits = {
  retentionDays: 90,
  maxRecords: RECORDS,
  maxSizeMb: 256,
  maxPayloadBytes: 65_536,
  cleanupMinutes: 60,
};

function entry(at: number): ActivityEntry {
  return {
    type: at % 20 === 0 ? "policy_decision" : "tool_call",
    status: at % 100 === 0 ? "blocked" : at % 30 === 0 ? "error" : "success",
    source: "mcp",
    server_name: `server-${at % 50}`,
    tool_name: `tool-${at % 400}`,
    session_id: `session-${at % 1_000}`,
    request_id: `request-${at}`,
    work_session_id: `work-${at % 700}`,
    ...(at % 900 === 0 ? { parent_id: `parent-${at / 900 % 10}` } : {}),
    agent_name: `agent-${at % 500}`,
    auth_type: at % 1_100 === 0 ? "agent_token" : "admin_key",
    profile: `profile-${at % 800}`,
    client_name: `client-${at % 600}`,
    ...(at % 30 === 0 ? { error_code: at % 900 === 0 ? "MCPX_TOOL_FAILED" : "MCPX_INTERNAL" } : {}),
    duration_ms: at % 300,
    intent: { operation_type: at % 1_000 === 0 ? "destructive" : "read" },
    ...(at % 2_000 === 0 ? { max_severity: "critical" as const, detection_types: ["credit_card"] } : {}),
    request_bytes: 60,
    response_bytes: 1_040,
    arguments: { owner: "someone", repo: "something", page: at },
    response: RESPONSE,
  };
}

async function openBench() {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "activity.kv");
  const redactor = createRedactor();
  for (let at = 0; at < 10; at++) redactor.add(`a-secret-of-the-config-${at}`);
  return {
    path,
    open: (): Activity =>
      openActivity({
        platform,
        path,
        redact: redactor.redact,
        limits: () => limits,
        onNotice: (text) => console.error(text),
      }),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

async function fill(activity: Activity, from: number, count: number): Promise<void> {
  for (let at = from; at < from + count; at++) {
    activity.record(entry(at));
    if (at % 2_000 === 0) await activity.flush();
  }
  await activity.flush();
}

function share(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

/** Prints how long readers wait with a full record, for any filter. */
async function measureReads(table: WriteTable, rounds: number): Promise<void> {
  await using bench = await openBench();
  let fillMs = 0;
  {
    await using activity = bench.open();
    fillMs = await timed(() => fill(activity, 0, RECORDS));
  }
  let openMs = 0;
  const activity = bench.open();
  await using _closing = activity;
  openMs = await timed(() => activity.query({}, { limit: 1 }));
  const rows: (string | number)[][] = [];
  for (const [name, filter] of Object.entries(FILTERS)) {
    const times: number[] = [];
    let found = 0;
    let total = 0;
    for (let round = 0; round < rounds; round++) {
      times.push(
        await timed(async () => {
          const page = await activity.query(filter, { limit: 50 });
          found = page.activities.length;
          total = page.total;
        }),
      );
    }
    times.sort((a, b) => a - b);
    rows.push([name, found, total.toLocaleString("en"), share(times, 0.5), share(times, 0.95)]);
  }
  table(["filter", "found", "of", "p50 ms", "p95 ms"], rows);
  const others: [string, () => Promise<unknown>][] = [
    ["summary of 30 days", () => activity.summary("30d")],
    ["usage by tool, all hours", () => activity.usage({ by: "tool", from: 0, to: platform.clock.now() })],
    ["export of all as CSV", () => Array.fromAsync(activity.export({}, { format: "csv" }), () => undefined)],
  ];
  const sizeMb = (await Deno.stat(bench.path)).size / 1e6;
  const otherRows: string[][] = [];
  for (const [name, run] of others) otherRows.push([name, `${(await timed(run)).toFixed(0)} ms`]);
  table(["with 100,000 records", ""], [
    [
      "recording them, flushed every 2,000",
      `${Math.round(RECORDS / fillMs * 1_000).toLocaleString("en")} a second`,
    ],
    ["size of the file", `${sizeMb.toFixed(0)} MB`],
    ["opening", `${openMs.toFixed(0)} ms`],
    ...otherRows,
  ]);
}

interface Load {
  readonly written: number;
  /** Sorted; how late a timer was. */
  readonly lags: readonly number[];
  /** Sorted; microseconds for one record. */
  readonly costs: readonly number[];
  readonly cpuUs: number;
  readonly tookMs: number;
}

/** Records so many a second, in small groups as calls come. */
async function load(activity: Activity, perSecond: number, seconds: number): Promise<Load> {
  const lags: number[] = [];
  const costs: number[] = [];
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let written = 0;
  for (let tick = 1; performance.now() - startedAt < seconds * 1_000; tick++) {
    const due = Math.max(performance.now(), startedAt + tick * TICK_MS);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    lags.push(Math.max(0, performance.now() - due));
    const from = performance.now();
    const count = Math.round((from - startedAt) / 1_000 * perSecond) - written;
    for (let at = 0; at < count; at++) activity.record(entry(RECORDS + written++));
    if (count > 0) costs.push((performance.now() - from) * 1_000 / count);
  }
  const { user, system } = process.cpuUsage(before);
  const ascending = (a: number, b: number) => a - b;
  return {
    written,
    lags: lags.sort(ascending),
    costs: costs.sort(ascending),
    cpuUs: user + system,
    tookMs: performance.now() - startedAt,
  };
}

/** Prints what the caller pays for a record, and how the loop lags while records come steadily. */
async function measureWrites(table: WriteTable, seconds: number): Promise<void> {
  await using bench = await openBench();
  await using activity = bench.open();
  // At its limit, so that each record pushes another one out.
  await fill(activity, 0, RECORDS);
  const idle = await load(activity, 0, seconds);
  const busy = await load(activity, PER_SECOND, seconds);
  await activity.flush();
  const { lost, records } = activity.health();
  table([`${PER_SECOND.toLocaleString("en")} records of 1 KB a second, ${seconds} s, at the limit`, ""], [
    ["recorded", `${Math.round(busy.written / busy.tookMs * 1_000).toLocaleString("en")} a second`],
    ["lost", lost],
    ["kept", records.toLocaleString("en")],
    ["record(), p50", `${share(busy.costs, 0.5)} µs`],
    ["processor time for each record", `${((busy.cpuUs - idle.cpuUs) / busy.written).toFixed(0)} µs`],
    ["lag of a 10 ms timer, p50 / p99", `${share(busy.lags, 0.5)} / ${share(busy.lags, 0.99)} ms`],
    ["the same without any records", `${share(idle.lags, 0.5)} / ${share(idle.lags, 0.99)} ms`],
  ]);
}

/** Prints what the record of activity costs those who write and those who read. */
export async function measureActivity(table: WriteTable, isQuick: boolean): Promise<void> {
  await measureReads(table, isQuick ? 10 : ROUNDS);
  await measureWrites(table, isQuick ? 3 : 15);
}
