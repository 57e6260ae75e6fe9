/**
 * A daemon over a fleet of cheap servers, for measurements of scale.
 *
 * @module
 */

import { type Daemon, startDaemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";
import { type BenchServer, script, startServer } from "./programs.ts";

/** How large a fleet is. */
export interface FleetSize {
  readonly http: number;
  readonly stdio: number;
  readonly toolsEach: number;
}

/** What the HTTP part of a fleet has seen since it was last asked. */
export interface FleetSeen {
  readonly initialize: number;
  readonly atOnce: number;
  readonly refused: number;
  /** Servers that have sessions now. */
  readonly inUse: number;
}

/** The servers of a fleet; those over HTTP run, the others are started by whoever connects to them. */
export interface Fleet extends AsyncDisposable {
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  /** Takes the first servers down, or none. */
  control(order: { readonly down?: number; readonly delayMs?: number }): Promise<FleetSeen>;
}

/** Starts a fleet. */
export async function startFleet({ http, stdio, toolsEach }: FleetSize): Promise<Fleet> {
  const server: BenchServer = await startServer("node", [script("fleet.mjs"), "http", String(toolsEach)]);
  const quarantined = false;
  return {
    entries: [
      ...Array.from({ length: http }, (_, index) => ({
        name: `http-${index}`,
        url: `${server.url}/${index}`,
        protocol: "streamable-http",
        quarantined,
      })),
      ...Array.from({ length: stdio }, (_, index) => ({
        name: `stdio-${index}`,
        command: "node",
        args: [script("fleet.mjs"), "stdio", String(toolsEach), String(http + index)],
        quarantined,
      })),
    ],
    async control(order) {
      const url = new URL("/control", server.url);
      return await (await fetch(url, { method: "POST", body: JSON.stringify(order) })).json();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A daemon whose servers may not be ready yet. */
export interface FleetDaemon extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly startedAt: number;
  readonly listeningMs: number;
  /** Counts of servers. */
  stats(): Promise<{ readonly connected_servers: number; readonly total_tools: number }>;
  /** Resolves when so many servers are ready, to the time since the start of the daemon. */
  ready(count: number): Promise<number>;
  /** Hits of a search for tools. */
  search(query: string): Promise<number>;
  residentMb(): Promise<number>;
}

/** Opens a place for the daemons of one measurement. */
export function openFleetWorkspace(
  entries: readonly Readonly<Record<string, unknown>>[],
): Promise<Workspace> {
  return openWorkspace({
    require_mcp_auth: false,
    logging: { level: "warn" },
    mcpServers: entries,
  });
}

const LOOK_MS = 50;
const GUARD_MS = 180_000;

/** Starts a daemon and waits until it listens; that of the checkout unless a program is given. */
export async function startFleetDaemon(
  workspace: Workspace,
  program?: readonly string[],
): Promise<FleetDaemon> {
  const startedAt = performance.now();
  const daemon = await startDaemon(workspace, [], { program });
  const listeningMs = performance.now() - startedAt;
  const get = async (path: string) => {
    const response = await fetch(`${daemon.url}${path}`, { headers: { "x-api-key": daemon.apiKey } });
    const { data } = await response.json();
    return data;
  };
  const stats = async () => (await get("/api/v1/status"))?.upstream_stats ?? { connected_servers: 0 };
  return {
    daemon,
    startedAt,
    listeningMs,
    stats,
    async ready(count) {
      for (let connected = 0; connected < count;) {
        if (performance.now() - startedAt > GUARD_MS) {
          throw new Error(`Only ${connected} of ${count} are ready`);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        connected = (await stats()).connected_servers;
      }
      return performance.now() - startedAt;
    },
    search: async (query) => (await get(`/api/v1/index/search?q=${encodeURIComponent(query)}`))?.total ?? 0,
    async residentMb() {
      const status = await Deno.readTextFile(`/proc/${daemon.pid}/status`);
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024 / 1e6;
    },
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}
