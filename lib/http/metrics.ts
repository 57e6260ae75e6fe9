/**
 * Figures of the gateway in the text format of Prometheus.
 *
 * @module
 */

import { type Management, type ServerView, STATE_NAMES, type Status } from "../contracts/mod.ts";

interface Sample {
  /** Added to the name of the family, as parts of a histogram have it. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples of one name. */
export interface Family {
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What the MCP endpoints have counted. */
export interface McpFigures {
  readonly sessions: number;
  /** Requests that were answered with an error, by its code. */
  readonly faults: ReadonlyMap<number, number>;
}

/** Answers with the figures of this moment. */
export async function serveMetrics(
  management: Pick<Management, "request">,
  { mcp, traffic }: { readonly mcp: McpFigures; readonly traffic: readonly Family[] },
): Promise<Response> {
  const status = await management.request("status.get", {});
  const { servers } = await management.request("servers.list", {});
  return new Response(
    renderMetrics([
      ...toFamilies(status, servers),
      ...ofLimits(status.concurrency),
      ...ofMcp(mcp),
      ...traffic,
    ]),
    {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    },
  );
}

function toFamilies(status: Status, servers: readonly ServerView[]): Family[] {
  const { upstream_stats: stats } = status;
  const gauge = (name: string, help: string, value: number): Family =>
    one({ name, help, value, type: "gauge" });
  return [
    gauge(
      "mcpproxy_config_last_reload_successful",
      "1 while the config file is in force, 0 while it is rejected",
      status.config_error === undefined ? 1 : 0,
    ),
    gauge("mcpproxy_config_version", "Number of the config in force", status.config_version),
    gauge("mcpproxy_uptime_seconds", "Seconds since the start", status.uptime_seconds),
    gauge("mcpproxy_memory_bytes", "Resident memory", Math.round(status.memory_mb * 1024 * 1024)),
    gauge("mcpproxy_servers_total", "Configured servers", stats.total_servers),
    gauge("mcpproxy_servers_connected", "Servers that answer calls", stats.connected_servers),
    gauge("mcpproxy_servers_quarantined", "Servers held in quarantine", stats.quarantined_servers),
    {
      name: "mcpproxy_servers_by_state",
      type: "gauge",
      help: "Servers by the state they are in",
      samples: STATE_NAMES.map((state) => ({
        labels: { state },
        value: servers.filter((server) => server.status === state).length,
      })),
    },
    {
      name: "mcpproxy_server_up",
      type: "gauge",
      help: "1 for a server that answers calls",
      samples: servers.map(({ name, connected }) => ({ labels: { server: name }, value: connected ? 1 : 0 })),
    },
    gauge("mcpproxy_tools_total", "Tools of all servers", stats.total_tools),
    gauge("mcpproxy_index_documents_total", "Tools that can be searched", status.tools_indexed),
    one({
      name: "mcpproxy_tool_calls_all_time_total",
      type: "counter",
      help: "Calls of tools since the database was made",
      value: status.tool_calls ?? 0,
    }),
  ];
}

function ofLimits(concurrency: Status["concurrency"]): Family[] {
  if (concurrency === undefined) return [];
  const { limits, rejected } = concurrency;
  const perLimit = (name: string, help: string, key: "active" | "waiting"): Family => ({
    name,
    type: "gauge",
    help,
    samples: limits.map((one) => ({ labels: toScope(one), value: one[key] })),
  });
  return [
    perLimit("mcpproxy_concurrency_active", "Calls that run under a limit", "active"),
    perLimit("mcpproxy_concurrency_queue_depth", "Calls that wait for their turn", "waiting"),
    {
      name: "mcpproxy_tool_calls_rejected_total",
      type: "counter",
      help: "Calls that the limits have turned away",
      samples: rejected.map((one) => ({
        labels: { ...toScope(one), reason: one.reason },
        value: one.count,
      })),
    },
  ];
}

function toScope({ scope, name }: { readonly scope: string; readonly name: string }): Sample["labels"] {
  return scope === "token" ? { scope, token: name } : { scope, server: name };
}

function ofMcp({ sessions, faults }: McpFigures): Family[] {
  return [
    one({
      name: "mcpproxy_mcp_sessions",
      type: "gauge",
      help: "Open sessions of legacy clients",
      value: sessions,
    }),
    {
      name: "mcpproxy_mcp_errors_total",
      type: "counter",
      help: "MCP requests answered with an error, by its JSON-RPC code",
      samples: [...faults].map(([code, value]) => ({ labels: { code: String(code) }, value })),
    },
  ];
}

function one({ value, ...family }: Omit<Family, "samples"> & { readonly value: number }): Family {
  return { ...family, samples: [{ value }] };
}

/** Writes families of samples, one sample a line. Pure. */
export function renderMetrics(families: readonly Family[]): string {
  return families.map(({ name, type, help, samples }) =>
    [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ suffix = "", labels = {}, value }) => `${name}${suffix}${toLabels(labels)} ${value}`),
      "",
    ].join("\n")
  ).join("");
}

function toLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escape(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
