import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ActivityEntry, GatewayError } from "../../../lib/contracts/mod.ts";
import type { CallContext } from "../../../lib/calls/mod.ts";
import { CallTrack, statusOf } from "../../../lib/calls/track.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

const SUBJECT = { type: "tool_call", server_name: "one", tool_name: "echo", arguments: { a: 1 } } as const;

function openScene() {
  const entries: ActivityEntry[] = [];
  const clock = createManualClock();
  const stop = new AbortController();
  const context: CallContext = {
    caller: { role: "agent", label: "loopback", surface: "mcp" },
    requestId: "r1",
    signal: stop.signal,
    from: { session: "s-1", clientName: "tester", clientVersion: "2" },
  };
  const platform = { ...createDenoPlatform(), clock };
  const activity = { record: (entry: ActivityEntry) => void entries.push(entry) };
  const options = { platform, activity };
  return { entries, clock, stop, context, options, track: new CallTrack(options, SUBJECT, context) };
}

Deno.test("CallTrack records an answered call with its origin and duration", () => {
  const { entries, clock, track } = openScene();
  track.allowed();
  track.sent();
  clock.advance(25);
  const result = { content: [{ type: "text", text: "hi" }] };
  track.end(result);
  strictEqual(entries.length, 1);
  const [entry] = entries;
  deepStrictEqual(
    [entry?.type, entry?.status, entry?.source, entry?.duration_ms, entry?.session_id],
    ["tool_call", "success", "mcp", 25, "s-1"],
  );
  deepStrictEqual([entry?.client_name, entry?.client_version, entry?.auth_type], [
    "tester",
    "2",
    "anonymous",
  ]);
  strictEqual(entry?.response, result);
  strictEqual(entry?.arguments, SUBJECT.arguments);
});

Deno.test("CallTrack records a denial as a decision, without a duration", () => {
  const { entries, clock, track } = openScene();
  clock.advance(25);
  track.failed(new GatewayError("MCPX_SERVER_QUARANTINED", "held"));
  track.end({ isError: true, content: [] });
  const [entry] = entries;
  deepStrictEqual(
    [entry?.type, entry?.status, entry?.error_code, entry?.duration_ms, entry?.metadata?.decision],
    ["policy_decision", "blocked", "MCPX_SERVER_QUARANTINED", undefined, "blocked"],
  );
});

Deno.test("CallTrack takes a tool's own failure for an error", () => {
  const { entries, track } = openScene();
  track.allowed();
  track.sent();
  track.end({ isError: true, content: [{ type: "text", text: "no such file" }] });
  deepStrictEqual(
    [entries[0]?.status, entries[0]?.error_code, entries[0]?.error_message],
    ["error", "MCPX_TOOL_FAILED", "no such file"],
  );
});

Deno.test("CallTrack records a cancelled call as cancelled", () => {
  const { entries, stop, track } = openScene();
  track.allowed();
  track.sent();
  stop.abort(new DOMException("gone", "AbortError"));
  track.fail(stop.signal.reason);
  deepStrictEqual([entries[0]?.status, entries[0]?.type], ["cancelled", "tool_call"]);
});

Deno.test("CallTrack keeps no arguments that were kept back for what is in them", () => {
  const { entries, track } = openScene();
  track.failed(new GatewayError("MCPX_SENSITIVE_DATA", "a key"));
  track.end({ isError: true, content: [] });
  deepStrictEqual([entries[0]?.status, entries[0]?.arguments], ["blocked", undefined]);
});

Deno.test("CallTrack tells which limit has turned a call away", () => {
  const { entries, track } = openScene();
  const details = { scope: "server", server: "one", reason: "queue_full", limit: 2, retry_after_ms: 1_000 };
  track.failed(new GatewayError("MCPX_TOO_MANY_CALLS", "full", { details }));
  track.end({ isError: true, content: [] });
  deepStrictEqual([entries[0]?.status, entries[0]?.metadata], [
    "rejected",
    { reason: "queue_full", scope: "server", limit: 2, retry_after_ms: 1_000 },
  ]);
});

Deno.test("CallTrack tells how often a call was sent, and what it is a part of", () => {
  const { entries, track } = openScene();
  track.repeated();
  track.partOf("r0");
  track.end({ content: [] });
  deepStrictEqual([entries[0]?.metadata, entries[0]?.parent_id], [{ attempts: 2 }, "r0"]);
});

Deno.test("CallTrack takes what no server had a part in for a mistake of the client", () => {
  const { entries, context, options } = openScene();
  const subject = { type: "prompt_get", tool_name: "mine" } as const;
  new CallTrack(options, subject, context).fail(Object.assign(new Error("missing"), { code: -32602 }));
  deepStrictEqual([entries[0]?.status, entries[0]?.error_code], ["error", "MCPX_INVALID_INPUT"]);
});

Deno.test("statusOf() tells denials, mistakes and want of room apart", () => {
  const before = { isAllowed: false, isSent: false };
  const after = { isAllowed: true, isSent: true };
  const of = (code: ConstructorParameters<typeof GatewayError>[0], when = before) =>
    statusOf(new GatewayError(code, "x"), when);
  strictEqual(of("MCPX_SERVER_DISABLED"), "blocked");
  strictEqual(of("MCPX_INTERNAL"), "blocked");
  strictEqual(of("MCPX_SERVER_NOT_FOUND"), "error");
  strictEqual(of("MCPX_TOO_MANY_CALLS"), "rejected");
  strictEqual(of("MCPX_INTERNAL", after), "error");
  strictEqual(of("MCPX_INTENT_REJECTED", { isAllowed: true, isSent: false }), "blocked");
});
