/**
 * What words have to do with each other. All words are stems, those of a
 * phrase with spaces between them.
 *
 * @module
 */

import { RELATED_WORDS } from "./lexicon_things.ts";
import { VERB_KINDS } from "./lexicon_verbs.ts";
import type { Stemmer } from "./stems.ts";
import { QUERY_WEIGHTS } from "./weights.ts";

/** What may stand for a word: another, or a phrase of several. */
export interface Alternative {
  readonly stems: readonly string[];
  readonly weight: number;
}

/** Words that may stand for each other, and verbs that agree. */
export interface Lexicon {
  /** What may stand for a word or a phrase. */
  alternativesOf(stem: string): readonly Alternative[];
  /** Number of a verb, 0 if it is none. */
  verbOf(stem: string): number;
  /** For each number of a verb 1 if it is for the same kind of deed as this one, else 0. */
  agreeingWith(verb: number): Uint8Array;
}

type Groups = readonly (readonly string[])[];

/** Reads the word lists. */
export function createLexicon(stemOf: Stemmer): Lexicon {
  const related = readGroups(RELATED_WORDS, stemOf);
  const kinds = readGroups(VERB_KINDS, stemOf);
  const alternatives = relate([[related, QUERY_WEIGHTS.related], [kinds, QUERY_WEIGHTS.verbKind]]);
  const verbs = new Map([...new Set(kinds.flat())].map((verb, index) => [verb, index + 1]));
  const kindsOf: Set<number>[] = Array.from({ length: verbs.size + 1 }, () => new Set());
  kinds.forEach((group, kind) => group.forEach((verb) => kindsOf[verbs.get(verb) ?? 0]?.add(kind)));
  const agreeing = new Map<number, Uint8Array>();
  return {
    alternativesOf: (stem) => alternatives.get(stem) ?? [],
    verbOf: (stem) => verbs.get(stem) ?? 0,
    agreeingWith(verb) {
      const known = agreeing.get(verb);
      if (known !== undefined) return known;
      const mine = kindsOf[verb] ?? new Set();
      const found = Uint8Array.from(kindsOf, (others) => mine.isDisjointFrom(others) ? 0 : 1);
      agreeing.set(verb, found);
      return found;
    },
  };
}

function readGroups(text: string, stemOf: Stemmer): Groups {
  const toStems = (entry: string) => entry.split("_").map(stemOf).join(" ");
  return text.split(",").map((group) => [...new Set(group.trim().split(/\s+/).map(toStems))]);
}

/** Lists for each word those it shares a group with, at the highest weight of those groups. */
function relate(lists: readonly (readonly [Groups, number])[]): ReadonlyMap<string, readonly Alternative[]> {
  const found = new Map<string, Map<string, number>>();
  for (const [groups, weight] of lists) {
    for (const group of groups) {
      for (const word of group) {
        const others = found.get(word) ?? new Map<string, number>();
        found.set(word, others);
        for (const other of group) {
          if (other !== word) others.set(other, Math.max(weight, others.get(other) ?? 0));
        }
      }
    }
  }
  return new Map([...found].map(([word, others]) => [word, toAlternatives(others)]));
}

function toAlternatives(others: ReadonlyMap<string, number>): Alternative[] {
  return [...others].map(([other, weight]) => ({ stems: other.split(" "), weight }));
}
