/**
 * Reads a query: which words it has and what each counts.
 *
 * @module
 */

import type { Stemmer } from "./stems.ts";
import { QUERY_WEIGHTS } from "./weights.ts";
import { cutWords, type Word } from "./words.ts";

/** A word of a query. */
export interface QueryWord {
  readonly text: string;
  readonly stem: string;
  /** From 0 to 1. */
  readonly weight: number;
  /** Whether it stands for a whole identifier whose parts are words themselves. */
  readonly isJoined: boolean;
}

/** The words of a query. */
export interface QueryWords {
  /** Each word once, in order of appearance. */
  readonly words: readonly QueryWord[];
  /** Words that stand next to each other. */
  readonly neighbours: readonly (readonly [QueryWord, QueryWord])[];
  readonly isQuestion: boolean;
}

/** What comes after is not read. */
export const MAX_QUERY_CHARS = 4_000;
const MAX_WORDS = 64;
const PLACEHOLDER = /<[^<>\n]{1,80}>/g;
/** A full stop within a word, as in `report.pdf`, ends no sentence. */
const SENTENCE = /[^.!?\n]+(?:[.!?\n]+(?!\s|$)[^.!?\n]+)*[.!?\n]*/g;
const BACKGROUND =
  /^\W*(?:i'm|i am|i've|i have|my|our|we|we're|we've|as an?|the|he|she|they|his|her|their)\b/i;
const QUESTION = /^\W*(?:what|which|who|whose|where|when|how)\b/i;
const REQUEST = /\b(?:want|need|like to|please|can you|could you|looking for|interested in|help me)\b/i;
/** Quoted text, addresses, paths, file names and numbers. */
const ARGUMENT = new RegExp(
  [
    String.raw`(?:https?:\/\/|www\.)\S{1,300}`,
    String.raw`"[^"\n]{1,200}"|“[^”\n]{1,200}”|${"`[^`\\n]{1,200}`"}`,
    String.raw`(?<![\p{L}\p{N}])'[^'\n]{1,200}'(?![\p{L}\p{N}])`,
    String.raw`(?<!\S)(?:[A-Za-z]:|\.{1,2}|~)?[/\\]\S{1,300}`,
    String.raw`(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}`,
    String.raw`(?<![\w-])[\w-]{1,100}\.[A-Za-z][A-Za-z0-9]{1,4}\b(?!\.)`,
    String.raw`(?<![\p{L}\p{N}])\d[\d.,:%-]{0,40}(?![\p{L}\p{N}])`,
  ].join("|"),
  "gu",
);
/** What a question asks for without saying it. */
const IMPLIED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bhow many\b/i, ["count"]],
  [/\bhow much\b/i, ["price", "cost", "amount"]],
  [/\bhow (?:far|distant)\b/i, ["distance"]],
  [/\bhow long\b/i, ["duration", "time"]],
  [/\bhow old\b/i, ["age"]],
  [/\bhow (?:hot|cold|warm)\b/i, ["temperature", "weather"]],
  [/\bhow (?:big|large)\b/i, ["size"]],
  [/\bhow (?:do|can|to|would) (?:i|you|we) (?:get|go|drive|walk) (?:from|to)\b/i, ["route", "directions"]],
  [/\bwhere\b/i, ["location", "place"]],
  [/\bwhen\b/i, ["date", "time"]],
  [/\bwho\b/i, ["person", "user"]],
  [/\bwhy\b/i, ["reason"]],
];

/**
 * Reads a query. Stop words count only if there is nothing else.
 *
 * Time and result are bounded, whatever the query is.
 */
export function readQuery(query: string, stemOf: Stemmer): QueryWords {
  const text = query.slice(0, MAX_QUERY_CHARS).replace(PLACEHOLDER, " ");
  const spans = toSpans(text);
  const read = collect(spans, false, stemOf);
  if (read.words.length === 0) return collect(spans, true, stemOf);
  return { ...read, words: [...read.words, ...impliedBy(text, read.words, stemOf)] };
}

interface Span {
  readonly text: string;
  readonly weight: number;
}

function toSpans(text: string): Span[] {
  const sentences = text.match(SENTENCE) ?? [];
  const isBackground = sentences.map((sentence) => BACKGROUND.test(sentence) && !REQUEST.test(sentence));
  const asks = isBackground.includes(false);
  return sentences.flatMap((sentence, index) =>
    splitArguments(sentence, asks && isBackground[index] ? QUERY_WEIGHTS.background : 1)
  );
}

function splitArguments(text: string, weight: number): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { 0: argument, index } of text.matchAll(ARGUMENT)) {
    spans.push({ text: text.slice(from, index), weight });
    spans.push({ text: argument, weight: weight * QUERY_WEIGHTS.argument });
    from = index + argument.length;
  }
  return [...spans, { text: text.slice(from), weight }];
}

function collect(spans: readonly Span[], keepStopWords: boolean, stemOf: Stemmer): QueryWords {
  const found = new Map<string, QueryWord>();
  const sequence: string[] = [];
  for (const { text, weight } of spans) {
    for (const word of cutWords(text, { limit: 2 * MAX_WORDS, keepStopWords })) {
      const known = found.get(word.text);
      if (known === undefined && found.size >= MAX_WORDS) continue;
      if (known === undefined || known.weight < weight) {
        found.set(word.text, toQueryWord(word, weight, stemOf));
      }
      if (!word.isJoined && sequence.length < 2 * MAX_WORDS) sequence.push(word.text);
    }
  }
  const isQuestion = spans.some(({ text }) => QUESTION.test(text));
  return { words: [...found.values()], neighbours: toNeighbours(sequence, found), isQuestion };
}

function toQueryWord({ text, isJoined }: Word, weight: number, stemOf: Stemmer): QueryWord {
  return { text, stem: stemOf(text), weight, isJoined };
}

function toNeighbours(sequence: readonly string[], found: ReadonlyMap<string, QueryWord>) {
  return sequence.slice(1).flatMap((text, index): (readonly [QueryWord, QueryWord])[] => {
    const first = found.get(sequence[index] ?? "");
    const second = found.get(text);
    return first === undefined || second === undefined || first === second ? [] : [[first, second]];
  });
}

function impliedBy(text: string, words: readonly QueryWord[], stemOf: Stemmer): QueryWord[] {
  const said = new Set(words.map((word) => word.text));
  const implied = IMPLIED.flatMap(([pattern, asked]) => pattern.test(text) ? asked : []);
  return [...new Set(implied)].filter((word) => !said.has(word))
    .map((word) => toQueryWord({ text: word, isJoined: false }, QUERY_WEIGHTS.question, stemOf));
}
