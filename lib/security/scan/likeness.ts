/**
 * How much a sentence is like the orders of poisoned descriptions. Rules and
 * frames know what is said; this weighs them together with what is left, the
 * words and their order, each of which says next to nothing. The weights were
 * worked out from labelled definitions (`tests/bench/likeness_train.ts`).
 *
 * @module
 */

import { placeOf } from "./context.ts";
import type { ReadText } from "./read_text.ts";
import type { Field } from "./fields.ts";
import { HOLD_SCORE, REVIEW_SCORE } from "./finding.ts";
import { type Sentences, visitFeatures } from "./likeness_features.ts";
import { readTable } from "./likeness_table.ts";
import { LIKENESS_BASE, LIKENESS_TEXT } from "./likeness_weights.ts";

/** Id under which a sentence is found. */
export const LIKENESS_RULE = "likeness.sentence";

/** What a text comes to by its worst sentence. */
export interface Likeness {
  /** On the scale of `REVIEW_SCORE` and `HOLD_SCORE`; 0 and less for what is like too little. */
  readonly score: number;
  /** Numbers of the first and the last token. */
  readonly first: number;
  readonly last: number;
}

/** A shorter one says too little, in tokens, the name of the parameter that it is about included. */
export const LEAST_TOKENS = 3;
/**
 * Odds, as logarithms, from which on a person should look and from which on a
 * definition is held: so many honest definitions that the weights were not
 * worked out from are above them (tests/bench/README.md).
 */
export const LOOK_ODDS = 0.3;
export const HOLD_ODDS = 2.5;
/** What the rules have added up to across sentences counts a little beside. */
const SAID_SHARE = 0.15;
const MOST_SAID = 4;
/** What rules come to beyond this counts more where the likeness alone would have somebody look: both agree. */
const ENOUGH_SAID = 3;
const MOST_AGREED = 3;
const AGREED_SHARE = 0.3;
/** A lower score is that of most honest sentences, and adds nothing to what else is found. */
const LEAST_SCORE = 0.75;
const SCALE = (HOLD_SCORE - REVIEW_SCORE) / (HOLD_ODDS - LOOK_ODDS);

/** What the features of a text are read from. */
export function toSentences(field: Field, read: ReadText): Sentences {
  const { tokens, found, numbers, weighed, said } = read;
  return {
    tokens,
    found,
    numbers,
    said,
    place: placeOf(field),
    names: field.names,
    own: field.own,
    asked: field.asked ?? [],
    written: findWritten(read),
    met: weighed.toSorted((a, b) => a.match.first - b.match.first).map((
      { match: { rule, first }, weight },
    ) => ({
      id: rule.id,
      family: rule.family,
      first,
      weight,
      isWeak: weight < rule.weight / 2,
    })),
  };
}

const NAME = /^[a-z][\w-]+$/;
const CAMEL = /[a-z0-9][A-Z]/;
const CAMEL_NAME = /^[a-z]+[A-Z]/;

/** Finds names of programs by how they are written: quoted alone, or in camel case. */
function findWritten({ text, folded, tokens }: ReadText): ReadonlySet<number> {
  const written = new Set<number>();
  const hasCamel = CAMEL.test(text);
  for (const [index, { quoted, from, to, word }] of tokens.entries()) {
    if (quoted && tokens[index - 1]?.quoted !== true && tokens[index + 1]?.quoted !== true) {
      if (NAME.test(word)) written.add(index);
    } else if (hasCamel && CAMEL_NAME.test(text.slice(folded.originOf(from), folded.originOf(to)))) {
      written.add(index);
    }
  }
  return written;
}

const NOTHING: Likeness = { score: 0, first: 0, last: 0 };

/** Weighs a text. Linear. */
export function likenessOf(field: Field, read: ReadText): Likeness {
  const odds = oddsOf(toSentences(field, read), LEAST_TOKENS - (field.asked?.length ?? 0));
  const best = odds.reduce((most, sum, number) => sum > (odds[most] ?? -Infinity) ? number : most, 0);
  const worst = (odds[best] ?? -Infinity) + oddsOfSaid(read.said);
  const score = REVIEW_SCORE + SCALE * (worst - LOOK_ODDS);
  if (score < LEAST_SCORE) return NOTHING;
  const agreed = score < REVIEW_SCORE ? 0 : Math.max(0, Math.min(MOST_AGREED, read.said - ENOUGH_SAID));
  return {
    score: Math.round((score + AGREED_SHARE * agreed) * 100) / 100,
    first: read.numbers.indexOf(best),
    last: read.numbers.lastIndexOf(best),
  };
}

const table = readTable(LIKENESS_TEXT);
/** A number that no sentence had before; 0 is that of none. */
let nextMark = 1;

const MAX_MARK = 2 ** 30;

/** What it adds to the odds of each sentence that the rules come to so much in its text. Pure. */
export function oddsOfSaid(said: number): number {
  return SAID_SHARE * Math.min(MOST_SAID, said);
}

/** The odds of each sentence that it is an order, as logarithms. */
function oddsOf(sentences: Sentences, least: number): number[] {
  const odds: number[] = [];
  const lengths: number[] = [];
  for (const number of sentences.numbers) {
    odds[number] = LIKENESS_BASE;
    lengths[number] = (lengths[number] ?? 0) + 1;
  }
  const mark = nextMark;
  nextMark = (nextMark + odds.length) % MAX_MARK + 1;
  visitFeatures(sentences, (number, feature) => {
    odds[number] = (odds[number] ?? 0) + table.weigh(feature, mark + number);
  });
  return odds.map((sum, number) => (lengths[number] ?? 0) < least ? -Infinity : sum);
}
