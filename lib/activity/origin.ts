import type { ActivityEntry, ActivitySource, Caller, RequestSource } from "../contracts/mod.ts";

/** Where something came from, as far as its surface knows. */
export interface Origin extends RequestSource {
  /** The gateway itself when absent. */
  readonly caller?: Caller;
  readonly requestId?: string;
}

/** The part of a record that tells where something came from. */
export type OriginFields = Pick<
  ActivityEntry,
  | "source"
  | "session_id"
  | "request_id"
  | "parent_id"
  | "correlation_id"
  | "client_name"
  | "client_version"
  | "profile"
  | "agent_name"
  | "auth_type"
>;

const SOURCES: Readonly<Record<Caller["surface"], ActivitySource>> = {
  mcp: "mcp",
  http: "api",
  ui: "api",
  cli: "cli",
  library: "internal",
};

/** Writes where something came from as a record has it. Pure, and cheap: every call does it. */
export function toOriginFields(origin: Origin): OriginFields {
  const { caller } = origin;
  return {
    source: caller === undefined ? "internal" : SOURCES[caller.surface],
    session_id: origin.session,
    request_id: origin.requestId,
    parent_id: origin.parentId,
    correlation_id: origin.correlationId,
    client_name: origin.clientName,
    client_version: origin.clientVersion,
    profile: origin.profile ?? caller?.scope?.profile,
    agent_name: caller?.scope?.token,
    auth_type: caller === undefined ? undefined : authOf(caller),
  };
}

/** By what right: the admin's, that of an agent token, or just by being on this machine. */
function authOf({ role, scope }: Caller): string {
  if (scope !== undefined) return "agent";
  return role === "admin" ? "admin" : "anonymous";
}
