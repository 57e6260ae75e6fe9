/**
 * Works out weights of what sentences have, from definitions of which only some
 * sentences are poisoned.
 *
 * @module
 */

import { createRandom } from "./likeness_rows.ts";

/** What a sentence has, and whether it may be the poisoned one at first. */
export interface Sentence {
  readonly features: readonly number[];
  readonly said: number;
  readonly isOpening: boolean;
  readonly isMarked: boolean;
}

export interface Bag {
  readonly set: string;
  readonly server: string;
  readonly sentences: readonly Sentence[];
  readonly weight: number;
}

const [RATE, BASE_RATE] = [0.03, 0.003];
const DECAY = 0.001;
const LEAST_COUNT = 3;
const START = -3;
const ROUNDS = 3;
const PASSES = 2;
/** A slope that teaches nothing. */
const FLAT = 1e-4;

/** What was worked out. */
export interface Model {
  readonly weights: Map<number, number>;
  readonly base: number;
}

interface Example {
  readonly features: Int32Array;
  readonly label: number;
  readonly weight: number;
}

/** Works the weights out by logistic regression over bags: of a poisoned definition, the marked or the worst sentences are the poisoned ones. */
export function train(poisoned: readonly Bag[], honest: readonly Bag[]): Model {
  const index = new Map(countsOf([...poisoned, ...honest]).map((feature, at) => [feature, at]));
  const weights = new Float64Array(index.size);
  const squares = new Float64Array(index.size).fill(1e-8);
  let base = START;
  const cut = ({ features }: Sentence) =>
    Int32Array.from(features.flatMap((feature) => index.get(feature) ?? []));
  const oddsOf = (features: Int32Array) => {
    let odds = base;
    for (const feature of features) odds += weights[feature] ?? 0;
    return odds;
  };
  const negatives = honest.flatMap(({ sentences, weight }) =>
    sentences.map((sentence): Example => ({ features: cut(sentence), label: 0, weight }))
  );
  const random = createRandom(7);
  for (let round = 0; round < ROUNDS; round++) {
    const positives = poisoned.flatMap(({ sentences, weight }) =>
      guess(sentences.map((sentence) => ({ ...sentence, features: cut(sentence) })), round, oddsOf)
        .map(({ features, share }): Example => ({ features, label: 1, weight: weight * share }))
    );
    const examples = [...negatives, ...positives];
    for (let pass = 0; pass < PASSES; pass++) {
      shuffle(examples, random);
      for (const { features, label, weight } of examples) {
        const chance = 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, oddsOf(features)))));
        const slope = (chance - label) * weight;
        if (Math.abs(slope) < FLAT) continue;
        for (const feature of features) {
          const gradient = slope + DECAY * (weights[feature] ?? 0);
          const square = (squares[feature] ?? 0) + gradient * gradient;
          squares[feature] = square;
          weights[feature] = (weights[feature] ?? 0) - RATE * gradient / Math.sqrt(square);
        }
        base -= BASE_RATE * slope;
      }
    }
  }
  return { weights: new Map([...index].map(([feature, at]) => [feature, weights[at] ?? 0])), base };
}

/** Features that enough definitions have. */
function countsOf(bags: readonly Bag[]): number[] {
  const counts = new Map<number, number>();
  for (const { sentences } of bags) {
    for (const feature of new Set(sentences.flatMap(({ features }) => features))) {
      counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([feature, count]) => count >= LEAST_COUNT ? [feature] : []);
}

/** A sentence with the numbers of its features. */
interface Cut extends Omit<Sentence, "features"> {
  readonly features: Int32Array;
}

/** Which sentences are the poisoned ones, as far as is known by now. */
function guess(
  sentences: readonly Cut[],
  round: number,
  oddsOf: (features: Int32Array) => number,
): readonly { readonly features: Int32Array; readonly share: number }[] {
  const marked = sentences.filter(({ isMarked }) => isMarked);
  const share = (list: readonly Cut[]) =>
    list.map(({ features }) => ({ features, share: 1 / Math.sqrt(list.length) }));
  if (marked.length > 0) return share(marked);
  if (round === 0) {
    const later = sentences.filter(({ isOpening }) => !isOpening);
    return share(later.length > 0 ? later : sentences);
  }
  const [worst, second] = sentences.toSorted((a, b) => oddsOf(b.features) - oddsOf(a.features));
  return [
    ...worst === undefined ? [] : [{ features: worst.features, share: 1 }],
    ...second !== undefined && oddsOf(second.features) > 0 ? [{ features: second.features, share: 0.5 }] : [],
  ];
}

function shuffle(examples: Example[], random: () => number): void {
  for (let index = examples.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [a, b] = [examples[index], examples[other]];
    if (a !== undefined && b !== undefined) [examples[index], examples[other]] = [b, a];
  }
}
