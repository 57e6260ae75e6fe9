/**
 * Plans a search: which terms of the index answer which word of the query, and
 * what each counts.
 *
 * @module
 */

import { toExact } from "./impacts.ts";
import type { Lexicon } from "./lexicon.ts";
import type { Postings } from "./postings.ts";
import { type QueryWord, readQuery } from "./query_words.ts";
import type { Stemmer } from "./stems.ts";
import { QUERY_WEIGHTS } from "./weights.ts";

/** How a term of the index answers a word of the query. */
export type Answer = "stem" | "exact" | "related" | "joined" | "spelling";

/** A term that answers a word. */
export interface Part {
  readonly term: number;
  /** What it counts in a tool where its impact is 1. */
  readonly weight: number;
  readonly answer: Answer;
}

/** A word of the query; of its parts, the best one in a tool counts. */
export interface Wanted {
  readonly word: string;
  readonly parts: readonly Part[];
  /** Whether it tells which servers suit, too. */
  readonly isMain: boolean;
}

/** What a search looks for. */
export interface Plan {
  readonly wanted: readonly Wanted[];
  /** Number of the first verb of the query, 0 if it has none. */
  readonly verb: number;
  /** Words that no tool has, nor anything like them. */
  readonly unknown: readonly string[];
}

/** What a plan is made from. */
export interface Knowledge {
  readonly postings: Postings;
  readonly lexicon: Lexicon;
  /** The known words nearest to one that is not known. */
  readonly nearest: (word: string) => readonly string[];
  readonly stemOf: Stemmer;
  /** Tools in the index. */
  readonly size: number;
}

/** A term with what it counts before its rarity does. */
type Candidate = readonly [term: string, weight: number, answer: Answer];

/** What a question without a verb asks to be done. */
const QUESTION_VERB = "show";
const MAX_REPAIRS = 16;
/** Postings that one search looks at. Common words go first, which tell least. */
const MAX_POSTINGS = 200_000;
const MIN_HALF = 3;

/** Plans a search. Its cost is bounded, whatever the query is. */
export function planSearch(query: string, knowledge: Knowledge): Plan {
  return new Planner(knowledge).plan(query);
}

class Planner {
  readonly #known: Knowledge;
  readonly #wanted: Wanted[] = [];
  readonly #unknown: string[] = [];
  #verb = 0;
  #repairs = 0;

  constructor(knowledge: Knowledge) {
    this.#known = knowledge;
  }

  plan(query: string): Plan {
    const { words, neighbours, isQuestion } = readQuery(query, this.#known.stemOf);
    const done = new Set<string>();
    for (const word of words) {
      if (done.has(word.stem)) continue;
      done.add(word.stem);
      this.#addWord(word);
    }
    for (const [first, second] of neighbours) {
      const phrase = `${first.stem} ${second.stem}`;
      if (done.has(phrase)) continue;
      done.add(phrase);
      this.#addNeighbours(first, second, done);
    }
    if (isQuestion) this.#noteVerb(this.#known.stemOf(QUESTION_VERB));
    const wanted = withinBudget(this.#wanted, this.#known.postings);
    return { wanted, verb: this.#verb, unknown: this.#unknown };
  }

  #addWord(word: QueryWord): void {
    const { postings, lexicon } = this.#known;
    const alternatives = lexicon.alternativesOf(word.stem);
    const isKnown = postings.idOf(word.stem) !== undefined || postings.idOf(toExact(word.text)) !== undefined;
    if (!isKnown && alternatives.length === 0) return this.#addUnknown(word);
    this.#noteVerb(word.stem);
    const parts: Candidate[] = [[word.stem, 1, "stem"], ...this.#relatedTo(word.stem)];
    this.#add(word.text, parts, { scale: word.weight * QUERY_WEIGHTS.stem, isMain: true, cap: word.stem });
    this.#add(word.text, [[toExact(word.text), 1, "exact"]], { scale: word.weight * QUERY_WEIGHTS.exact });
    for (const { stems } of alternatives) {
      if (stems.length === 1) continue;
      const scale = word.weight * QUERY_WEIGHTS.stem * QUERY_WEIGHTS.phraseWord;
      for (const stem of stems) this.#add(word.text, [[stem, 1, "related"]], { scale, cap: word.stem });
    }
  }

  /** A word that neither the tools nor the lexicon know is misspelt, or two in one. */
  #addUnknown(word: QueryWord): void {
    const near = word.isJoined || this.#repairs >= MAX_REPAIRS ? [] : this.#nearestTo(word.text);
    if (near.length > 0) {
      const scale = word.weight * QUERY_WEIGHTS.repaired;
      const stems = [...new Set(near.map(this.#known.stemOf))];
      stems.forEach((stem) => this.#noteVerb(stem));
      const parts = stems.flatMap((stem): Candidate[] => [[stem, 1, "spelling"], ...this.#relatedTo(stem)]);
      this.#add(word.text, parts, { scale: scale * QUERY_WEIGHTS.stem, isMain: true });
      const exact = near.map((one): Candidate => [toExact(one), 1, "spelling"]);
      return this.#add(word.text, exact, { scale: scale * QUERY_WEIGHTS.exact });
    }
    const halves = word.isJoined ? undefined : this.#halvesOf(word.text);
    if (halves === undefined) {
      if (!word.isJoined) this.#unknown.push(word.text);
      return;
    }
    const scale = word.weight * QUERY_WEIGHTS.stem * QUERY_WEIGHTS.half;
    for (const half of halves) this.#add(word.text, [[half, 1, "joined"]], { scale, isMain: true });
  }

  #nearestTo(word: string): readonly string[] {
    this.#repairs++;
    return word.length < MIN_HALF + 1 ? [] : this.#known.nearest(word);
  }

  #halvesOf(word: string): readonly [string, string] | undefined {
    const { postings, stemOf } = this.#known;
    for (let at = MIN_HALF; at <= word.length - MIN_HALF; at++) {
      const [first, second] = [stemOf(word.slice(0, at)), stemOf(word.slice(at))];
      if (postings.idOf(first) !== undefined && postings.idOf(second) !== undefined) return [first, second];
    }
    return undefined;
  }

  /** Neighbours may be one word elsewhere, or a phrase that a word stands for. */
  #addNeighbours(first: QueryWord, second: QueryWord, done: Set<string>): void {
    const { stemOf, lexicon } = this.#known;
    const scale = Math.min(first.weight, second.weight) * QUERY_WEIGHTS.joined;
    const joined = stemOf(`${first.text}${second.text}`);
    if (!done.has(joined)) {
      done.add(joined);
      this.#add(`${first.text} ${second.text}`, [[joined, 1, "joined"]], { scale });
    }
    const related = lexicon.alternativesOf(`${first.stem} ${second.stem}`)
      .flatMap(({ stems, weight }): Candidate[] =>
        stems.length === 1 ? [[stems.join(""), weight, "related"]] : []
      );
    this.#add(`${first.text} ${second.text}`, related, { scale });
  }

  /** Words that may stand for one; a phrase is found where it is written in one. */
  #relatedTo(stem: string): Candidate[] {
    return this.#known.lexicon.alternativesOf(stem)
      .map(({ stems, weight }): Candidate => [stems.join(""), weight, "related"]);
  }

  #noteVerb(stem: string): void {
    if (this.#verb === 0) this.#verb = this.#known.lexicon.verbOf(stem);
  }

  /** Adds what the index knows of; `cap` names a term that none may count more than. */
  #add(
    word: string,
    candidates: readonly Candidate[],
    { scale, isMain = false, cap }: {
      readonly scale: number;
      readonly isMain?: boolean;
      readonly cap?: string;
    },
  ): void {
    const { postings } = this.#known;
    const capId = cap === undefined ? undefined : postings.idOf(cap);
    const most = capId === undefined ? Infinity : this.#rarityOf(capId);
    const parts = candidates.flatMap(([term, weight, answer]): Part[] => {
      const id = postings.idOf(term);
      if (id === undefined) return [];
      return [{ term: id, weight: scale * weight * Math.min(most, this.#rarityOf(id)), answer }];
    });
    if (parts.length > 0) this.#wanted.push({ word, parts, isMain });
  }

  /** A word that few tools have tells more. */
  #rarityOf(term: number): number {
    const has = this.#known.postings.sizeOf(term);
    return Math.log(1 + (this.#known.size - has + 0.5) / (has + 0.5));
  }
}

/** Leaves out the words that tell least once the rest is as much as one search may look at. */
function withinBudget(wanted: readonly Wanted[], postings: Postings): readonly Wanted[] {
  const costOf = ({ parts }: Wanted) => parts.reduce((sum, { term }) => sum + postings.sizeOf(term), 0);
  const weightOf = ({ parts }: Wanted) => Math.max(...parts.map(({ weight }) => weight));
  if (wanted.reduce((sum, one) => sum + costOf(one), 0) <= MAX_POSTINGS) return wanted;
  let left = MAX_POSTINGS;
  const kept = new Set(
    wanted.toSorted((a, b) => weightOf(b) - weightOf(a)).filter((one) => {
      const cost = costOf(one);
      if (cost > left) return false;
      left -= cost;
      return true;
    }),
  );
  return wanted.filter((one) => kept.has(one));
}
