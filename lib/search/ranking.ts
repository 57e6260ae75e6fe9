/**
 * The index proper: documents by their words, found by queries. It knows
 * documents by number only; who they are is the business of its owner.
 *
 * @module
 */

import { fromTerm, toExact, toImpacts } from "./impacts.ts";
import { createLexicon, type Lexicon } from "./lexicon.ts";
import { type Answer, type Plan, planSearch } from "./plan.ts";
import type { PackedPostings, SavedTerms } from "./posting_types.ts";
import { IMPACT_BITS, type Impacts, MAX_IMPACT, Postings } from "./postings.ts";
import type { SavedTool } from "./saved.ts";
import { Scratch, takeBest } from "./scratch.ts";
import { type Corpus, type Factors, scoreDocuments, type Scores } from "./scoring.ts";
import { Servers } from "./servers.ts";
import type { KeptIndex } from "./snapshot.ts";
import { Spelling } from "./spelling.ts";
import { createStemmer } from "./stems.ts";
import type { ToolTexts } from "./tool_fields.ts";
import { FIELD_WEIGHTS, TOOL_WEIGHTS } from "./weights.ts";
import { cutWords } from "./words.ts";

/** What the index needs of a tool: its words as they were cut now, or as they were saved. */
export interface Material {
  readonly server: string;
  readonly name: string;
  readonly words:
    | { readonly kind: "cut"; readonly impacts: Impacts }
    | { readonly kind: "saved"; readonly tool: SavedTool; readonly terms: SavedTerms };
}

/** How documents are to be found. */
export interface FindOptions {
  readonly limit: number;
  /** Whether a document may be found; asked once for each that suits. */
  readonly accept: (document: number) => boolean;
  /** How often a document was used, which lifts it a little; not asked when absent. */
  readonly usage?: (document: number) => number;
  /** Documents that come first whatever their words are, if accepted. */
  readonly named: ReadonlySet<number>;
  /** Whether the first comes before the second where both score the same. */
  readonly isBefore: (a: number, b: number) => boolean;
}

/** A document and how well it suits. */
export interface Found {
  readonly document: number;
  readonly score: number;
}

/** Where a document stands. */
export interface Place {
  /** From 1 on. */
  readonly rank: number;
  readonly score: number;
}

/** What a word of the query gave a document. */
export interface WordScore {
  readonly word: string;
  /** Term of the index that answered best. */
  readonly term: string;
  readonly answer: Answer;
  readonly score: number;
}

/** Added to the score of a tool whose name is the query; more than any other score. */
export const NAMED = 10;

export class Ranking implements Corpus {
  readonly #stemOf = createStemmer();
  readonly lexicon: Lexicon = createLexicon(this.#stemOf);
  /** Made when a word is first repaired: most of a start would go into it. */
  #spelling: Spelling | undefined;
  postings = this.#open();
  servers = new Servers();
  serverOf = new Uint32Array(0);
  verbOf = new Uint16Array(0);
  readonly #scratch = new Scratch();
  #levels = new Uint16Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get stemOf(): (word: string) => string {
    return this.#stemOf;
  }

  /** Takes documents 1, 2, 3 and so on as they were kept, in place of none. */
  restore({ servers, postings, verbs }: KeptIndex): void {
    const last = postings.starts.length - 1;
    this.#reserve(last);
    this.postings = this.#open(postings);
    this.verbOf.set(verbs);
    for (const { name, first, count } of servers) {
      this.serverOf.fill(this.servers.add(name, count), first, first + count);
    }
    this.#size = last;
  }

  /** Forgets all documents. */
  clear(): void {
    this.postings = this.#open();
    this.servers = new Servers();
    this.#size = 0;
  }

  toMaterial(texts: ToolTexts): Material {
    const words = { kind: "cut", impacts: toImpacts(texts, this.#stemOf) } as const;
    return { server: texts.server, name: texts.name, words };
  }

  add(document: number, { server, name, words }: Material): void {
    this.#reserve(document);
    this.serverOf[document] = this.servers.add(server);
    if (words.kind === "cut") {
      this.verbOf[document] = this.#verbIn(name);
      this.postings.add(document, words.impacts);
    } else {
      this.verbOf[document] = words.tool.verb;
      this.postings.addSaved(document, words.tool.entries, words.terms);
    }
    this.#size++;
  }

  remove(document: number): void {
    this.postings.remove(document);
    this.servers.remove(this.serverOf[document] ?? 0);
    this.#size--;
  }

  plan(query: string): Plan {
    const { postings, lexicon, size } = this;
    const nearest = (word: string) => (this.#spelling ??= this.#learnSpelling()).nearest(word);
    return planSearch(query, { postings, lexicon, nearest, stemOf: this.#stemOf, size });
  }

  /** The documents that suit best, in order. */
  find(plan: Plan, options: FindOptions): Found[] {
    const scratch = this.#scratch;
    try {
      const scores = scoreDocuments(plan, this, scratch, options.accept);
      for (const document of options.named) scratch.isAccepted(document, options.accept);
      this.#finish(scores, options.named);
      return this.#takeBest(options);
    } finally {
      scratch.clean();
    }
  }

  /**
   * The place of one document among all that suit, from 1 on, and its score;
   * `undefined` if it does not suit or is not accepted. Usage does not count.
   */
  placeOf(document: number, plan: Plan, options: FindOptions): Place | undefined {
    const scratch = this.#scratch;
    try {
      const scores = scoreDocuments(plan, this, scratch, options.accept);
      for (const one of options.named) scratch.isAccepted(one, options.accept);
      this.#finish(scores, options.named);
      const { totals, found, foundCount } = scratch;
      const score = totals[document] ?? 0;
      const all = found.subarray(0, foundCount);
      if (!all.includes(document)) return undefined;
      let rank = 1;
      for (const one of all) {
        const other = totals[one] ?? 0;
        if (other > score || (other === score && options.isBefore(one, document))) rank++;
      }
      return { rank, score };
    } finally {
      scratch.clean();
    }
  }

  /** What stands behind the score of one document, `undefined` if it does not suit or is not accepted. */
  factorsOf(document: number, plan: Plan, accept: FindOptions["accept"]): Factors | undefined {
    const scratch = this.#scratch;
    try {
      const scores = scoreDocuments(plan, this, scratch, accept);
      return (scratch.totals[document] ?? 0) === 0 ? undefined : scores.factorsOf(document);
    } finally {
      scratch.clean();
    }
  }

  /** What each word of the query gives a document, in order of the query; words it does not have are left out. */
  wordScoresOf(document: number, plan: Plan): WordScore[] {
    const levels = this.#spreadOut(document);
    const found = plan.wanted.flatMap(({ word, parts }) => {
      let best: WordScore | undefined;
      for (const { term, weight, answer } of parts) {
        const score = weight * (levels[term] ?? 0) / MAX_IMPACT;
        if (score > (best?.score ?? 0)) best = { word, term: this.postings.termOf(term), answer, score };
      }
      return best === undefined ? [] : [best];
    });
    this.#clear(document);
    return found;
  }

  /** How many different words of the query a document answers. */
  countMatches(document: number, plan: Plan): number {
    const levels = this.#spreadOut(document);
    const words = new Set<string>();
    for (const { word, parts } of plan.wanted) {
      if (parts.some(({ term }) => (levels[term] ?? 0) > 0)) words.add(word);
    }
    this.#clear(document);
    return words.size;
  }

  #open(packed?: PackedPostings): Postings {
    return new Postings({
      onTerm: (id) => this.#spelling?.add(fromTerm(this.postings.termOf(id)).word),
      onTermGone: (term) => this.#forget(fromTerm(term).word),
    }, packed);
  }

  #reserve(document: number): void {
    this.#scratch.reserve(document);
    if (document < this.serverOf.length) return;
    const [serverOf, verbOf] = [this.serverOf, this.verbOf];
    const length = Math.ceil((document + 1) * 1.5);
    this.serverOf = new Uint32Array(length);
    this.verbOf = new Uint16Array(length);
    this.serverOf.set(serverOf);
    this.verbOf.set(verbOf);
  }

  /** Impacts of a document by term. */
  #spreadOut(document: number): Uint16Array {
    const { postings } = this;
    if (this.#levels.length < postings.capacity) this.#levels = new Uint16Array(2 * postings.capacity);
    for (const entry of postings.entriesOf(document)) {
      this.#levels[entry >>> IMPACT_BITS] = entry & MAX_IMPACT;
    }
    return this.#levels;
  }

  #clear(document: number): void {
    for (const entry of this.postings.entriesOf(document)) this.#levels[entry >>> IMPACT_BITS] = 0;
  }

  #finish(scores: Scores, named: ReadonlySet<number>): void {
    const { totals, found, foundCount } = this.#scratch;
    for (let at = 0; at < foundCount; at++) {
      const document = found[at] ?? 0;
      totals[document] = scores.scoreOf(document) + (named.has(document) ? NAMED : 0);
    }
  }

  #takeBest({ limit, usage, isBefore }: FindOptions): Found[] {
    const { totals, found, foundCount } = this.#scratch;
    const score = (document: number) => totals[document] ?? 0;
    const compare = (a: number, b: number) =>
      score(a) > score(b) || (score(a) === score(b) && isBefore(a, b));
    const all = found.subarray(0, foundCount);
    if (usage === undefined) {
      return takeBest(all, limit, compare).map((document) => ({ document, score: score(document) }));
    }
    // Usage lifts a tool by little, so that only those near the top can get into it.
    const near = takeBest(all, 4 * limit + 20, compare);
    for (const document of near) {
      totals[document] = score(document) * (1 + TOOL_WEIGHTS.usage * Math.log(1 + usage(document)));
    }
    return takeBest(Int32Array.from(near), limit, compare)
      .map((document) => ({ document, score: score(document) }));
  }

  #verbIn(name: string): number {
    for (const { text, isJoined } of cutWords(name, { limit: FIELD_WEIGHTS.name.maxWords })) {
      const verb = isJoined ? 0 : this.lexicon.verbOf(this.#stemOf(text));
      if (verb > 0) return verb;
    }
    return 0;
  }

  #learnSpelling(): Spelling {
    const spelling = new Spelling();
    for (const term of this.postings.terms()) spelling.add(fromTerm(term).word);
    return spelling;
  }

  /** A word may be known as a stem and as an exact form. */
  #forget(word: string): void {
    if (this.#spelling === undefined) return;
    const isKnown = [word, toExact(word)].some((term) => this.postings.idOf(term) !== undefined);
    if (!isKnown) this.#spelling.remove(word);
  }
}
