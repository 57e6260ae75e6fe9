/**
 * Words of a sentence as its features know them: what holds sentences together
 * stays as it is, the rest is cut to its stem, and things count by what they
 * are.
 *
 * @module
 */

import { isToolLike } from "./things.ts";

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

/** Spreads a number over all bits. */
export function finish(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

/** What there is to know of a word; looked up once. */
export interface KnownWord {
  /** "send" of "sending"; empty for a word that says how somebody writes and not what. */
  readonly stem: string;
  /** Number of that. */
  readonly content: number;
  /** Whether it is written like the name of a tool: `read_file`. */
  readonly isName: boolean;
  /** Its number in sequences, where things count by what they are; 0 for a word of a far script. */
  readonly symbol: number;
  /** The same of such a word, or of a character of a script without spaces; 0 for what is no word. */
  readonly far: number;
}

const words = new Map<string, KnownWord>();

/** Looks a word up, or works out what it is. */
export function knowWord(word: string): KnownWord {
  const before = words.get(word);
  if (before !== undefined) return before;
  const stem = WORD_SHAPE.test(word) && !COMMON.has(word) ? stemOf(word) : "";
  const isName = isToolLike(word);
  const known = {
    stem,
    content: hashOf(stem),
    isName,
    symbol: isName ? OTHER : symbolOf(word),
    far: word.length > LONGEST ? 0 : hashOf(word.slice(0, START)),
  };
  if (words.size >= MAX_KNOWN) words.clear();
  words.set(word, known);
  return known;
}

/** Number of a name of one's own tools and parameters in sequences. */
export const OWN = hashOf("<own>");
/** Number of somebody else's. */
export const OTHER = hashOf("<name>");

const LATIN = /^[a-z\u00c0-\u024f'-]{1,24}$/;

function symbolOf(word: string): number {
  if (word.includes("://")) return hashOf("<link>");
  if (/^\d/.test(word)) return hashOf("<number>");
  return LATIN.test(word) ? hashOf(COMMON.has(word) ? word : stemOf(word)) : 0;
}

/** A longer word is none. */
const LONGEST = 60;
/** Longest start of a word that stands for it where no endings are known. */
const START = 6;

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
