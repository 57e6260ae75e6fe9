import { type Activity, recordChange } from "../activity/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { isDecision, toTrustRecord } from "../management/mod.ts";
import type { Runtime } from "../runtime/mod.ts";

/** Who hears of decisions. */
export interface TrustNewsOptions {
  readonly runtime: Pick<Runtime, "trust">;
  readonly bus: EventBus;
  readonly activity: Pick<Activity, "record">;
}

/**
 * Puts on record what the rules have decided about what servers show, and
 * tells of scans. What a person has decided is on record with who it was.
 */
export function tellOfTrust({ runtime, bus, activity }: TrustNewsOptions): Disposable {
  return runtime.trust.onChange((server, kind, changes) => {
    const told = changes.filter((change) => !isDecision(change)).map((one) => toTrustRecord(server, one));
    // What a server was let in with is one fact, however much it is.
    const single = told.filter(({ action }) => action !== BASELINE);
    for (const change of single) recordChange(activity, change);
    const count = told.length - single.length;
    if (count > 0) {
      const details = { kind, count, reason: BASELINE };
      recordChange(activity, { type: "tool_quarantine_change", action: BASELINE, server, details });
    }
    if (changes.length > 0) tellOfScan({ runtime, bus }, server);
  });
}

const BASELINE = "auto-baseline";

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
