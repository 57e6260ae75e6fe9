/**
 * What a sentence has, as numbers that weights are kept for: its words, their
 * order, classes of words in their order, the rules that it meets, where it
 * stands and whether it speaks of what its tool is about.
 *
 * @module
 */

import type { Occurrences } from "./lexicon.ts";
import { isToolLike } from "./things.ts";
import type { Token } from "./tokens.ts";

/** Where a sentence stands; odd sentences are odder in some places. */
export type Place = "opening" | "description" | "parameter" | "value";

/** A rule that a text meets, and whether what surrounds it speaks against that. */
export interface MetRule {
  readonly id: string;
  readonly family: string;
  readonly first: number;
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

const MAX_KNOWN = 50_000;
const hashes = new Map<string, number>();

/** Number of a text; the same on every machine. */
export function hashOf(text: string): number {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = finish(hash);
  if (hashes.size >= MAX_KNOWN) hashes.clear();
  hashes.set(text, hash);
  return hash;
}

function finish(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

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
}

/** What stands before the first word of a sentence, and behind the last one. */
const EDGE = hashOf("<edge>");

function visitWords({ tokens, numbers, names }: Sentences, take: Take): void {
  let [sentence, one, two] = [-1, EDGE, EDGE];
  for (const [index, { word }] of tokens.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== sentence) {
      if (sentence >= 0) take(sentence, mix(PAIR, one, EDGE));
      [sentence, one, two] = [number, EDGE, EDGE];
    }
    const stem = contentStemOf(word);
    if (stem !== "") take(number, mix(WORD, hashOf(stem)));
    const symbol = symbolOf(word, names);
    if (symbol === 0) continue;
    take(number, mix(PAIR, one, symbol));
    take(number, mix(TRIPLE, two, one, symbol));
    if (two !== EDGE) take(number, mix(SKIP, two, symbol));
    [two, one] = [one, symbol];
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
        const stem = contentStemOf(tokens[word]?.word ?? "");
        if (stem === "") continue;
        all++;
        if (!own.has(stem)) strange++;
      }
      take(number, mix(NOVELTY, all === 0 ? -1 : Math.floor(STEPS * strange / all)));
    }
    start = index;
  }
}

/** A description says in its first sentence what the tool does. */
export function placeAt(place: Place, sentence: number): Place {
  return place === "opening" && sentence > 0 ? "description" : place;
}

const LATIN = /^[a-z\u00c0-\u024f'-]{1,24}$/;
const symbols = new Map<string, number>();

/** Number of a word in sequences; things count by what they are. 0 for what no sequence has. */
function symbolOf(word: string, names: ReadonlySet<string> | undefined): number {
  if (isToolLike(word)) return hashOf(names?.has(word) === true ? "<own>" : "<name>");
  const known = symbols.get(word);
  if (known !== undefined) return known;
  const symbol = word.includes("://")
    ? hashOf("<link>")
    : /^\d/.test(word)
    ? hashOf("<number>")
    : LATIN.test(word)
    ? hashOf(COMMON.has(word) ? word : stemOf(word))
    : 0;
  if (symbols.size >= MAX_KNOWN) symbols.clear();
  symbols.set(word, symbol);
  return symbol;
}

/** Words that hold sentences together. */
const COMMON = new Set(
  ("a an and are as at be been but by can could did do does for from had has have he her his if in into is it its just me " +
    "may might my no nor of on or our out own she so some such than that the their them then there these they this those to too " +
    "under up us very was we were what when where which while who why will with would you your shall ought must should not " +
    "also via per any all one two").split(" "),
);
const WORD_SHAPE = /^[a-z\u00c0-\u024f]{3,24}$/;
const ENDINGS = ["ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ments", "ment"];

function stemOf(word: string): string {
  const ending = ENDINGS.find((end) => word.endsWith(end) && word.length - end.length >= 3) ?? "";
  const stem = word.slice(0, word.length - ending.length);
  return stem.endsWith("e") && stem.length > 4 ? stem.slice(0, -1) : stem;
}

const stems = new Map<string, string>();

/** "send" of "sending"; empty for a word that says how somebody writes and not what. */
export function contentStemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = WORD_SHAPE.test(word) && !COMMON.has(word) ? stemOf(word) : "";
  if (stems.size >= MAX_KNOWN) stems.clear();
  stems.set(word, stem);
  return stem;
}
