import type { ToolRef } from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { holdOf, type HoldStatus } from "./hold.ts";
import { isAllowed } from "./inventory.ts";
import { type AnnotationFilters, omittedBy } from "./risk.ts";

/** Whether a tool could be called now, and if not, why and what to do. */
export interface ToolCheck {
  readonly id: string;
  readonly status: "ready" | "blocked" | "not_found";
  readonly reason?: string;
  readonly retryable?: boolean;
  readonly action?: string;
  readonly detail?: string;
}

const HOLDS: Readonly<Record<HoldStatus, string>> = {
  pending_approval: "tool_pending_approval",
  changed: "tool_changed",
  blocked: "tool_blocked_by_user",
};

/** Checks a tool without calling it. Pure over the view; never wakes a server. */
export function checkTool(runtime: Runtime, ref: ToolRef, filters: AnnotationFilters): ToolCheck {
  const id = `${ref.server}:${ref.tool}`;
  const record = runtime.view().servers.get(ref.server);
  if (record === undefined) {
    return { id, status: "not_found", reason: "not_found", retryable: false, action: "configure" };
  }
  const blocked = (reason: string, action: string, retryable = false, detail?: string): ToolCheck => ({
    id,
    status: "blocked",
    reason,
    retryable,
    action,
    ...(detail === undefined ? {} : { detail }),
  });
  if (!record.config.enabled) return blocked("server_disabled", "enable");
  if (record.quarantined) return blocked("server_quarantined", "approve");
  if (!isAllowed(record.config, ref.tool)) return blocked("tool_denied_by_config", "configure");
  const listed = runtime.catalogue.get(ref.server);
  const { state } = record.state;
  if (listed === undefined && state !== "ready" && state !== "failed" && state !== "backoff") {
    return blocked("server_initializing", "none", true);
  }
  if (state === "failed" || state === "backoff") {
    return blocked("server_unhealthy", "view_logs", true, record.lastError?.message);
  }
  const definition = listed?.byName.get(ref.tool);
  const hold = holdOf(runtime, ref.server, ref.tool);
  if (hold !== undefined) return blocked(HOLDS[hold], hold === "blocked" ? "enable" : "approve");
  if (definition === undefined) {
    return { id, status: "not_found", reason: "not_found", retryable: false, action: "configure" };
  }
  const out = omittedBy(definition.annotations, filters);
  if (out?.why === "missing_annotation") return blocked("missing_annotation", "configure");
  if (out !== undefined) return blocked("policy_filtered", "none");
  return { id, status: "ready" };
}

/** Sums several checks up; the worst wins. */
export function verdictOf(
  checks: readonly ToolCheck[],
): "ready" | "degraded_retryable" | "blocked" | "unknown_ids" {
  if (checks.some(({ status }) => status === "not_found")) return "unknown_ids";
  const blocked = checks.filter(({ status }) => status === "blocked");
  if (blocked.length === 0) return "ready";
  return blocked.every(({ retryable }) => retryable === true) ? "degraded_retryable" : "blocked";
}
