/**
 * A table of weights by the numbers of their features, and its text: for each,
 * four bytes of the number and one of the weight, as base64.
 *
 * @module
 */

/** Steps of a weight to one. */
const STEPS = 24;
const BYTES = 5;
/** Places for each weight; more leave shorter ways. */
const ROOM = 3;

/** Writes a table. Weights beyond ±5 are cut. */
export function toText(weights: ReadonlyMap<number, number>): string {
  const bytes = new DataView(new ArrayBuffer(weights.size * BYTES));
  const sorted = [...weights].sort(([a], [b]) => a - b);
  for (const [index, [feature, weight]] of sorted.entries()) {
    bytes.setInt32(index * BYTES, feature);
    bytes.setInt8(index * BYTES + 4, Math.max(-127, Math.min(127, Math.round(weight * STEPS))));
  }
  return new Uint8Array(bytes.buffer).toBase64();
}

/** Weights ready to be looked up. */
export interface WeightTable {
  /**
   * The weight of a feature; 0 if there is none, or if it was asked for with
   * the same mark the last time: what a sentence has twice counts once.
   */
  weigh(feature: number, mark: number): number;
}

/** Reads a table. */
export function readTable(text: string): WeightTable {
  const bytes = new DataView(Uint8Array.fromBase64(text).buffer);
  const count = Math.floor(bytes.byteLength / BYTES);
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, count * ROOM)));
  const features = new Int32Array(size);
  const weights = new Float32Array(size);
  const marks = new Int32Array(size);
  for (let index = 0; index < count; index++) {
    const feature = bytes.getInt32(index * BYTES);
    let at = feature >>> 4 & size - 1;
    while (features[at] !== 0) at = at + 1 & size - 1;
    features[at] = feature;
    weights[at] = bytes.getInt8(index * BYTES + 4) / STEPS;
  }
  return {
    weigh(feature, mark) {
      for (let at = feature >>> 4 & size - 1;; at = at + 1 & size - 1) {
        const known = features[at];
        if (known === 0) return 0;
        if (known !== feature) continue;
        if (marks[at] === mark) return 0;
        marks[at] = mark;
        return weights[at] ?? 0;
      }
    },
  };
}
