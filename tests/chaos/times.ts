/** Prints how long something took; figures to read, not to assert. */
export function printTimes(what: string, timesMs: readonly number[]): void {
  const sorted = timesMs.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
}
