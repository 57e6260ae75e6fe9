/**
 * A table of weights by the numbers of their features, and its text: for each,
 * how far its number is from the one before and a byte of weight, as base64.
 *
 * @module
 */

/** Steps of a weight to one. */
const STEPS = 24;
/** Bits of a number in one byte; the eighth says that more come. */
const BITS = 7;
const MORE = 2 ** BITS;
/** Places for each weight; more leave shorter ways. */
const ROOM = 1.5;
/** Bytes that most weights take at least, two of the number and one of the weight. */
const SHORTEST = 3;

/** Writes a table. Weights beyond ±5 are cut, and those that come to nothing left out. */
export function toText(weights: ReadonlyMap<number, number>): string {
  const bytes: number[] = [];
  let before = 0;
  const sorted = [...weights].map(([feature, weight]) => [feature >>> 0, Math.round(weight * STEPS)] as const)
    .filter(([, steps]) => steps !== 0).sort(([a], [b]) => a - b);
  for (const [feature, steps] of sorted) {
    let rest = feature - before;
    for (; rest >= MORE; rest = Math.floor(rest / MORE)) bytes.push(rest % MORE + MORE);
    bytes.push(rest, Math.max(-127, Math.min(127, steps)) & 0xff);
    before = feature;
  }
  return Uint8Array.from(bytes).toBase64();
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
  const bytes = Uint8Array.fromBase64(text);
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, bytes.length / SHORTEST * ROOM)));
  const features = new Int32Array(size);
  const weights = new Float32Array(size);
  const marks = new Int32Array(size);
  let number = 0;
  for (let index = 0; index < bytes.length; index++) {
    for (let unit = 1;; unit *= MORE) {
      const byte = bytes[index++] ?? 0;
      number += byte % MORE * unit;
      if (byte < MORE) break;
    }
    const feature = number | 0;
    let at = feature >>> 4 & size - 1;
    while (features[at] !== 0) at = at + 1 & size - 1;
    features[at] = feature;
    weights[at] = ((bytes[index] ?? 0) << 24 >> 24) / STEPS;
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
