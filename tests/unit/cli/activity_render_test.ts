import { match, ok, strictEqual } from "node:assert/strict";
import type { ActivityRecord } from "../../../lib/contracts/mod.ts";
import {
  renderActivities,
  renderActivity,
  renderActivityEvent,
  renderUsage,
} from "../../../cli/render/activity.ts";

const PLAIN = { width: undefined, colour: false };
const RECORD: ActivityRecord = {
  id: "01M7YZ6DR500000007G79FXHSS",
  type: "tool_call",
  source: "mcp",
  status: "blocked",
  timestamp: "2026-01-02T03:04:05.678Z",
  server_name: "one",
  tool_name: "ec\u001b[31mho",
  error_code: "MCPX_TOOL_DENIED",
  request_bytes: 70_000,
  arguments_truncated: true,
  client_name: "tester",
  has_sensitive_data: false,
  metadata: { decision: "blocked" },
};

Deno.test("renderActivities() writes one line for each record, without its control characters", () => {
  const text = renderActivities([RECORD], false, PLAIN);
  match(
    text,
    /01M7YZ6DR500000007G79FXHSS {2}2026-01-02 03:04:05 {2}tool_call {2}one:ec\\u\{1b\}\[31mho {2}blocked/,
  );
  ok(!text.includes("\u001b") && !text.includes("🛡️"));
  ok(renderActivities([RECORD], true, PLAIN).includes("🛡️"));
});

Deno.test("renderActivities() tells what was let in together by number and kind", () => {
  const told = (kind: string, count: number) =>
    renderActivities(
      [{
        ...RECORD,
        type: "tool_quarantine_change",
        tool_name: undefined,
        metadata: { action: "auto-baseline", kind, count },
      }],
      false,
      PLAIN,
    );
  match(told("tool", 17), /auto-baseline one \(17 tools\) /);
  match(told("resource_template", 1), /auto-baseline one \(1 resource template\) /);
  match(told("instructions", 1), /auto-baseline one \(1 instructions\) /);
});

Deno.test("renderActivity() shows what is there, with details as JSON", () => {
  const text = renderActivity(RECORD, false, PLAIN);
  match(text, /Error\s+MCPX_TOOL_DENIED/);
  match(text, /Sent\s+70,000 bytes, cut/);
  match(text, /"decision": "blocked"/);
  ok(!text.includes("Duration"));
});

Deno.test("renderActivityEvent() writes one line, also for an event without a record", () => {
  const payload = { status: "success", server_name: "one", tool_name: "echo", duration_ms: 12.3 };
  const at = "2026-01-02T03:04:05.678Z";
  const event = { seq: 1, id: "x:1", type: "activity.tool_call.completed", at, payload };
  match(
    renderActivityEvent(event, PLAIN),
    /^03:04:05 success {3}tool_call\.completed\s+one:echo {2}12 ms\n$/,
  );
  const skipped = { seq: 2, id: "x:2", type: "activity.skipped", at, payload: { count: 7 } };
  match(renderActivityEvent(skipped, PLAIN), /skipped\s+7\n$/);
});

Deno.test("renderUsage() ends with a line for all together", () => {
  const figures = {
    calls: 3,
    errors: 1,
    refused: 0,
    p50_ms: 1,
    p95_ms: 2,
    request_bytes: 10,
    response_bytes: 20,
  };
  const text = renderUsage({
    by: "server",
    start_time: "",
    end_time: "",
    total: figures,
    rows: [{ server_name: "one", ...figures }],
    hours: [],
  }, PLAIN);
  strictEqual(text.trim().split("\n").length, 3);
  match(text, /all\s+3\s+1\s+0\s+1\.0\s+2\.0\s+10\s+20\n$/);
});
