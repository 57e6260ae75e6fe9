import { strictEqual } from "node:assert/strict";
import type { Calls, Relay } from "../../../lib/calls/mod.ts";
import { type Caller, type Config, ConfigSchema, type ToolResult } from "../../../lib/contracts/mod.ts";
import { createMcpFace, type McpFace } from "../../../lib/mcp/mod.ts";
import type { Logger } from "../../../lib/observability/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

export const CALLER: Caller = { role: "agent", label: "test", surface: "mcp" };
const SILENT = new Proxy({}, { get: () => () => {} }) as Logger; // a logger that takes anything

export const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

export type CallOwn = Calls["callOwn"];

/** A gateway without servers. */
const NO_SERVERS = {
  servers: () => [],
  listCost: () => ({ tools: 0, tokens: 0, isWhole: true, isSettled: true }),
  onListChange: () => ({ [Symbol.dispose]: () => {} }),
  onMessage: () => ({ [Symbol.dispose]: () => {} }),
  endPeer: () => {},
  notifyFor: () => {},
} as unknown as Relay; // the rest is not reached without servers

export function createFace(
  callOwn: CallOwn,
  clock: ManualClock = createManualClock(),
  config: Partial<Config> = {},
): McpFace {
  const calls: Calls = {
    ownTools: [{ name: "echo", inputSchema: { type: "object" } }],
    isOwn: () => true,
    callOwn,
    watch: (_subject, _context, work) => Promise.resolve(work()),
    failed: () => {},
    callTool: () => Promise.reject(new Error("Not used")),
  };
  return createMcpFace({
    activeProfile: () => undefined,
    platform: { ...createDenoPlatform(), clock },
    calls,
    relay: NO_SERVERS,
    config: () => ({ ...ConfigSchema.parse({ enable_prompts: false }), ...config }),
    version: "9.9.9",
    log: SILENT,
    stopping: new AbortController().signal,
  });
}

export function textResult(text: string): ToolResult {
  return { content: [{ type: "text", text }] };
}

export function post(
  face: McpFace,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  const request = new Request("http://localhost/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal,
  });
  return face.handle(request, CALLER, "req-1");
}

export async function openSession(
  face: McpFace,
  protocolVersion = "2025-11-25",
): Promise<Record<string, string>> {
  const response = await post(face, {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion, capabilities: {}, clientInfo: { name: "c", version: "1" } },
  });
  strictEqual(response.status, 200);
  await response.body?.cancel();
  return { "mcp-session-id": response.headers.get("mcp-session-id") ?? "" };
}

export function call(args: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    jsonrpc: "2.0",
    id: "c1",
    method: "tools/call",
    params: { name: "echo", arguments: args, ...more },
  };
}
