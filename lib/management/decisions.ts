import type { Change } from "../activity/mod.ts";
import type { TrustChange } from "../runtime/mod.ts";

/** Tells whether a person has decided this, and not the rules. */
export function isDecision({ to }: TrustChange): boolean {
  return to.blocked || (to.status === "approved" && to.reason === "user");
}

/** Writes what has become of a definition as records have it; no text of a server is in it. Pure. */
export function toTrustRecord(server: string, { from, to }: TrustChange): Change {
  return {
    type: "tool_quarantine_change",
    action: actionOf(to),
    server,
    tool: to.name,
    details: {
      kind: to.kind,
      status: to.blocked ? "blocked" : to.status,
      reason: to.reason,
      old_hash: from?.approvedHash,
      new_hash: to.currentHash,
      ...(to.kind === "package" ? versionsOf(from, to) : {}),
      by: to.approvedBy,
    },
  };
}

/** Versions as a registry gave them; they are checked where they are read. */
function versionsOf(from: TrustChange["from"], { currentDefinition: { version } }: TrustChange["to"]) {
  return { old_version: from?.approvedDefinition?.version, new_version: version };
}

function actionOf({ blocked, status, reason }: TrustChange["to"]): string {
  if (blocked) return "reject";
  if (status === "approved") return reason === "user" ? "approve" : reason;
  return status === "changed" ? "changed" : "pending";
}
