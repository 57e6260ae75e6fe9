/**
 * What a sentence has, as numbers that weights are kept for: its words, their
 * order, classes of words in their order, the rules that it meets, where it
 * stands and whether it speaks of what its tool is about.
 *
 * @module
 */

import type { Occurrences } from "./lexicon.ts";
import { finish, hashOf, knowWord, OTHER, OWN } from "./likeness_words.ts";
import type { Token } from "./tokens.ts";

/** Where a sentence stands; odd sentences are odder in some places. */
export type Place = "opening" | "description" | "parameter" | "value";

/** A rule that a text meets, and whether what surrounds it speaks against that. */
export interface MetRule {
  readonly id: string;
  readonly family: string;
  readonly first: number;
  /** What is left of its weight there. */
  readonly weight: number;
  readonly isWeak: boolean;
}

/** A text that was read. */
export interface Sentences {
  readonly tokens: readonly Token[];
  readonly found: Occurrences;
  readonly met: readonly MetRule[];
  /** Of `numbersOf`. */
  readonly numbers: readonly number[];
  readonly place: Place;
  /** Names of the own tools and parameters. */
  readonly names?: ReadonlySet<string>;
  /** Stems of the name and the first sentence of the tool; absent where they are not compared. */
  readonly own?: ReadonlySet<string>;
  /** Numbers of the tokens that are names by the way they are written: quoted alone, or in camel case. */
  readonly written: ReadonlySet<number>;
  /** Words of the name of the parameter that the text describes. */
  readonly asked: readonly string[];
  /** What the rules come to in the whole text. */
  readonly said: number;
}

/** Kinds of features; each has numbers of its own. */
const WORD = 1;
const PAIR = 2;
const TRIPLE = 3;
const SKIP = 4;
const CLASS = 5;
const RULE = 6;
const FAMILY = 7;
const PLACE = 8;
const POSITION = 9;
const NOVELTY = 10;
const FAR = 11;
const ASKED = 12;
const SUM = 13;

function mix(kind: number, a: number, b = 0, c = 0): number {
  let hash = Math.imul(kind, 0x9e3779b1) ^ a;
  hash = Math.imul(hash, 0x85ebca6b) ^ (hash >>> 13) ^ b;
  hash = Math.imul(hash, 0xc2b2ae35) ^ (hash >>> 16) ^ c;
  // The kind stays readable.
  return finish(hash) & ~15 | kind;
}

/** Takes what a sentence has: its number, the number of the feature. */
export type Take = (sentence: number, feature: number) => void;

/**
 * Lists what each sentence has, once for each time that it has it; each feature
 * in the order of the sentences. Linear.
 */
export function visitFeatures(read: Sentences, take: Take): void {
  visitWords(read, take);
  visitClasses(read, take);
  for (const { id, family, first, isWeak } of read.met) {
    const sentence = read.numbers[first] ?? 0;
    take(sentence, mix(RULE, hashOf(id), isWeak ? 1 : 0));
    if (!isWeak) take(sentence, mix(FAMILY, hashOf(family)));
  }
  visitPlaces(read, take);
  visitAsked(read, take);
  visitSums(read, take);
}

/** What stands before the first word of a sentence, and behind the last one. */
const EDGE = hashOf("<edge>");

function visitWords({ tokens, numbers, names, written }: Sentences, take: Take): void {
  let [sentence, one, two] = [-1, EDGE, EDGE];
  for (let index = 0; index < tokens.length; index++) {
    const word = tokens[index]?.word ?? "";
    const number = numbers[index] ?? 0;
    if (number !== sentence) {
      if (sentence >= 0) take(sentence, mix(PAIR, one, EDGE));
      [sentence, one, two] = [number, EDGE, EDGE];
    }
    const { stem, content, isName, symbol: known, far } = knowWord(word);
    if (stem !== "") take(number, mix(WORD, content));
    const symbol = isName || written.has(index) ? names?.has(word) === true ? OWN : OTHER : known;
    if (symbol !== 0) {
      take(number, mix(PAIR, one, symbol));
      take(number, mix(TRIPLE, two, one, symbol));
      if (two !== EDGE) take(number, mix(SKIP, two, symbol));
    } else if (far !== 0) {
      take(number, mix(FAR, far));
      take(number, mix(FAR, one, far));
      take(number, mix(FAR, two, one, far));
    } else continue;
    [two, one] = [one, symbol === 0 ? far : symbol];
  }
}

function visitClasses({ numbers, found }: Sentences, take: Take): void {
  for (const [name, places] of found) {
    let last = -1;
    const hash = hashOf(name);
    for (const { first } of places) {
      const number = numbers[first] ?? 0;
      if (number !== last) take(number, mix(CLASS, hash));
      last = number;
    }
  }
}

/** Share of a sentence that its tool does not speak of, in steps. */
const STEPS = 4;
/** Sentences from this one on are late. */
const LATE = 6;

function visitPlaces({ tokens, numbers, place, own }: Sentences, take: Take): void {
  let start = 0;
  for (let index = 1; index <= tokens.length; index++) {
    if (index < tokens.length && numbers[index] === numbers[start]) continue;
    const number = numbers[start] ?? 0;
    const at = placeAt(place, tokens[start]?.sentence ?? 0);
    take(number, mix(PLACE, hashOf(at)));
    if (place === "opening") take(number, mix(POSITION, Math.min(number, LATE)));
    // A title or a text without a tool is read as what comes after an opening.
    if (place === "description") take(number, mix(POSITION, Math.min(number + 1, LATE)));
    if (own !== undefined && at === "description") {
      let [all, strange] = [0, 0];
      for (let word = start; word < index; word++) {
        const { stem } = knowWord(tokens[word]?.word ?? "");
        if (stem === "") continue;
        all++;
        if (!own.has(stem)) strange++;
      }
      take(number, mix(NOVELTY, all === 0 ? -1 : Math.floor(STEPS * strange / all)));
    }
    start = index;
  }
}

const MOST_ASKED = 5;

/** The name of a parameter is read with what is said of it. */
function visitAsked({ asked, place }: Sentences, take: Take): void {
  if (place !== "parameter" || asked.length === 0) return;
  let before = EDGE;
  for (const word of asked) {
    const { stem, content, symbol } = knowWord(word);
    if (stem !== "") take(0, mix(WORD, content));
    take(0, mix(ASKED, symbol));
    take(0, mix(ASKED, before, symbol));
    before = symbol;
  }
  take(0, mix(ASKED, before, EDGE));
  take(0, mix(ASKED, Math.min(MOST_ASKED, asked.length), 1, 1));
}

/** Numbers of how many families a sentence meets, of what they come to in it, and in the whole text. */
const FAMILIES = range(5).map((count) => mix(SUM, count));
const IN_SENTENCE = range(10).map((halves) => mix(SUM, 20 + halves));
const IN_TEXT = range(10).map((halves) => mix(SUM, 40 + halves));

function range(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, number) => number);
}

/** The feature of a count; beyond the last one, that. */
function atMost(features: readonly number[], count: number): number {
  return features[Math.min(features.length - 1, count)] ?? 0;
}

/** How many families of rules a sentence meets, and what those come to, in halves. */
function visitSums({ met, numbers, said }: Sentences, take: Take): void {
  const sums: { readonly families: Set<string>; weight: number }[] = [];
  for (const { family, first, isWeak, weight } of met) {
    const sum = sums[numbers[first] ?? 0] ??= { families: new Set(), weight: 0 };
    sum.weight += weight;
    if (!isWeak) sum.families.add(family);
  }
  const whole = atMost(IN_TEXT, Math.round(2 * said));
  const last = numbers.at(-1) ?? -1;
  for (let number = 0; number <= last; number++) {
    const { families, weight } = sums[number] ?? NONE;
    take(number, atMost(FAMILIES, families.size));
    take(number, atMost(IN_SENTENCE, Math.round(2 * weight)));
    take(number, whole);
  }
}

const NONE = { families: new Set<string>(), weight: 0 };

/** A description says in its first sentence what the tool does. */
export function placeAt(place: Place, sentence: number): Place {
  return place === "opening" && sentence > 0 ? "description" : place;
}
