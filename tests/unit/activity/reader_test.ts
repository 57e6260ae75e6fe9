import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { ActivityFilter } from "../../../lib/contracts/mod.ts";
import { call, LIMITS, openFixture } from "./fixture.ts";

Deno.test("query() pages stay in place when records come and go", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  for (let at = 0; at < 25; at++) activity.record(call(`t${at}`));

  const first = await activity.query({}, { limit: 10 });
  activity.record(call("new"));
  fixture.limits.current = { ...LIMITS, maxRecords: 12 };
  await activity.flush();
  await activity.clean();
  const second = await activity.query({}, { limit: 10, cursor: first.next_cursor });

  strictEqual(first.total, 25);
  deepStrictEqual(first.activities.map(({ tool_name }) => tool_name).slice(0, 2), ["t24", "t23"]);
  deepStrictEqual(second.activities.map(({ tool_name }) => tool_name), ["t14"]);
  strictEqual(second.next_cursor, undefined);
  await rejects(() => activity.query({}, { cursor: "3" }), {
    code: "MCPX_INVALID_INPUT",
    message: 'Cannot read "cursor": found "3", wanted the next_cursor of another page',
  });
});

Deno.test("query() reads no more records than it gives, with any filter and with several", async () => {
  await using fixture = await openFixture();
  {
    await using activity = fixture.open();
    for (let at = 0; at < 3_000; at++) {
      activity.record(call(`t${at % 50}`, {
        type: at % 3 === 0 ? "tool_call" : "policy_decision",
        status: at % 500 === 0 ? "error" : "success",
        server_name: `s${at % 7}`,
        session_id: `session-${at % 40}`,
        request_id: `request-${at}`,
        ...(at % 100 === 0 ? { max_severity: "high" as const, detection_types: ["card"] } : {}),
        intent: { operation_type: at % 11 === 0 ? "write" : "read" },
      }));
    }
  }
  await using activity = fixture.open();
  await activity.query({}, { limit: 1 });
  const filters: [ActivityFilter, number][] = [
    [{ type: ["tool_call"] }, 20],
    [{ status: ["error"] }, 6],
    [{ server: "s3" }, 20],
    [{ tool: "t1" }, 20],
    [{ session_id: "session-7" }, 20],
    [{ request_id: "request-0" }, 1],
    [{ request_id: "none" }, 0],
    [{ severity: "high" }, 20],
    [{ detection_type: "card" }, 20],
    [{ sensitive_data: true }, 20],
    [{ intent_type: "write", server: "s1", type: ["tool_call"], status: ["success"] }, 13],
    [{ end_time: "2000-01-01T00:00:00Z" }, 0],
  ];

  for (const [filter, count] of filters) {
    fixture.faults.reads = 0;
    const { activities } = await activity.query(filter, { limit: 20 });

    strictEqual(activities.length, count, JSON.stringify(filter));
    ok(fixture.faults.reads <= 21, `${JSON.stringify(filter)} reads ${fixture.faults.reads}`);
  }
});

Deno.test("query() hides records outside the scope, and call tools that only repeat another call", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  activity.record(call("a", { server_name: "mine" }));
  activity.record(call("b", { server_name: "other" }));
  activity.record({ type: "system_start", status: "success" });
  activity.record({ type: "internal_tool_call", status: "success", tool_name: "call_tool_read" });
  activity.record({ type: "internal_tool_call", status: "error", tool_name: "call_tool_read" });
  const scope = { servers: ["mine"] };

  const { activities: [other] } = await activity.query({ tool: "b" });
  const seen = await activity.query({}, scope);

  deepStrictEqual(seen.activities.map(({ tool_name }) => tool_name), ["a"]);
  strictEqual(seen.total, 1);
  strictEqual(await activity.get(other?.id ?? "", scope), undefined);
  strictEqual((await activity.get(other?.id ?? ""))?.tool_name, "b");
  strictEqual((await activity.query({}, { servers: [] })).total, 0);
  deepStrictEqual((await activity.summary("24h", scope)).top_tools, [{ name: "mine:a", count: 1 }]);
  strictEqual((await activity.query({})).total, 4);
  strictEqual((await activity.query({ include_call_tool: true })).total, 5);
});

Deno.test("usage() adds up by hour, server and tool, across restarts and removals, every call once", async () => {
  await using fixture = await openFixture();
  const all = { from: 0, to: 2e12 };
  {
    await using activity = fixture.open();
    for (let at = 1; at <= 100; at++) activity.record(call("a", { duration_ms: at, response_bytes: 10 }));
    activity.record(call("b", { status: "error", duration_ms: 1_000, request_bytes: 5 }));
    activity.record(call("b", { status: "blocked" }));
    activity.record(call("c", { server_name: "other" }));
    activity.record({ type: "config_change", status: "success" });
    strictEqual((await activity.usage({ by: "tool", ...all })).total.calls, 102);
    fixture.clock.advance(3_600_000);
    activity.record(call("a", { duration_ms: 7 }));
  }
  await using activity = fixture.open();
  fixture.limits.current = { ...LIMITS, maxRecords: 1 };
  await activity.clean();

  const usage = await activity.usage({ by: "tool", ...all });

  strictEqual(activity.health().records, 1);
  deepStrictEqual(
    usage.rows.map(({ server_name, tool_name, calls, errors, refused }) => [
      server_name,
      tool_name,
      calls,
      errors,
      refused,
    ]),
    [["s", "a", 101, 0, 0], ["other", "c", 1, 0, 0], ["s", "b", 1, 1, 1]],
  );
  const [a] = usage.rows;
  ok(Math.abs((a?.p50_ms ?? 0) - 50) < 3 && Math.abs((a?.p95_ms ?? 0) - 95) < 5, `${a?.p50_ms} ${a?.p95_ms}`);
  deepStrictEqual([a?.request_bytes, a?.response_bytes], [0, 1_000]);
  deepStrictEqual(usage.hours.map(({ hour, calls }) => [hour, calls]), [
    ["2001-09-09T01:00:00.000Z", 102],
    ["2001-09-09T02:00:00.000Z", 1],
  ]);
  strictEqual((await activity.usage({ by: "server", server: "s", ...all })).rows.length, 1);
  strictEqual((await activity.usage({ by: "server", servers: ["other"], ...all })).total.calls, 1);
  const now = fixture.clock.now();
  strictEqual((await activity.usage({ by: "server", from: now - 1, to: now + 1 })).total.calls, 1);

  fixture.clock.advance(91 * 86_400_000);
  await activity.clean();
  strictEqual((await activity.usage({ by: "server", ...all })).total.calls, 0);
});

Deno.test("usage() bounds the names that callers can make up, and its widest page fits a transaction", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  const name = (at: number) => `${"ö".repeat(300)}`.replace("ö", String(at).padStart(5, "0"));
  // Fills the buckets of 512 tools, then saves all of them with one page.
  for (let round = 0; round < 20; round++) {
    for (let at = 0; at < 512; at++) {
      activity.record(call(name(at), { server_name: "ö".repeat(300), duration_ms: 1.2 ** (round * 4) }));
    }
    await activity.flush();
  }
  for (let at = 0; at < 6_000; at++) {
    activity.record(call(`made up ${at}`));
    if (at % 500 === 0) await activity.flush();
  }
  await activity.flush();

  const { rows, total } = await activity.usage({ by: "tool", from: 0, to: 2e12 });

  strictEqual(total.calls, 20 * 512 + 6_000);
  strictEqual(rows.length, 5_001);
  strictEqual(rows[0]?.tool_name, "(other)");
  strictEqual(activity.health().lost, 0);
  deepStrictEqual(fixture.notices, []);
});

Deno.test("summary() counts a period by status and type and names what occurs most", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  activity.record(call("old"));
  fixture.clock.advance(2 * 3_600_000);
  for (let at = 0; at < 10; at++) activity.record(call(`t${at % 4}`, { server_name: at < 7 ? "x" : "y" }));
  activity.record(call("t0", { status: "blocked", server_name: "y" }));
  activity.record({ type: "config_change", status: "error" });

  const summary = await activity.summary("1h", { top: 2 });

  deepStrictEqual(summary, {
    period: "1h",
    start_time: "2001-09-09T02:46:40.000Z",
    end_time: "2001-09-09T03:46:40.000Z",
    total_count: 12,
    success_count: 10,
    error_count: 1,
    blocked_count: 1,
    rejected_count: 0,
    cancelled_count: 0,
    by_type: { config_change: 1, tool_call: 11 },
    top_servers: [{ name: "x", count: 7 }, { name: "y", count: 4 }],
    top_tools: [{ name: "y:t0", count: 2 }, { name: "x:t2", count: 2 }],
  });
  strictEqual((await activity.summary("24h")).total_count, 13);
});
