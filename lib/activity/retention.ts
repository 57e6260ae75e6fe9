import type { RecordIndex } from "./record_index.ts";

const DAY_MS = 86_400_000;
const MB = 1_000_000;

/** How much activity is kept; 0 means no limit. */
export interface ActivityLimits {
  /** Config key `activity_retention_days`. */
  readonly retentionDays: number;
  /** Config key `activity_max_records`. */
  readonly maxRecords: number;
  /** Config key `activity_max_size_mb`. */
  readonly maxSizeMb: number;
  /** Config key `activity_max_response_size`: bytes of arguments, and of a response; 0 keeps none of them. */
  readonly maxPayloadBytes: number;
  /** Config key `activity_cleanup_interval_min`; 0 counts as 1. */
  readonly cleanupMinutes: number;
}

/** A number of records that goes in one step. */
export interface RetentionStep {
  /** All records below this one go. */
  readonly floor: number;
  /** How many of them are not old: there is no room for them any more. */
  readonly early: number;
}

/** How a step is to be planned. */
export interface RetentionOptions {
  readonly limits: ActivityLimits;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Only records below this one are durable, and can be removed. */
  readonly durable: number;
  /** Values that one step may remove at most. */
  readonly maxValues: number;
}

/** Epoch milliseconds before which activity is too old; `undefined` if none ever is. */
export function oldestKept({ retentionDays }: ActivityLimits, now: number): number | undefined {
  return retentionDays === 0 ? undefined : now - retentionDays * DAY_MS;
}

/**
 * Plans the next step of removing what is too old or too much, oldest first.
 * Pure.
 *
 * @returns `undefined` if nothing needs to go.
 */
export function planRetention(index: RecordIndex, options: RetentionOptions): RetentionStep | undefined {
  const { durable, maxValues } = options;
  const oldest = oldestKept(options.limits, options.now);
  let { records, sizeBytes } = overLimits(index, options.limits);
  let floor = index.floor;
  let early = 0;
  for (let values = 0; floor < durable && values < maxValues; floor++) {
    const place = index.place(floor);
    if (place === undefined) continue;
    const { page, row } = place;
    const isOld = oldest !== undefined && (page.at[row] ?? 0) < oldest;
    if (!isOld && records <= 0 && sizeBytes <= 0) break;
    if (!isOld) early++;
    records--;
    sizeBytes -= page.sizes[row] ?? 0;
    values += 1 + (page.chunks[row] ?? 0);
  }
  return floor === index.floor ? undefined : { floor, early };
}

/** Tells by how much the limits of count and size are exceeded; not above 0 if they are not. */
export function overLimits(
  { extent }: RecordIndex,
  { maxRecords, maxSizeMb }: ActivityLimits,
): { readonly records: number; readonly sizeBytes: number } {
  return {
    records: maxRecords === 0 ? 0 : extent.records - maxRecords,
    sizeBytes: maxSizeMb === 0 ? 0 : extent.sizeBytes - maxSizeMb * MB,
  };
}
