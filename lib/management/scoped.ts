import type { CallerScope, Status } from "../contracts/mod.ts";
import { narrow } from "../calls/mod.ts";
import type { BusEvent, EventBus } from "../events/mod.ts";
import type { ManagementOptions } from "./options.ts";

/** Gives the service's parts as a caller of a scope meets them: what is outside is not there. */
export function withinScope(options: ManagementOptions, scope: CallerScope): ManagementOptions {
  return {
    ...options,
    scope,
    runtime: narrow(options.runtime, scope),
    bus: narrowBus(options.bus, scope),
  };
}

/** What of a scope decides about events. */
type Reach = Pick<CallerScope, "includes"> & Partial<Pick<CallerScope, "token">>;

/**
 * Narrows a bus to a scope. Events name servers in several ways; one that
 * names none concerns the gateway as a whole, and is for admins.
 */
export function narrowBus(bus: EventBus, scope: Reach): EventBus {
  const narrowed = (events: readonly BusEvent[]) =>
    events.flatMap((event) => narrowEvent(event, scope) ?? []);
  return {
    publish: (type, payload) => bus.publish(type, payload),
    subscribe: (listener) =>
      bus.subscribe((event) => {
        const inside = narrowEvent(event, scope);
        if (inside !== undefined) listener(inside);
      }),
    since(seq) {
      const events = bus.since(seq);
      return events === "gap" ? "gap" : narrowed(events);
    },
    get lastSeq() {
      return bus.lastSeq;
    },
    instance: bus.instance,
  };
}

/**
 * Writes an event as a scope may hear of it; `undefined` if it may not.
 *
 * Only a list of servers can be shared out; counts of all servers go.
 */
export function narrowEvent(
  event: BusEvent,
  scope: Reach,
): BusEvent | undefined {
  if (!isRecord(event.payload)) return undefined;
  // What others do is nobody's business, whichever server they do it at.
  if (event.type.startsWith("activity.") && event.payload.agent_name !== scope.token) return undefined;
  const { stats: _stats, ...payload } = event.payload;
  const { server, server_name: serverName, servers, reasons } = payload;
  if (Array.isArray(servers)) {
    const inside = servers.filter((name) => typeof name === "string" && scope.includes(name));
    if (inside.length === 0) return undefined;
    const told: { reasons?: Readonly<Record<string, unknown>> } = isRecord(reasons)
      ? { reasons: pick(reasons, inside) }
      : {};
    if (event.type !== "servers.changed") return undefined;
    const reason = inside.map((name) => told.reasons?.[name]).findLast((one) => one !== undefined);
    return { ...event, payload: { reason, servers: inside, ...told } };
  }
  const named = [server, serverName].filter((name) => name !== undefined);
  const isInside = named.length > 0 &&
    named.every((name) => typeof name === "string" && scope.includes(name));
  return isInside ? { ...event, payload } : undefined;
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]) {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(from, key)).map((key) => [key, from[key]]));
}

/** Writes the gateway's state as agents see it: no places on this machine, and no figures of all servers. */
export function narrowStatus(status: Status): Status {
  const { running, version, edition, listen_addr, mcp_url, config_version } = status;
  const { uptime_seconds, phase, routing_mode, require_mcp_auth, upstream_stats, timestamp } = status;
  return {
    running,
    version,
    edition,
    listen_addr,
    mcp_url,
    config_version,
    uptime_seconds,
    phase,
    routing_mode,
    require_mcp_auth,
    upstream_stats,
    timestamp,
    tools_indexed: upstream_stats.total_tools,
    socket_path: "",
    config_path: "",
    data_dir: "",
    api_key: "",
    restart_required: [],
    memory_mb: 0,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
