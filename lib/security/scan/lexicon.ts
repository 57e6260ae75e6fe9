import { fold } from "./fold.ts";
import { ENGLISH } from "./lexicon_english.ts";
import { FRAME_MANNERS } from "./lexicon_frames.ts";
import { FRAME_THINGS } from "./lexicon_frames_things.ts";
import { FAR_LANGUAGES } from "./lexicon_far_languages.ts";
import { WESTERN_LANGUAGES } from "./lexicon_languages.ts";
import { STEERING } from "./lexicon_steering.ts";
import { SUBTLE } from "./lexicon_subtle.ts";
import { MORE_LANGUAGES } from "./lexicon_more_languages.ts";
import { VERB_LAST_CLASSES, VERB_LAST_LANGUAGES } from "./lexicon_verb_last.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Words and phrases by class, ready to be looked up. */
export interface Lexicon {
  /** Phrases by their first word. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The phrases that begin with one word. */
interface Entry {
  /** By their second word, longest first. */
  readonly longer: ReadonlyMap<string, readonly Phrase[]>;
  /** Classes of the word alone. */
  readonly alone: readonly string[];
}

interface Phrase {
  readonly words: readonly string[];
  readonly classes: readonly string[];
}

/** Where a class stands in a text: token numbers, both included. */
export interface Occurrence {
  readonly first: number;
  readonly last: number;
}

/** Places by class, each list in the order of the text. */
export type Occurrences = ReadonlyMap<string, readonly Occurrence[]>;

/** Class of all phrases that were added to the own ones. */
export const EXTRA = "extra";

/**
 * Builds a lexicon.
 *
 * @param extra Phrases by class that are added to the own ones, lists of phrases.
 */
export function createLexicon(extra: Readonly<Record<string, readonly string[]>> = {}): Lexicon {
  const classes = new Map<string, { words: string[]; classes: Set<string> }>();
  const add = (name: string, phrase: string) => {
    const words = tokenize(fold(phrase)).map(({ word }) => word);
    if (words.length === 0) return;
    const key = words.join(" ");
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { words, classes: new Set([name]) });
    else known.classes.add(name);
  };
  for (
    const language of [
      ENGLISH,
      STEERING,
      SUBTLE,
      FRAME_MANNERS,
      FRAME_THINGS,
      ...WESTERN_LANGUAGES,
      ...FAR_LANGUAGES,
      ...MORE_LANGUAGES,
    ]
  ) {
    for (const [name, phrases] of Object.entries(language)) {
      for (const phrase of phrases.split(",")) add(name, phrase.trim());
    }
  }
  for (const language of VERB_LAST_LANGUAGES) {
    for (const [name, phrases] of Object.entries(language)) {
      const last = VERB_LAST_CLASSES[name];
      for (const phrase of phrases.split(",")) {
        add(name, phrase.trim());
        if (last !== undefined) add(last, phrase.trim());
      }
    }
  }
  for (const [name, phrases] of Object.entries(extra)) {
    for (const phrase of phrases) {
      add(name, phrase);
      add(EXTRA, phrase);
    }
  }
  return { entries: byFirstWord([...classes.values()]) };
}

/** Names of the classes that a bundle may add words to. */
export function classNames(): ReadonlySet<string> {
  return new Set([
    ...Object.keys(ENGLISH),
    ...Object.keys(STEERING),
    ...Object.keys(SUBTLE),
    ...Object.keys(FRAME_MANNERS),
    ...Object.keys(FRAME_THINGS),
  ]);
}

function byFirstWord(
  phrases: readonly { readonly words: readonly string[]; readonly classes: ReadonlySet<string> }[],
): Map<string, Entry> {
  const entries = new Map<string, { longer: Map<string, Phrase[]>; alone: readonly string[] }>();
  for (const { words, classes } of phrases) {
    const [first = "", second] = words;
    const entry = entries.get(first) ?? { longer: new Map<string, Phrase[]>(), alone: [] };
    entries.set(first, entry);
    if (second === undefined) {
      entry.alone = [...classes];
      continue;
    }
    const known = entry.longer.get(second);
    if (known === undefined) entry.longer.set(second, [{ words, classes: [...classes] }]);
    else known.push({ words, classes: [...classes] });
  }
  for (const { longer } of entries.values()) {
    for (const list of longer.values()) list.sort((a, b) => b.words.length - a.words.length);
  }
  return entries;
}

/** Finds every phrase of the lexicon in a text. Linear, since phrases are short. */
export function lookUp(tokens: readonly Token[], { entries }: Lexicon): Map<string, Occurrence[]> {
  const found = new Map<string, Occurrence[]>();
  for (let index = 0; index < tokens.length; index++) {
    const entry = entries.get(tokens[index]?.word ?? "");
    if (entry === undefined) continue;
    const { longer, alone } = entry;
    const phrases = longer.size === 0 ? undefined : longer.get(tokens[index + 1]?.word ?? "");
    if (phrases !== undefined) {
      for (const { words, classes } of phrases) {
        if (stands(tokens, index, words)) {
          pushAll(found, classes, { first: index, last: index + words.length - 1 });
        }
      }
    }
    if (alone.length > 0) pushAll(found, alone, { first: index, last: index });
  }
  return found;
}

function pushAll(found: Map<string, Occurrence[]>, names: readonly string[], occurrence: Occurrence): void {
  for (const name of names) push(found, name, occurrence);
}

function stands(tokens: readonly Token[], at: number, words: readonly string[]): boolean {
  const sentence = tokens[at]?.sentence;
  for (let offset = 1; offset < words.length; offset++) {
    const token = tokens[at + offset];
    if (token?.word !== words[offset] || token?.sentence !== sentence) return false;
  }
  return true;
}

/** Adds a place to a class, the longest of those that start at one token only. */
export function push(found: Map<string, Occurrence[]>, name: string, occurrence: Occurrence): void {
  const list = found.get(name);
  if (list === undefined) return void found.set(name, [occurrence]);
  if (list.at(-1)?.first !== occurrence.first) list.push(occurrence);
}
