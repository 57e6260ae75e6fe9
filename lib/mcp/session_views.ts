import type { SessionView } from "../contracts/mod.ts";
import type { ModernClient } from "./modern_clients.ts";
import type { Session } from "./sessions.ts";

/** Writes a legacy client's session for people. */
export function toSessionView(session: Session): SessionView {
  const { facts: { client, protocolVersion, surface, owner } } = session;
  return {
    id: session.id,
    label: session.label,
    client_name: textOf(client.name),
    client_version: textOf(client.version),
    era: "legacy",
    protocol_version: protocolVersion,
    endpoint: surface,
    caller: owner,
    ...(session.profile === undefined ? {} : { profile: session.profile }),
    start_time: toIso(session.openedAt),
    last_activity: toIso(session.lastSeenAt),
    tool_call_count: session.calls,
    in_flight: session.inFlight.size,
  };
}

/** Writes a modern client for people. */
export function toClientView(client: ModernClient): SessionView {
  return {
    id: client.id,
    client_name: textOf(client.client.name),
    client_version: textOf(client.client.version),
    era: "modern",
    protocol_version: client.protocolVersion,
    endpoint: client.endpoint,
    caller: client.owner,
    start_time: toIso(client.since),
    last_activity: toIso(client.lastSeenAt),
    tool_call_count: client.calls,
    in_flight: client.inFlight,
  };
}

/** Clients say what they like of themselves, and as much as they like. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 200) : "";
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
