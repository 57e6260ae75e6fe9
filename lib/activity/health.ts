import type { ActivityHealth, GatewayError } from "../contracts/mod.ts";
import type { RecordIndex } from "./record_index.ts";

/** What is known of the state of the record of activity. */
export interface HealthFacts {
  readonly path: string;
  readonly state: "opening" | "open" | "off";
  /** Why it is off, or why the last write failed. */
  readonly failure: GatewayError | undefined;
  readonly pending: number;
  readonly lost: number;
  /** Removed since the start though not old. */
  readonly early: number;
  readonly unreadable: number;
  readonly setAside: string | undefined;
  readonly index: RecordIndex | undefined;
}

/** Puts the state of the record of activity into words; the most urgent matter comes first. Pure. */
export function toHealth(facts: HealthFacts): ActivityHealth {
  const { pending, lost, early, unreadable, setAside, index } = facts;
  return {
    ...toWords(facts),
    records: index?.extent.records ?? 0,
    size_bytes: index?.extent.sizeBytes ?? 0,
    pending,
    lost,
    removed_early: early,
    unreadable,
    ...oldestOf(index),
    ...(setAside === undefined ? {} : { set_aside: setAside }),
  };
}

function toWords(facts: HealthFacts): Pick<ActivityHealth, "level" | "summary" | "remedy"> {
  const { path, state, failure, lost, early, unreadable, setAside } = facts;
  if (state === "opening") return { level: "opening", summary: "The record of activity is being read" };
  if (failure !== undefined) {
    const level = state === "off" ? "off" : "degraded";
    const summary = state === "off" ? `${failure.message}; activity is not recorded` : failure.message;
    return { level, summary, remedy: failure.remedy };
  }
  if (lost > 0) {
    return {
      level: "degraded",
      summary: `${lost} records of activity were lost since the start`,
      remedy: "See the log for why; a slow or full disk is the usual cause",
    };
  }
  if (setAside !== undefined) {
    return {
      level: "degraded",
      summary: `Activity "${path}" was found damaged; a new record of activity has begun`,
      remedy: `Keep or remove ${setAside} and the files named like it`,
    };
  }
  if (unreadable > 0) {
    return {
      level: "degraded",
      summary: `${unreadable} records of activity cannot be read and are left out`,
      remedy: `Stop mcpproxy and move ${path} away if there are more and more of them`,
    };
  }
  if (early > 0) {
    return {
      level: "healthy",
      summary: `All activity is saved or on its way; ${early} of the oldest records went before their time`,
      remedy: 'Raise "activity_max_records" or "activity_max_size_mb", or see what there is so much of: ' +
        "mcpproxy activity summary",
    };
  }
  return { level: "healthy", summary: "All activity is saved or on its way" };
}

function oldestOf(index: RecordIndex | undefined): { readonly oldest?: string } {
  const place = index?.place(index.floor);
  const at = place?.page.at[place.row];
  return at === undefined ? {} : { oldest: new Date(at).toISOString() };
}
