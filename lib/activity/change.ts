import { type ActivityEntry, type ActivityType, ERROR_KINDS, type GatewayError } from "../contracts/mod.ts";
import type { Activity } from "./activity.ts";
import { type Origin, toOriginFields } from "./origin.ts";

/** Something other than a call that happened, or was tried. */
export interface Change {
  readonly type: Exclude<ActivityType, "tool_call" | "internal_tool_call">;
  /** What was done, in a word: `approve`, `add`, `start`. */
  readonly action: string;
  readonly server?: string;
  /** Tool, prompt or resource of the server. */
  readonly tool?: string;
  /** Whatever else tells of it, such as hashes, and descriptions before and after. Secrets are removed later. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Why nothing came of it; it was done when absent. */
  readonly error?: GatewayError;
  readonly durationMs?: number;
}

/**
 * Puts a change on record; returns at once and never throws.
 *
 * @example A person approves a tool
 * ```ts
 * recordChange(activity, {
 *   type: "tool_quarantine_change",
 *   action: "approve",
 *   server: "github",
 *   tool: "get_me",
 *   details: { old_hash, new_hash },
 * }, { caller, requestId });
 * ```
 *
 * @param origin Who did it; the gateway itself when absent.
 */
export function recordChange(activity: Pick<Activity, "record">, change: Change, origin: Origin = {}): void {
  activity.record(toChangeEntry(change, origin));
}

/** Writes a change as a record. Pure. */
export function toChangeEntry(change: Change, origin: Origin = {}): ActivityEntry {
  const { type, action, server, tool, details, error, durationMs } = change;
  return {
    ...toOriginFields(origin),
    type,
    status: error === undefined ? "success" : statusOf(error),
    server_name: server,
    tool_name: tool,
    error_code: error?.code,
    error_message: error?.message,
    duration_ms: durationMs,
    metadata: { action, ...details },
  };
}

function statusOf({ code }: GatewayError): ActivityEntry["status"] {
  const { status } = ERROR_KINDS[code];
  if (status === 401 || status === 403) return "blocked";
  return status === 429 ? "rejected" : "error";
}
