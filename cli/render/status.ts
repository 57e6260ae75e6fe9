import type { Status } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Look, oneLine } from "./text.ts";

const MAX_LIMITS_SHOWN = 4;

/** Writes the state of the gateway for people. */
export function renderStatus(status: Status, look: Look): string {
  const { upstream_stats: servers } = status;
  return renderFields([
    ["State", toState(status)],
    ["Version", status.version],
    ["Process", status.running && status.pid !== undefined ? `${status.pid}` : undefined],
    ["Uptime", status.running ? toUptime(status.uptime_seconds) : undefined],
    ["MCP URL", status.mcp_url],
    ["Listen", status.listen_addr],
    ["Socket", status.socket_path],
    ["API key", status.api_key],
    ["MCP auth", status.require_mcp_auth ? "required" : "not required from this machine"],
    ["Routing", status.routing_mode],
    ["Servers", `${servers.connected_servers} of ${servers.total_servers} connected${toMore(servers)}`],
    ["Tools", `${servers.total_tools}`],
    ["Calls", toCalls(status)],
    ["Memory", status.running ? `${Math.round(status.memory_mb)} MB` : undefined],
    ["Config", status.config_path],
    [
      "Rejected",
      status.config_error === undefined
        ? undefined
        : `${status.config_error.message} → ${status.config_error.remedy}`,
    ],
    ["Restart for", status.restart_required.length === 0 ? undefined : status.restart_required.join(", ")],
    ["Data", status.data_dir],
    ["Storage", toStorage(status)],
    ["Activity", toActivity(status)],
    ["Scans", toScans(status)],
  ], look);
}

function toState({ running, phase }: Status): string {
  if (!running) return "Not running";
  return phase === "running" || phase === "ready" ? "Running" : `Running (${phase})`;
}

/** What the limits of calls do; nothing if there are none. */
function toCalls({ concurrency }: Status): string | undefined {
  if (concurrency === undefined) return undefined;
  const rejected = concurrency.rejected.reduce((sum, { count }) => sum + count, 0);
  const limits = concurrency.limits.map(({ name, limit, active, waiting }) =>
    `${name === "" ? "all servers" : oneLine(name)} ${active}${limit === undefined ? "" : ` of ${limit}`}` +
    (waiting === 0 ? "" : `, ${waiting} waiting`)
  );
  const busy = limits.slice(0, MAX_LIMITS_SHOWN);
  if (limits.length > busy.length) busy.push(`${limits.length - busy.length} more`);
  return `${busy.join("; ")}${rejected === 0 ? "" : `; ${rejected} turned away`}`;
}

/** What a person should know of the database; nothing as long as it does well. */
function toStorage({ storage }: Status): string | undefined {
  if (storage === undefined || storage.level === "healthy") return undefined;
  return storage.remedy === undefined ? storage.summary : `${storage.summary} → ${storage.remedy}`;
}

/** What a person should know of the record of activity; nothing as long as it does well. */
function toActivity({ activity }: Status): string | undefined {
  if (activity === undefined || activity.level === "opening") return undefined;
  if (activity.level === "healthy" && activity.remedy === undefined) return undefined;
  return activity.remedy === undefined ? activity.summary : `${activity.summary} → ${activity.remedy}`;
}

/** What became of known tools when other scan rules came into force; nothing if that never happened. */
function toScans({ scans }: Status): string | undefined {
  const renewed = scans?.renewed;
  if (scans?.renewing === true) {
    const sofar = renewed?.rules === scans.rules && renewed.finished_at === undefined ? renewed.scanned : 0;
    return `scanning again by rules ${oneLine(scans.rules)}, ${sofar} so far`;
  }
  if (renewed === undefined) return undefined;
  const { rules, started_at: at, scanned, worse, worse_accepted: accepted, undecided } = renewed;
  const found = worse === 0
    ? "nothing more found than before"
    : `more found than before in ${worse}, ${accepted} of them accepted`;
  const left = undecided === 0 ? "" : `, ${undecided} to be decided about anew → mcpproxy doctor`;
  return `${scanned} scanned again by rules ${oneLine(rules)} on ${oneLine(at)}, ${found}${left}`;
}

function toMore(servers: Status["upstream_stats"]): string {
  const parts = [
    servers.connecting_servers > 0 ? `${servers.connecting_servers} connecting` : "",
    servers.quarantined_servers > 0 ? `${servers.quarantined_servers} quarantined` : "",
  ].filter((part) => part !== "");
  return parts.map((part) => `, ${part}`).join("");
}

/** Writes seconds as people say them: `42s`, `3m 5s`, `2h 4m`, `5d 1h`. */
export function toUptime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600),
    Math.floor(whole / 60),
  ];
  if (days > 0) return `${days}d ${hours % 24}h`;
  if (hours > 0) return `${hours}h ${minutes % 60}m`;
  return minutes > 0 ? `${minutes}m ${whole % 60}s` : `${whole}s`;
}
