import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Activity } from "../../../lib/activity/mod.ts";
import {
  ACTIVITY_SEVERITIES,
  ACTIVITY_STATUSES,
  ACTIVITY_TYPES,
  type ActivityEntry,
  type ActivityFilter,
  CALL_VARIANTS,
} from "../../../lib/contracts/mod.ts";
import { LIMITS, openFixture } from "./fixture.ts";

const words = (...all: string[]) => fc.option(fc.constantFrom(...all), { nil: undefined });
const types = ["tool_call", "internal_tool_call", "policy_decision", "system_start"] as const;

const entries: fc.Arbitrary<ActivityEntry> = fc.record({
  type: fc.constantFrom(...types),
  status: fc.constantFrom(...ACTIVITY_STATUSES),
  server_name: words("github", "slack", "fs"),
  tool_name: words("read", "write", "call_tool_read", "call_tool_write"),
  session_id: words("s1", "s2"),
  work_session_id: words("w1", "w2"),
  request_id: words("r1", "r2", "r3", "r4"),
  correlation_id: words("flow-1", "flow-2"),
  parent_id: words("r1", "r2"),
  agent_name: words("a1", "a2"),
  auth_type: words("agent", "admin"),
  profile: words("p1"),
  client_name: words("cursor", "claude"),
  error_code: words("MCPX_CALL_TIMEOUT"),
  intent: fc.option(fc.record({ operation_type: fc.constantFrom(...CALL_VARIANTS) }), { nil: undefined }),
  detection_types: fc.option(fc.subarray(["card", "jwt", "aws", "pem"]), { nil: undefined }),
  max_severity: fc.option(fc.constantFrom(...ACTIVITY_SEVERITIES), { nil: undefined }),
});

const time = (at: number) => new Date(1e12 + at).toISOString();
const filters: fc.Arbitrary<ActivityFilter> = fc.record({
  type: fc.subarray([...ACTIVITY_TYPES], { minLength: 4 }),
  status: fc.subarray([...ACTIVITY_STATUSES]),
  server: fc.constantFrom("github", "slack", "none"),
  tool: fc.constantFrom("read", "call_tool_read"),
  session_id: fc.constant("s1"),
  work_session_id: fc.constant("w2"),
  request_id: fc.constantFrom("r1", "r4"),
  correlation_id: fc.constantFrom("flow-1", "flow-3"),
  parent_id: fc.constant("r1"),
  agent: fc.constant("a1"),
  auth_type: fc.constant("admin"),
  profile: fc.constant("p1"),
  client: fc.constant("cursor"),
  error_code: fc.constant("MCPX_CALL_TIMEOUT"),
  intent_type: fc.constantFrom(...CALL_VARIANTS),
  include_call_tool: fc.boolean(),
  sensitive_data: fc.boolean(),
  detection_type: fc.constantFrom("card", "aws"),
  severity: fc.constantFrom(...ACTIVITY_SEVERITIES),
  start_time: fc.nat(400).map(time),
  end_time: fc.nat(400).map(time),
}, { requiredKeys: [] }).chain((filter) =>
  // With every condition at once nothing would ever be found.
  fc.subarray(Object.keys(filter), { maxLength: Math.min(3, Object.keys(filter).length) }).map((keys) =>
    Object.fromEntries(Object.entries(filter).filter(([key]) => keys.includes(key)))
  )
);

/** The same question, asked of a list in memory in the plainest way. */
function isWanted(entry: ActivityEntry & { readonly at: number }, filter: ActivityFilter): boolean {
  const same = (wanted: unknown, found: unknown) => wanted === undefined || wanted === found;
  const findings = entry.detection_types ?? [];
  const isSensitive = findings.length > 0 || entry.max_severity !== undefined;
  const isRepeated = entry.type === "internal_tool_call" && entry.status === "success" &&
    (entry.tool_name ?? "").startsWith("call_tool_");
  return (filter.type === undefined || filter.type.includes(entry.type)) &&
    (filter.status === undefined || filter.status.includes(entry.status)) &&
    same(filter.server, entry.server_name) && same(filter.tool, entry.tool_name) &&
    same(filter.session_id, entry.session_id) && same(filter.work_session_id, entry.work_session_id) &&
    same(filter.request_id, entry.request_id) && same(filter.parent_id, entry.parent_id) &&
    same(filter.correlation_id, entry.correlation_id) &&
    same(filter.agent, entry.agent_name) && same(filter.auth_type, entry.auth_type) &&
    same(filter.profile, entry.profile) && same(filter.client, entry.client_name) &&
    same(filter.error_code, entry.error_code) && same(filter.intent_type, entry.intent?.operation_type) &&
    same(filter.severity, entry.max_severity) && same(filter.sensitive_data, isSensitive) &&
    (filter.detection_type === undefined || findings.includes(filter.detection_type)) &&
    (filter.include_call_tool === true || !isRepeated) &&
    (filter.start_time === undefined || entry.at >= Date.parse(filter.start_time)) &&
    (filter.end_time === undefined || entry.at < Date.parse(filter.end_time));
}

async function allPages(activity: Activity, filter: ActivityFilter, limit: number) {
  const notes: unknown[] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await activity.query(filter, { limit, cursor });
    notes.push(...page.activities.map(({ metadata }) => metadata?.note));
    cursor = page.next_cursor;
    total = page.total;
  } while (cursor !== undefined);
  return { notes, total };
}

Deno.test("query() finds what a plain list finds, with any records, filters, restarts and removals", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(entries, fc.nat(20)), { minLength: 1, maxLength: 300 }),
      fc.array(fc.tuple(filters, fc.integer({ min: 1, max: 40 })), { minLength: 5, maxLength: 5 }),
      fc.record({ copies: fc.integer({ min: 1, max: 3 }), maxRecords: fc.nat(700), restart: fc.boolean() }),
      async (given, asked, { copies, maxRecords, restart }) => {
        await using fixture = await openFixture();
        let activity = fixture.open();
        let kept: (ActivityEntry & { readonly at: number; readonly note: number })[] = [];
        for (const [entry, pauseMs] of Array<typeof given>(copies).fill(given).flat()) {
          fixture.clock.advance(pauseMs % 3);
          const note = kept.length;
          kept.push({ ...entry, at: fixture.clock.now(), note });
          activity.record({ ...entry, metadata: { note } });
        }
        fixture.limits.current = { ...LIMITS, maxRecords };
        await activity.clean();
        await activity.flush();
        await activity.clean();
        if (maxRecords > 0) kept = kept.slice(-maxRecords);
        if (restart) {
          await activity[Symbol.asyncDispose]();
          activity = fixture.open();
        }
        try {
          for (const [filter, limit] of asked) {
            const wanted = kept.filter((entry) => isWanted(entry, filter)).map(({ note }) => note).reverse();
            deepStrictEqual(await allPages(activity, filter, limit), { notes: wanted, total: wanted.length });
          }
          // That there is no room is told, and nothing else.
          deepStrictEqual(fixture.notices.filter((text) => !text.startsWith("Activity is full")), []);
        } finally {
          await activity[Symbol.asyncDispose]();
        }
      },
    ),
    { numRuns: 40 },
  );
});
