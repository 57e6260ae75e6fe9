import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import type { Management } from "../../lib/contracts/mod.ts";
import { failsWith, runSuite } from "./implementations.ts";

async function call(management: Management, name: string, variant?: "read"): Promise<void> {
  await management.request("calls.call", { tool_name: name, arguments: {}, ...(variant && { variant }) });
}

runSuite("Management.activity", {
  async "puts every call on record once, denied ones as decisions"({ management }) {
    await call(management, "memory:read_graph");
    await call(management, "memory:delete_entities", "read");
    await call(management, "memory:nothing");

    const { activities, total } = await management.request("activity.list", { server: "memory" });
    const calls = activities.filter(({ type }) =>
      type !== "server_change" && type !== "tool_quarantine_change"
    );
    deepStrictEqual(
      calls.map(({ type, status, tool_name, error_code }) => [type, status, tool_name, error_code]),
      [
        ["tool_call", "error", "nothing", "MCPX_TOOL_NOT_FOUND"],
        ["policy_decision", "blocked", "delete_entities", "MCPX_INTENT_REJECTED"],
        ["tool_call", "success", "read_graph", undefined],
      ],
    );
    strictEqual(total, activities.length);
    const [, blocked, done] = calls;
    strictEqual(blocked?.duration_ms, undefined);
    strictEqual(blocked?.intent?.operation_type, "read");
    ok(done?.duration_ms !== undefined && done.duration_ms > 0);
    strictEqual(done?.request_bytes, 2);
    ok((done?.response_bytes ?? 0) > 40);
    strictEqual(done?.auth_type, "admin");
    ok(done?.request_id !== undefined);
  },

  async "filters, pages and leaves payloads out"({ management }) {
    for (let at = 0; at < 5; at++) await call(management, "memory:read_graph");
    const filter = { type: ["tool_call" as const], tool: "read_graph" };

    const first = await management.request("activity.list", { ...filter, limit: 2 });
    const second = await management.request("activity.list", {
      ...filter,
      limit: 2,
      cursor: first.next_cursor,
      exclude_payloads: true,
    });
    const passed = await management.request("activity.list", { ...filter, limit: 2, offset: 2 });
    strictEqual(first.activities.length, 2);
    ok(first.activities.every(({ response }) => response !== undefined));
    ok(second.activities.every(({ response }) => response === undefined));
    deepStrictEqual(passed.activities.map(({ id }) => id), second.activities.map(({ id }) => id));
    deepStrictEqual((await management.request("activity.list", { ...filter, offset: 5_000 })).activities, []);
    strictEqual((await management.request("activity.list", { tool: "no_such_tool" })).total, 0);
    await rejects(
      management.request("activity.list", { status: "sucess" } as never), // as a person may mistype it
      failsWith("MCPX_INVALID_INPUT", /status/),
    );
  },

  async "shows one record, and says when there is none"({ management }) {
    await call(management, "memory:read_graph");
    const { activities: [newest] } = await management.request("activity.list", { limit: 1 });
    const found = await management.request("activity.get", { id: newest?.id ?? "" });
    deepStrictEqual(found.response, newest?.response);
    await rejects(
      management.request("activity.get", { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
      failsWith("MCPX_ACTIVITY_NOT_FOUND", /01ARZ3/),
    );
  },

  async "sums up and tells usage"({ management }) {
    await call(management, "memory:read_graph");
    const summary = await management.request("activity.summary", { period: "1h" });
    ok(summary.total_count >= 1 && (summary.by_type.tool_call ?? 0) >= 1);
    strictEqual(summary.top_tools[0]?.name, "memory:read_graph");
    const usage = await management.request("activity.usage", { sort: "p95" });
    const row = usage.rows.find(({ tool_name }) => tool_name === "read_graph");
    ok((row?.calls ?? 0) >= 1 && row?.p95_ms !== undefined);
  },

  async "puts changes, and the start of the gateway, on record"({ management }) {
    await management.request("servers.update", { name: "memory", patch: { init_timeout: "31s" } });
    await rejects(management.request("servers.remove", { name: "nobody" }));
    const { activities } = await management.request("activity.list", {
      type: ["server_change", "system_start"],
      limit: 100,
    });
    const told = activities.map(({ type, server_name, status, metadata }) =>
      [type, metadata?.action, server_name, status].join(" ")
    );
    ok(told.includes("server_change update memory success"), told.join());
    ok(told.includes("server_change remove nobody error"), told.join());
    ok(told.includes("server_change start memory success"), told.join());
    strictEqual(told.at(-1)?.startsWith("s"), true);
    ok(told.includes("system_start start  success"), told.join());
  },

  async "exports lines of JSON and a table"({ management }) {
    await call(management, "memory:read_graph");
    const lines = (await Array.fromAsync(management.exportActivity({ tool: "read_graph", limit: 3 }))).join(
      "",
    )
      .trim().split("\n");
    ok(lines.length >= 1 && lines.length <= 3);
    strictEqual(JSON.parse(lines[0] ?? "").tool_name, "read_graph");
    const table = (await Array.fromAsync(management.exportActivity({ format: "csv", tool: "read_graph" })))
      .join("");
    match(table, /^id,type,source,server_name,tool_name,status,error_message,duration_ms,timestamp,/);
    await rejects(
      Array.fromAsync(management.exportActivity({ format: "xml" } as never)), // as a person may mistype it
      failsWith("MCPX_INVALID_INPUT", /format/),
    );
  },

  async "tells in its status how the record of activity does"({ management }) {
    const { activity } = await management.request("status.get", {});
    strictEqual(activity?.level, "healthy");
    strictEqual(activity?.lost, 0);
  },

  async "tells in its status by which rules known tools are scanned, and whether that goes on"(
    { management },
  ) {
    const { scans } = await management.request("status.get", {});
    const { rules } = await management.request("security.overview", {});
    deepStrictEqual([scans?.rules, scans?.renewed], [rules, undefined]);
  },
});
