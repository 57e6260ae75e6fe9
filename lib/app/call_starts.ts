import { toOriginFields } from "../activity/mod.ts";
import { originOf, type TrackSubject } from "../calls/mod.ts";
import type { CallContext } from "../calls/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { createAllowance } from "./allowance.ts";

const BURST = 100;
const PER_SECOND = 50;

/**
 * Tells of calls as they begin, for whoever watches; of more than a person can
 * follow nothing is told, since each will be told of again when it ends.
 * Arguments are left out: secrets are removed from them only later.
 */
export function createCallStarts(
  { bus, clock }: { readonly bus: EventBus; readonly clock: Clock },
): (subject: TrackSubject, context: CallContext) => void {
  const isRoom = createAllowance({ clock, burst: BURST, perSecond: PER_SECOND });
  return (subject, context) => {
    if (!isRoom()) return;
    const { server_name, tool_name, intent } = subject;
    const origin = toOriginFields(originOf(context));
    bus.publish("activity.tool_call.started", {
      type: "tool_call",
      server_name,
      tool_name,
      ...origin,
      intent: intent?.operation_type,
    });
  };
}
