import type { ActivityRecord } from "../contracts/mod.ts";
import type { Activity, Head } from "../activity/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { createAllowance } from "./allowance.ts";

/** Events that may come at once; more of them are only counted. */
const BURST = 100;
/** So many a second go on for as long as it takes. */
const PER_SECOND = 50;
const MAX_MESSAGE = 200;

/** Records of these may come by the thousand; of all others every one is told. */
const MANY: ReadonlySet<ActivityRecord["type"]> = new Set([
  "tool_call",
  "internal_tool_call",
  "policy_decision",
  "prompt_get",
  "resource_read",
  "server_change",
]);

/**
 * Tells records of activity as events, with little of what is in them. Calls
 * may come faster than anyone can read, and must not push other events out of
 * what is kept for readers that come back: what is more than a person could
 * follow is counted, and the count is told.
 */
export function publishActivity(
  { activity, bus, clock }: { readonly activity: Activity; readonly bus: EventBus; readonly clock: Clock },
): Disposable {
  const isRoom = createAllowance({ clock, burst: BURST, perSecond: PER_SECOND });
  let skipped = 0;

  function tellSkipped(): void {
    if (skipped === 0) return;
    bus.publish("activity.skipped", { count: skipped });
    skipped = 0;
  }

  const timer = clock.every(1_000, tellSkipped);
  const subscription = activity.subscribe((record) => {
    if (MANY.has(record.type) && !isRoom()) return void skipped++;
    bus.publish(eventNameOf(record), toPayload(record));
  });
  return {
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      subscription[Symbol.dispose]();
    },
  };
}

/** Names the event of a record. Pure. */
export function eventNameOf({ type, status }: Pick<Head, "type" | "status">): string {
  switch (type) {
    case "tool_call":
      return `activity.tool_call.${status === "rejected" ? "rejected" : "completed"}`;
    case "internal_tool_call":
    case "prompt_get":
    case "resource_read":
      return `activity.${type}.completed`;
    case "system_start":
    case "system_stop":
      return `activity.${type.replace("_", ".")}`;
    default:
      return `activity.${type}`;
  }
}

/** What an event tells of a record; who wants more asks for the record. */
function toPayload(record: Head): Readonly<Record<string, unknown>> {
  const { metadata, intent, error_message: message, timestamp: _at, detection_types: _types, ...rest } =
    record;
  const { action, decision, reason, scope, limit, retry_after_ms } = metadata ?? {};
  return {
    ...rest,
    error_message: message?.slice(0, MAX_MESSAGE),
    intent: intent?.operation_type,
    action,
    decision,
    reason,
    // Which limit has turned a call away.
    scope,
    limit,
    retry_after_ms,
    // A decision about a definition is told with its hashes; there is no text of a server among them.
    ...(rest.type === "tool_quarantine_change" ? metadata : {}),
  };
}
