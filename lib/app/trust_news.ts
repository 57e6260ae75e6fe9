import { type Activity, recordChange } from "../activity/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { isDecision, toScanSettled, toTrustRecord } from "../management/mod.ts";
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
    if (changes.length === 0) return;
    bus.publish("security.scan_settled", toScanSettled(server, runtime.trust.entries(server)));
  });
}

const BASELINE = "auto-baseline";
