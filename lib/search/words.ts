/**
 * Cuts texts and identifiers into the words that are compared: lower-case,
 * without diacritics. `createIssue`, `create_issue` and `create-issue` give
 * `create`, `issue` and, for those who write it in one, `createissue`.
 *
 * @module
 */

import { STOP_WORDS } from "./stop_words.ts";

/** How a text is to be cut. */
export interface CutOptions {
  /** Most words taken; the rest of the text is left out. */
  readonly limit: number;
  /** Whether words such as "the" are taken too; default false. */
  readonly keepStopWords?: boolean;
}

/** A word of a text. */
export interface Word {
  readonly text: string;
  /** Whether it stands for a whole identifier whose parts are words themselves. */
  readonly isJoined: boolean;
}

const MAX_CHARACTERS_PER_WORD = 40;
const MAX_WORD = 64;
const DIACRITICS = /[\u0300-\u036f]/g;
const ASCII = /^\p{ASCII}*$/u;
/** Words that hang together as one identifier. */
const SEGMENT = /[\p{L}\p{M}\p{N}]+(?:[_.-]+[\p{L}\p{M}\p{N}]+)*/gu;
const ASCII_SEGMENT = /[A-Za-z0-9]+(?:[_.-]+[A-Za-z0-9]+)*/g;
/** Parts of an identifier: `APIs`, `HTTP`, `Server`, digits, letters without case. */
const PART =
  /\p{Lu}{2,}s(?!\p{L})|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+|[\p{Lo}\p{Lm}\p{Lt}\p{M}]+/gu;
const ASCII_PART = /[A-Z]{2,}s(?![A-Za-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
/** One word, which most are. */
const PLAIN = /^(?:[A-Z]?[a-z]+|[0-9]+)$/;
/** Scripts that put no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/**
 * Cuts a text into words, in order, repetitions kept.
 *
 * Time and result are bounded by `limit`, whatever the text is.
 */
export function cutWords(text: string, { limit, keepStopWords = false }: CutOptions): Word[] {
  const words: Word[] = [];
  const start = text.slice(0, limit * MAX_CHARACTERS_PER_WORD);
  const isAscii = ASCII.test(start);
  const segments = (isAscii ? start : fold(start)).matchAll(isAscii ? ASCII_SEGMENT : SEGMENT);
  for (const [segment] of segments) {
    for (const word of splitSegment(segment, isAscii)) {
      if (words.length >= limit) return words;
      if (keepStopWords || !STOP_WORDS.has(word.text)) words.push(word);
    }
  }
  return words;
}

/** Letters and digits only, in lower case: the same for every way to write a name. */
export function toNameKey(text: string): string {
  const start = text.slice(0, MAX_WORD * MAX_CHARACTERS_PER_WORD);
  if (ASCII.test(start)) return start.toLowerCase().replace(/[^a-z0-9]+/g, "");
  return fold(start).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Copies a word that may be a view of a long text, which it would keep in memory. */
export function detach(word: string): string {
  // The engine copies shorter ones itself.
  return word.length < 13 ? word : [...word].join("");
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(DIACRITICS, "").normalize("NFC");
}

function splitSegment(segment: string, isAscii: boolean): Word[] {
  if (PLAIN.test(segment)) return [{ text: segment.slice(0, MAX_WORD).toLowerCase(), isJoined: false }];
  const found: readonly string[] = segment.match(isAscii ? ASCII_PART : PART) ?? [];
  const parts = found.map((part) => part.toLowerCase().slice(0, MAX_WORD));
  const words = parts.flatMap((part) => !isAscii && UNSPACED.test(part) ? toPairs(part) : [part])
    .map((text) => ({ text, isJoined: false }));
  const joined = parts.join("");
  return parts.length > 1 && joined.length <= MAX_WORD ? [...words, { text: joined, isJoined: true }] : words;
}

/** Overlapping pairs of characters stand in for words where no space shows them. */
function toPairs(text: string): string[] {
  const characters = [...text];
  if (characters.length < 3) return [text];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
