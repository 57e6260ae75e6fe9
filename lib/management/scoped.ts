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

/**
 * Narrows a bus to a scope: changes of its servers, and what its own token has
 * done there. Everything else is about others, or about the gateway as a whole.
 */
export function narrowBus(bus: EventBus, scope: EventScope): EventBus {
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

/** What of a scope decides about events. */
export type EventScope = Pick<CallerScope, "includes" | "token">;

/** Writes an event as a scope may hear of it; `undefined` if it may not. Kinds that nobody has thought of are not heard. */
export function narrowEvent(event: BusEvent, scope: EventScope): BusEvent | undefined {
  const { type, payload } = event;
  if (!isRecord(payload)) return undefined;
  if (type === "servers.changed") return narrowServers(event, payload, scope);
  const isOwn = type.startsWith("activity.") && payload.agent_name === scope.token;
  const isInside = typeof payload.server_name === "string" && scope.includes(payload.server_name);
  return isOwn && isInside ? event : undefined;
}

/** Only the list of servers can be shared out; counts of all servers go. */
function narrowServers(
  event: BusEvent,
  { servers, reasons }: Readonly<Record<string, unknown>>,
  scope: EventScope,
): BusEvent | undefined {
  if (!Array.isArray(servers)) return undefined;
  const inside = servers.filter((name) => typeof name === "string" && scope.includes(name));
  if (inside.length === 0) return undefined;
  const told = isRecord(reasons) ? pick(reasons, inside) : {};
  const reason = inside.map((name) => told[name]).findLast((one) => one !== undefined);
  return { ...event, payload: { reason, servers: inside, reasons: told } };
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
