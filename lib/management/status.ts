import type { GatewayError, Status } from "../contracts/mod.ts";
import { diffDaemonKeys } from "../config/mod.ts";
import type { StorageHealth } from "../storage/mod.ts";
import { toConcurrency } from "./concurrency.ts";
import { mcpUrl } from "./mcp_url.ts";
import type { ManagementOptions } from "./options.ts";
import { toScans } from "./scans.ts";
import { toIso, toStats } from "./server_views.ts";

/** Writes the state of the gateway. */
export function status(options: ManagementOptions, showKey: boolean): Status {
  const { facts, config, runtime, index, platform, storage, limits, activity } = options;
  const snapshot = config.snapshot();
  const now = platform.clock.now();
  const listen = facts.listenAddress();
  return {
    running: facts.running,
    version: facts.version,
    edition: "personal",
    pid: platform.machine.pid,
    listen_addr: listen,
    mcp_url: mcpUrl(listen),
    socket_path: facts.socketPath,
    config_path: snapshot.path,
    config_version: snapshot.version,
    data_dir: facts.dataDir,
    uptime_seconds: Math.round((now - facts.startedAt) / 100) / 10,
    phase: facts.phase(),
    routing_mode: snapshot.config.routing_mode,
    require_mcp_auth: snapshot.config.require_mcp_auth,
    api_key: showKey ? facts.apiKey() : maskKey(facts.apiKey()),
    upstream_stats: toStats(runtime),
    tools_indexed: index.size,
    tool_calls: storage.statistics.all().reduce((sum, { count }) => sum + count, 0),
    config_error: toConfigError(config.rejection()),
    ...(facts.running ? { activity: activity.health() } : {}),
    scans: toScans(options),
    storage: toStorageStatus(storage.health()),
    restart_required: diffDaemonKeys(facts.startConfig, snapshot.config),
    concurrency: toConcurrency(limits),
    memory_mb: Math.round(platform.machine.memory().rssBytes / 104_857.6) / 10,
    timestamp: toIso(now),
  };
}

function toConfigError(rejection: GatewayError | undefined): Status["config_error"] {
  if (rejection === undefined) return undefined;
  const { code, message, remedy } = rejection;
  return { code, message, remedy };
}

function toStorageStatus({ setAside, ...health }: StorageHealth): Status["storage"] {
  return { ...health, set_aside: setAside };
}

function maskKey(key: string): string {
  return key.length < 16 ? "****" : `${key.slice(0, 4)}****${key.slice(-4)}`;
}
