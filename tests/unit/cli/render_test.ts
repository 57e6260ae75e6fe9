import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { renderError, toErrorValue } from "../../../cli/render/error.ts";
import { renderFields } from "../../../cli/render/fields.ts";
import { renderProgress } from "../../../cli/render/progress.ts";
import { renderServers } from "../../../cli/render/servers.ts";
import { renderStatus, toUptime } from "../../../cli/render/status.ts";
import { widthOf } from "../../../cli/render/text.ts";
import { renderToolResult } from "../../../cli/render/tool_result.ts";
import { renderLogLine, renderTools } from "../../../cli/render/tools.ts";
import { serverView, statusOf, toolView } from "./fakes.ts";
import { PIPE } from "./render_fixture.ts";

Deno.test("renderServers() sorts by name and shows sign, status and what to do", () => {
  const health = serverView("").health;
  const text = renderServers([
    serverView("e", {
      health: { ...health, level: "unhealthy", summary: "Command not found", action: "view_logs" },
    }),
    serverView("a"),
    serverView("b", {
      health: { ...health, admin_state: "disabled", summary: "Disabled", action: "enable" },
    }),
    serverView("c", {
      health: { ...health, admin_state: "quarantined", summary: "Quarantined", action: "approve" },
    }),
    serverView("d", { status: "connecting", health: { ...health, summary: "Connecting..." } }),
    serverView("f", {
      health: { ...health, level: "degraded", summary: "No\x1b", detail: "TOKEN", action: "set_secret" },
    }),
  ], PIPE);

  strictEqual(
    text,
    `
    NAME  PROTOCOL  TOOLS  STATUS               ACTION
✅  a     stdio         3  Connected (3 tools)
⏸️  b     stdio         3  Disabled             upstream enable b
🔒  c     stdio         3  Quarantined          upstream approve c
⚪  d     stdio         3  Connecting...
❌  e     stdio         3  Command not found    upstream logs e
⚠️  f     stdio         3  No\\u{1b}             upstream get f
`.slice(1),
  );
});

Deno.test("renderServers() paints the status only where colours are wanted", () => {
  const look = { width: 80, colour: true };

  ok(renderServers([serverView("a")], look).includes("\x1b[32mConnected (3 tools)\x1b[0m"));
  ok(!renderServers([serverView("a")], { ...look, colour: false }).includes("\x1b"));
});

Deno.test("renderTools() marks tools that cannot be called", () => {
  const held = serverView("b", {}).health;
  const text = renderTools([
    toolView("b:z", { server_health: { ...held, admin_state: "quarantined" } }),
    toolView("a:y", { call_with: "call_tool_destructive", description: "Two\nlines" }),
    toolView("a:x", { disabled: true }),
  ], PIPE);

  strictEqual(
    text,
    `
TOOL  CALL WITH    DESCRIPTION
a:x   read         (tool disabled) Does x
a:y   destructive  Two lines
b:z   read         (server quarantined) Does z
`.slice(1),
  );
});

Deno.test("renderLogLine() writes time, level and message", () => {
  const line = { timestamp: "12:00", level: "warn", message: "a\tb\x1b[2J", server: "s" };

  strictEqual(renderLogLine(line, PIPE), "12:00 WARN  a\tb\\u{1b}[2J\n");
  ok(renderLogLine(line, { width: 80, colour: true }).includes("\x1b[33mWARN \x1b[0m"));
});

Deno.test("renderToolResult() writes text and names the rest", () => {
  const result = {
    content: [
      { type: "text", text: "one\ntwo" },
      { type: "image", data: "AAAAAA==", mimeType: "image/png" },
      { type: "resource_link", uri: "file:///a", name: "a" },
      { type: "resource", resource: { uri: "x:1", text: "inner\n" } },
      { type: "resource", resource: { uri: "x:2", blob: "AAAA", mimeType: "a/b" } },
      { type: "odd" },
    ],
  };

  strictEqual(
    renderToolResult(result, false),
    "one\ntwo\n[image image/png, 4 bytes]\n[resource_link a file:///a]\ninner\n[resource a/b x:2, 3 bytes]\n[odd]\n",
  );
  strictEqual(renderToolResult({ content: [], structuredContent: { a: 1 } }, false), '{\n  "a": 1\n}\n');
  strictEqual(renderToolResult({ content: [] }, false), "");
});

Deno.test("renderToolResult() defuses text for a terminal only", () => {
  const result = { content: [{ type: "text", text: "a\x1b[2J\r\nb" }] };

  strictEqual(renderToolResult(result, true), "a\\u{1b}[2J\nb\n");
  strictEqual(renderToolResult(result, false), "a\x1b[2J\r\nb\n");
  strictEqual(renderToolResult({ ...result, isError: true }, false), "a\\u{1b}[2J\nb\n");
});

Deno.test("renderError() and toErrorValue() carry remedy, context and request id", () => {
  const error = new GatewayError("MCPX_SERVER_NOT_FOUND", 'Cannot find "x\x1b"', {
    remedy: "Do this",
    details: { server: "x", request_id: "r1" },
  });

  strictEqual(renderError(error, PIPE), 'Error: Cannot find "x\\u{1b}"\n→ Do this\nRequest ID: r1\n');
  deepStrictEqual(toErrorValue(error), {
    code: "MCPX_SERVER_NOT_FOUND",
    message: 'Cannot find "x\x1b"',
    guidance: "Do this",
    context: { server: "x" },
    request_id: "r1",
  });
});

Deno.test("renderStatus() tells a running gateway from one that is not", () => {
  const running = renderStatus(statusOf(), PIPE);
  ok(running.includes("State     Running\n"));
  ok(renderStatus(statusOf({ phase: "draining" }), PIPE).includes("State     Running (draining)\n"));
  ok(running.includes("Uptime    1h 1m\n"));
  ok(running.includes("Servers   1 of 3 connected, 1 connecting, 1 quarantined\n"));

  const counts = { pending: 3, lost: 0 };
  ok(!running.includes("Storage"));
  const storage = {
    level: "degraded",
    summary: "The disk is full",
    remedy: "Free space",
    ...counts,
  } as const;
  ok(renderStatus(statusOf({ storage }), PIPE).includes("Storage   The disk is full → Free space\n"));
  ok(!renderStatus(statusOf({ storage: { ...storage, level: "healthy" } }), PIPE).includes("Storage"));

  const rules = "2026.11.5+a.0123456789ab";
  ok(!renderStatus(statusOf({ scans: { rules, renewing: false } }), PIPE).includes("Scans"));
  const renewed = {
    rules,
    started_at: "2026-11-21T10:00:00.000Z",
    scanned: 9,
    worse: 0,
    worse_accepted: 0,
    undecided: 0,
  };
  ok(
    renderStatus(statusOf({ scans: { rules, renewing: true, renewed } }), PIPE)
      .includes(`Scans     scanning again by rules ${rules}, 9 so far\n`),
  );
  ok(
    renderStatus(statusOf({ scans: { rules, renewing: false, renewed } }), PIPE)
      .includes("on 2026-11-21T10:00:00.000Z, nothing more found than before\n"),
  );

  const worse = { ...renewed, worse: 3, worse_accepted: 2, undecided: 1 };
  ok(
    renderStatus(statusOf({ scans: { rules, renewing: false, renewed: worse } }), PIPE)
      .includes("in 3, 2 of them accepted, 1 to be decided about anew → mcpproxy doctor\n"),
  );

  const older = { ...renewed, undecided: 1 };
  ok(
    renderStatus(statusOf({ scans: { rules, renewing: false, renewed: older } }), PIPE)
      .includes("nothing more found than before, 1 to be decided about anew → mcpproxy doctor\n"),
  );

  const stopped = renderStatus(statusOf({ running: false }), PIPE);
  ok(stopped.startsWith("State     Not running\n"));
  ok(!stopped.includes("Uptime") && !stopped.includes("Process"));

  deepStrictEqual([5, 65, 7300, 90000].map(toUptime), ["5s", "1m 5s", "2h 1m", "1d 1h"]);
  strictEqual(renderFields([["A", "abcdef"], ["B", ""]], { width: 6, colour: false }), "A  ab…\n");
});

Deno.test("renderProgress() says how to reach a new daemon", () => {
  const listening = {
    kind: "listening",
    mcpUrl: "http://127.0.0.1:8080/mcp",
    socketPath: "/d/s",
    configPath: "/d/c",
    requireMcpAuth: false,
    servers: 2,
  } as const;

  strictEqual(
    renderProgress(listening, PIPE),
    `
MCP       http://127.0.0.1:8080/mcp
Config    /d/c
Socket    /d/s

Add it to a client:
  claude mcp add --transport http mcpproxy http://127.0.0.1:8080/mcp
  {"mcpServers":{"mcpproxy":{"url":"http://127.0.0.1:8080/mcp"}}}

Starting 2 servers; Ctrl-C stops it
`.slice(1),
  );
  const guarded = renderProgress({ ...listening, requireMcpAuth: true, servers: 0 }, PIPE);
  ok(guarded.includes("  mcpproxy status --mcp-config claude-code "));
  ok(guarded.includes("  The admin key opens everything: mcpproxy status --show-key\n"));
  ok(!guarded.includes("KEY"));
  ok(guarded.includes("No servers yet"));
});

Deno.test("renderProgress() writes a line a server and then all of them", () => {
  const server = {
    kind: "server",
    name: "a",
    state: "failed",
    summary: "Command not found",
    detail: "npx\x1b is not on PATH",
    toolCount: 0,
    tookMs: 1234,
    done: 3,
    total: 12,
  } as const;

  strictEqual(
    renderProgress(server, PIPE),
    "[ 3/12] ✗ a  Command not found: npx\\u{1b} is not on PATH (1.2 s)\n",
  );
  ok(widthOf(renderProgress(server, { width: 30, colour: false }).trimEnd()) <= 30);
  ok(renderProgress({ kind: "settled", servers: [serverView("a")] }, PIPE).includes("✅  a"));
  strictEqual(renderProgress({ kind: "settled", servers: [] }, PIPE), "");
  ok(renderProgress({ kind: "stopping", signal: "SIGINT" }, PIPE).includes("SIGINT"));
  strictEqual(renderProgress({ kind: "stopped" }, PIPE), "Stopped\n");
  strictEqual(renderProgress({ kind: "notice", text: "x" }, PIPE), "note x\n");
});
