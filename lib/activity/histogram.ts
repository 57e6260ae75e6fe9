/** Durations by bucket, fewest first: pairs of bucket and count. */
export type Histogram = ReadonlyMap<number, number>;

/** Buckets per doubling: the middle of one is within 4.5 % of everything in it. */
const PER_DOUBLING = 8;
const SHORTEST_MS = 0.01;
/** Holds an hour; whatever takes longer counts as that long. */
const LAST_BUCKET = 230;

/** Bucket of a duration; always the same for the same duration. */
export function bucketOf(durationMs: number): number {
  if (!(durationMs > SHORTEST_MS)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log2(durationMs / SHORTEST_MS) * PER_DOUBLING));
}

/** Adds durations to others, in place. */
export function addHistogram(sum: Map<number, number>, other: Histogram): void {
  for (const [bucket, count] of other) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
}

/**
 * Finds the duration that a share of all durations does not exceed.
 *
 * @param share From 0 to 1.
 * @returns Milliseconds, within 5 % of the true value; `undefined` without durations.
 */
export function quantile(histogram: Histogram, share: number): number | undefined {
  const total = histogram.values().reduce((sum, count) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return toMs(bucket);
  }
  return undefined;
}

function toMs(bucket: number): number {
  const middle = bucket === 0 ? 0 : SHORTEST_MS * 2 ** ((bucket - 0.5) / PER_DOUBLING);
  return Number(middle.toPrecision(3));
}
