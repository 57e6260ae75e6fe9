import { type Activity, recordChange } from "../activity/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Runtime, TrustChange } from "../runtime/mod.ts";

/** Who hears of decisions. */
export interface TrustNewsOptions {
  readonly runtime: Pick<Runtime, "trust">;
  readonly bus: EventBus;
  readonly activity: Pick<Activity, "record">;
}

/** Tells of each decision about what servers show, and puts it on record; no text of a server is in it. */
export function tellOfTrust({ runtime, bus, activity }: TrustNewsOptions): Disposable {
  return runtime.trust.onChange((server, kind, changes) => {
    const told = changes.map((change) => ({ change, action: actionOf(change) }));
    // What a server was let in with is one fact, however much it is.
    const single = told.filter(({ action }) => action !== "auto-baseline");
    for (const { change, action } of single) {
      const { from, to } = change;
      const details = {
        kind,
        status: to.blocked ? "blocked" : to.status,
        reason: to.reason,
        old_hash: from?.approvedHash,
        new_hash: to.currentHash,
        by: to.approvedBy,
      };
      recordChange(activity, { type: "tool_quarantine_change", action, server, tool: to.name, details });
      bus.publish("activity.tool_quarantine_change", {
        server_name: server,
        tool_name: to.name,
        action,
        ...details,
      });
    }
    const more = told.length - single.length;
    if (more > 0) {
      const details = { kind, count: more, reason: "auto-baseline" };
      recordChange(activity, { type: "tool_quarantine_change", action: "auto-baseline", server, details });
      bus.publish("activity.tool_quarantine_change", {
        server_name: server,
        action: "auto-baseline",
        ...details,
      });
    }
    if (changes.length > 0) tellOfScan({ runtime, bus }, server);
  });
}

function actionOf({ to }: TrustChange): string {
  if (to.blocked) return "reject";
  if (to.status === "approved") return to.reason === "user" ? "approve" : to.reason;
  return to.status === "changed" ? "changed" : "pending";
}

function tellOfScan({ runtime, bus }: Pick<TrustNewsOptions, "runtime" | "bus">, server: string): void {
  const notes = runtime.trust.entries(server).flatMap(({ scan }) => scan === undefined ? [] : [scan]);
  const count = (verdict: string) => notes.filter((note) => note.verdict === verdict).length;
  const [hold, review] = [count("hold"), count("review")];
  bus.publish("security.scan_settled", {
    server_name: server,
    status: hold > 0 ? "dangerous" : review > 0 ? "warnings" : "clean",
    findings_summary: { dangerous: hold, warning: review, clean: count("clean"), total: notes.length },
  });
}
