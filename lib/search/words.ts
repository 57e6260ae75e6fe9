/**
 * Cuts texts and identifiers into the words that are compared: lower-case,
 * without diacritics, English ones reduced to their stem. `createIssue`,
 * `create_issue` and `create-issue` give `create`, `issue` and, for those who
 * write it in one, `createissue`.
 *
 * @module
 */

import { components } from "@orama/orama";
import { STOP_WORDS } from "./stop_words.ts";

/** How a text is to be cut. */
export interface WordOptions {
  /** Most words taken; the rest of the text is left out. */
  readonly limit: number;
  /** Whether words such as "the" are taken too; default false. */
  readonly keepStopWords?: boolean;
}

const MAX_CHARACTERS_PER_WORD = 40;
const MAX_WORD = 64;
const DIACRITICS = /[\u0300-\u036f]/g;
/** Words that hang together as one identifier. */
const SEGMENT = /[\p{L}\p{M}\p{N}]+(?:[_.-]+[\p{L}\p{M}\p{N}]+)*/gu;
/** Parts of an identifier: `APIs`, `HTTP`, `Server`, digits, letters without case. */
const PART =
  /\p{Lu}{2,}s(?!\p{L})|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+|[\p{Lo}\p{Lm}\p{Lt}\p{M}]+/gu;
/** Scripts that put no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const ENGLISH = /^[a-z]{3,}$/;
const { stemmer } = components.tokenizer.createTokenizer({ language: "english", stemming: true });

/**
 * Cuts a text into words, in order, repetitions kept.
 *
 * Time and result are bounded by `limit`, whatever the text is.
 */
export function toWords(text: string, { limit, keepStopWords = false }: WordOptions): string[] {
  const words: string[] = [];
  const folded = fold(text.slice(0, limit * MAX_CHARACTERS_PER_WORD));
  for (const [segment] of folded.matchAll(SEGMENT)) {
    for (const word of splitSegment(segment)) {
      if (words.length >= limit) return words;
      if (keepStopWords || !STOP_WORDS.has(word)) words.push(toStem(word));
    }
  }
  return words;
}

/** Cuts a query: each word once; only if nothing else is left, stop words count. */
export function toQueryWords(query: string, limit: number): string[] {
  const words = toWords(query, { limit });
  return [...new Set(words.length > 0 ? words : toWords(query, { limit, keepStopWords: true }))];
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(DIACRITICS, "").normalize("NFC");
}

function splitSegment(segment: string): string[] {
  const parts = (segment.match(PART) ?? []).map((part) => part.toLowerCase().slice(0, MAX_WORD));
  const words = parts.flatMap((part) => UNSPACED.test(part) ? toPairs(part) : [part]);
  const joined = parts.join("");
  return parts.length > 1 && joined.length <= MAX_WORD ? [...words, joined] : words;
}

/** Overlapping pairs of characters stand in for words where no space shows them. */
function toPairs(text: string): string[] {
  const characters = [...text];
  if (characters.length < 3) return [text];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

function toStem(word: string): string {
  return stemmer !== undefined && ENGLISH.test(word) ? stemmer(word) : word;
}
