/**
 * How much a sentence is like the orders of poisoned descriptions. Rules and
 * frames know what is said; this adds up what is left: hundreds of words and
 * classes, each of which says next to nothing, with weights that were worked
 * out from labelled definitions (`tests/bench/likeness_train.ts`).
 *
 * @module
 */

import type { Occurrences } from "./lexicon.ts";
import { LIKENESS_BASE, LIKENESS_WEIGHTS } from "./likeness_weights.ts";
import type { Match } from "./match.ts";
import { numbersOf } from "./stretches.ts";
import type { Token } from "./tokens.ts";

/** Where a sentence stands; odd sentences are odder in some places. */
export type Place = "opening" | "description" | "parameter" | "elsewhere";

/** A stretch of text and what it has. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly features: ReadonlySet<string>;
}

/** A shorter one says too little. */
const LEAST = 4;
/** Words that say how somebody writes and not what. */
const COMMON = new Set(
  ("a an and are as at be been but by can could did do does for from had has have he her his if in into is it its just me " +
    "may might my no nor of on or our out own she so some such than that the their them then there these they this those to too " +
    "under up us very was we were what when where which while who why will with would you your shall ought must should not " +
    "also via per any all one two").split(" "),
);
const WORD = /^[a-z\u00c0-\u024f]{3,24}$/;
const ENDINGS = ["ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ments", "ment"];

function stemOf(word: string): string {
  const ending = ENDINGS.find((end) => word.endsWith(end) && word.length - end.length >= 3) ?? "";
  const stem = word.slice(0, word.length - ending.length);
  return stem.endsWith("e") && stem.length > 4 ? stem.slice(0, -1) : stem;
}

/**
 * Cuts a text into sentences and lists what each has: its words, `w:send`, the
 * classes in it, `c:secret`, and its place, `p:parameter`. Linear.
 */
export function stretchesOf(tokens: readonly Token[], found: Occurrences, place: Place): Stretch[] {
  const numbers = numbersOf(tokens);
  const stretches: { first: number; last: number; features: Set<string> }[] = [];
  for (const [index, { word, sentence }] of tokens.entries()) {
    const number = numbers[index] ?? 0;
    const stretch = stretches[number] ??= {
      first: index,
      last: index,
      features: new Set([`p:${placeAt(place, sentence)}`]),
    };
    stretch.last = index;
    const feature = featureOf(word);
    if (feature !== "") stretch.features.add(feature);
  }
  for (const [name, places] of found) {
    for (const { first } of places) stretches[numbers[first] ?? 0]?.features.add(`c:${name}`);
  }
  return stretches.filter(({ first, last }) => last - first + 1 >= LEAST);
}

/** Scores from which on a sentence counts, and what it can come to. */
const LEAST_SCORE = -0.5;
const MOST_WEIGHT = 5;
/** "These instructions are written for an agent" speaks to nobody: it says who is meant. */
const MEANT = new Set(["written", "intended", "meant"]);
const MEANT_LESS = 1.25;

/** Finds the sentence that is most like an order, with a weight that grows with the likeness. */
export function matchLikeness(tokens: readonly Token[], found: Occurrences, cut: Cut): Match[] {
  const { numbers } = cut;
  const scores = scoresOf(tokens, found, cut);
  let best = -1;
  for (const [number, score] of scores.entries()) {
    if (score > (scores[best] ?? LEAST_SCORE)) best = number;
  }
  if (best < 0) return [];
  const weight = Math.round(Math.min(MOST_WEIGHT, 0.5 + (scores[best] ?? 0) - LEAST_SCORE) * 100) / 100;
  const [first, last] = [numbers.indexOf(best), numbers.lastIndexOf(best)];
  return [{ rule: { id: LIKENESS_RULE, family: "likeness", weight, cross: 0, steps: [] }, first, last }];
}

/** How a text is cut, and where it stands. */
export interface Cut {
  /** Of {@link numbersOf}. */
  readonly numbers: readonly number[];
  readonly place: Place;
}

/** Score of each stretch: what {@link stretchesOf} lists, weighed without being listed. */
function scoresOf(tokens: readonly Token[], found: Occurrences, { numbers, place }: Cut): number[] {
  const scores: number[] = [];
  const lengths: number[] = [];
  const seen = new Map<string, number>();
  for (const [index, { word, sentence }] of tokens.entries()) {
    const number = numbers[index] ?? 0;
    if (number === scores.length) {
      scores.push(LIKENESS_BASE + (LIKENESS_WEIGHTS.get(`p:${placeAt(place, sentence)}`) ?? 0));
      lengths.push(0);
    }
    lengths[number] = (lengths[number] ?? 0) + 1;
    if (MEANT.has(word) && tokens[index + 1]?.word === "for") {
      scores[number] = (scores[number] ?? 0) - MEANT_LESS;
    }
    if (word.length < 3 || seen.get(word) === number) continue;
    seen.set(word, number);
    const name = featureOf(word);
    if (name === "" || seen.get(name) === number) continue;
    seen.set(name, number);
    scores[number] = (scores[number] ?? 0) + (LIKENESS_WEIGHTS.get(name) ?? 0);
  }
  for (const [name, places] of found) {
    const weight = LIKENESS_WEIGHTS.get(`c:${name}`) ?? 0;
    let last = -1;
    for (const { first } of weight === 0 ? [] : places) {
      const number = numbers[first] ?? 0;
      if (number !== last) scores[number] = (scores[number] ?? 0) + weight;
      last = number;
    }
  }
  return scores.map((score, number) => (lengths[number] ?? 0) < LEAST ? -Infinity : score);
}

function placeAt(place: Place, sentence: number): Place {
  return place === "opening" && sentence > 0 ? "description" : place;
}

const MAX_KNOWN = 50_000;
const features = new Map<string, string>();

/** `w:send` of "sending"; the empty text of a word that says nothing. Texts repeat their words, so they are kept. */
function featureOf(word: string): string {
  const known = features.get(word);
  if (known !== undefined) return known;
  const feature = WORD.test(word) && !COMMON.has(word) ? `w:${stemOf(word)}` : "";
  if (features.size >= MAX_KNOWN) features.clear();
  features.set(word, feature);
  return feature;
}

/** Id under which a sentence is found. */
export const LIKENESS_RULE = "likeness.sentence";
