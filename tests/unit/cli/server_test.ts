import { strictEqual } from "node:assert/strict";
import { renderServer } from "../../../cli/render/server.ts";
import { serverView } from "./fakes.ts";

const PIPE = { width: undefined, colour: false };

Deno.test("renderServer() shows what a server is and what it takes", () => {
  const server = serverView("notes", {
    command: "npx",
    args: ["-y", "notes"],
    env: { TOKEN: "${keyring:notes}", LANG: "C" },
    headers: { "X-Team": "a" },
    protocol_version: "2025-11-25",
    connected_at: "2026-01-02T03:04:05.000Z",
    reconnect_count: 2,
    pid: 42,
    process: { pid: 42, cpu_percent: 1.5, memory_mb: 80.3, processes: 3 },
  });

  strictEqual(
    renderServer(server, PIPE),
    [
      "Name        notes",
      "Status      ✅ Connected (3 tools)",
      "Tools       3",
      "Protocol    stdio, revision 2025-11-25",
      "Command     npx -y notes",
      "Variables   TOKEN=${keyring:notes}, LANG=C",
      "Headers     X-Team: a",
      "Connected   2026-01-02T03:04:05.000Z",
      "Reconnects  2",
      "Process     42 and 2 of its own",
      "CPU         1.5 % of one processor",
      "Memory      80.3 MB in 3 processes",
      "",
    ].join("\n"),
  );
});

Deno.test("renderServer() shows what is wrong, and what to do about it", () => {
  const server = serverView("notes", {
    connected: false,
    status: "failed",
    tool_count: 0,
    health: {
      level: "unhealthy",
      admin_state: "enabled",
      summary: "Command not found",
      action: "view_logs",
      detail: 'Cannot start server "notes": command "x" is not on PATH',
    },
    last_error: 'Cannot start server "notes": command "x" is not on PATH',
    diagnostic: {
      code: "MCPX_STDIO_SPAWN_ENOENT",
      severity: "error",
      cause: "",
      detected_at: "",
      user_message: "",
      fix_steps: ["Install x"],
    },
  });

  strictEqual(
    renderServer(server, PIPE),
    [
      "Name        notes",
      "Status      ❌ Command not found",
      'Detail      Cannot start server "notes": command "x" is not on PATH',
      "What to do  Install x",
      "Tools       0",
      "Protocol    stdio",
      "",
    ].join("\n"),
  );
});
