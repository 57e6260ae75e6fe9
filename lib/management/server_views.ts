import { type Config, type Health, type ProcessView, type ServerView, wireOf } from "../contracts/mod.ts";
import {
  healthOf,
  isQuarantined,
  type Runtime,
  type ServerRecord,
  type ServerStats,
  type ServerUsage,
  statsOf,
} from "../runtime/mod.ts";
import { maskServer } from "../secrets/mod.ts";

/** What of the config a view depends on. */
export type ViewTerms = Pick<Config, "reveal_secret_headers" | "quarantine_enabled">;

/** Writes a server as every surface shows it; secrets masked unless the config reveals them. */
export function toServerView(
  runtime: Runtime,
  name: string,
  record: ServerRecord,
  config: ViewTerms,
): ServerView {
  const { config: server, state, connection, lastError } = record;
  const shown = config.reveal_secret_headers ? server : { ...server, ...maskServer(server) };
  const tools = toolCount(runtime, name, record);
  return {
    id: name,
    name,
    protocol: connection?.wire ?? wireOf(server),
    url: shown.url,
    command: server.command,
    args: server.command === undefined ? undefined : shown.args,
    working_dir: server.working_dir,
    env: shown.env,
    headers: shown.headers,
    enabled: server.enabled,
    // One that is off is held all the same, and stays so when it is switched on.
    quarantined: record.quarantined || isQuarantined(server, config),
    trust_mode: server.trust_mode,
    connected: state.state === "ready",
    connecting: state.state === "connecting" || state.state === "authenticating",
    status: state.state,
    tool_count: tools,
    held_tool_count: heldCount(runtime, name, record) || undefined,
    health: toHealth(runtime, name, record),
    last_error: lastError?.message,
    error_code: lastError?.code,
    diagnostic: lastError === undefined ? undefined : {
      code: lastError.code,
      severity: "error",
      cause: lastError.message,
      detected_at: toIso(lastError.at),
      user_message: lastError.message,
      fix_steps: [lastError.remedy],
    },
    connected_at: state.state === "ready" ? toIso(state.since) : undefined,
    retry_count: record.failures,
    retry_at: state.state === "backoff" ? toIso(state.retryAt) : undefined,
    reconnect_count: record.reconnects,
    era: connection?.era,
    protocol_version: connection?.protocolVersion,
    server_info: connection?.serverInfo,
    pid: connection?.pid,
    max_concurrent_requests: server.max_concurrent_requests,
    queue_size: server.queue_size,
    queue_timeout: server.queue_timeout,
    created: server.created,
    updated: server.updated,
  };
}

/** Writes a server as agents see it: how it does, but not how it is reached, what it is told or says of this machine. */
export function toAgentView(
  runtime: Runtime,
  name: string,
  record: ServerRecord,
  config: ViewTerms,
): ServerView {
  const view = toServerView(runtime, name, record, { ...config, reveal_secret_headers: false });
  const { id, protocol, enabled, quarantined, trust_mode, connected, connecting, status, tool_count } = view;
  const { health: { level, admin_state, summary }, error_code, retry_count, reconnect_count } = view;
  return {
    id,
    name,
    protocol,
    enabled,
    quarantined,
    trust_mode,
    connected,
    connecting,
    status,
    tool_count,
    health: { level, admin_state, summary, action: "" },
    error_code,
    retry_count,
    reconnect_count,
  };
}

/** Writes what a server takes of the machine, once it has a process that was measured. */
export function toProcessView(
  { connection }: ServerRecord,
  usage: ServerUsage | undefined,
): ProcessView | undefined {
  if (connection?.pid === undefined || usage === undefined) return undefined;
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    pid: connection.pid,
    cpu_percent: round(usage.cpuPercent),
    memory_mb: round(usage.rssBytes / 1024 / 1024),
    processes: usage.processes,
  };
}

/** Derives a server's health from its record. */
export function toHealth(runtime: Runtime, name: string, record: ServerRecord): Health {
  return healthOf(record, toolCount(runtime, name, record), heldCount(runtime, name, record));
}

/** Counts the tools that wait for a person. */
function heldCount({ catalogue }: Runtime, name: string, { config, quarantined }: ServerRecord): number {
  return config.enabled && !quarantined ? catalogue.get(name)?.held ?? 0 : 0;
}

/** Counts of all servers. */
export function toStats(runtime: Runtime): ServerStats {
  return statsOf(runtime.view(), runtime.catalogue);
}

/** A held server shows no tools: nobody has reviewed them. */
function toolCount(runtime: Runtime, name: string, record: ServerRecord): number {
  if (!record.config.enabled || record.quarantined) return 0;
  return runtime.catalogue.get(name)?.names.size ?? 0;
}

/** Writes epoch milliseconds as an ISO 8601 time in UTC. */
export function toIso(at: number): string {
  return new Date(at).toISOString();
}
