/**
 * Scores documents by a plan: BM25 over weighted fields, then verb and server.
 *
 * @module
 */

import type { Lexicon } from "./lexicon.ts";
import type { Plan, Wanted } from "./plan.ts";
import { IMPACT_BITS, MAX_IMPACT, type Postings } from "./postings.ts";
import type { Scratch } from "./scratch.ts";
import type { Servers } from "./servers.ts";
import { TOOL_WEIGHTS } from "./weights.ts";

/** What is scored. Documents are numbers. */
export interface Corpus {
  readonly postings: Postings;
  readonly lexicon: Lexicon;
  readonly servers: Servers;
  /** By document: the number of its server. */
  readonly serverOf: Uint32Array;
  /** By document: the number of the verb in its name, 0 for none. */
  readonly verbOf: Uint16Array;
  readonly size: number;
}

/** What stands behind the score of a document. */
export interface Factors {
  /** Sum over the words, from 0 to 1, which the best document has. */
  readonly words: number;
  /** By which `words` is multiplied because of the verb. */
  readonly verb: number;
  /** What the server adds. */
  readonly server: number;
}

/** The scores of one search; valid until the scratch is cleaned. */
export interface Scores {
  scoreOf(document: number): number;
  factorsOf(document: number): Factors;
}

/**
 * Scores every document that suits and is accepted; they are among the found
 * of the scratch then. What is refused has no influence on the others, but on
 * how rare words are.
 */
export function scoreDocuments(
  plan: Plan,
  corpus: Corpus,
  scratch: Scratch,
  accept: (document: number) => boolean,
): Scores {
  const ofServers = new ServerScores(corpus);
  for (const wanted of plan.wanted) {
    const count = gather(wanted, corpus.postings, scratch);
    spread(count, scratch, accept, wanted.isMain ? ofServers : undefined);
    if (wanted.isMain) ofServers.endWord(Math.max(...wanted.parts.map(({ weight }) => weight)));
  }
  const highest = highestOf(scratch) || 1;
  const verbFactors = toVerbFactors(plan.verb, corpus.lexicon);
  const serverParts = ofServers.toParts();
  const { totals } = scratch;
  const { verbOf, serverOf } = corpus;
  const words = (document: number) => (totals[document] ?? 0) / highest;
  const verb = (document: number) => verbFactors[verbOf[document] ?? 0] ?? 1;
  const server = (document: number) => serverParts[serverOf[document] ?? 0] ?? 0;
  return {
    scoreOf: (document) => words(document) * verb(document) + server(document),
    factorsOf: (document) => ({ words: words(document), verb: verb(document), server: server(document) }),
  };
}

/** Puts what a word gives each document into the scratch: the best of its parts. */
function gather({ parts }: Wanted, postings: Postings, { group, touched }: Scratch): number {
  const { all } = postings;
  let count = 0;
  for (const { term, weight } of parts) {
    const start = postings.startOf(term);
    const end = start + postings.sizeOf(term);
    const scale = weight / MAX_IMPACT;
    for (let at = start; at < end; at++) {
      const posting = all[at] ?? 0;
      const document = posting >>> IMPACT_BITS;
      const score = scale * (posting & MAX_IMPACT);
      const before = group[document] ?? 0;
      if (score <= before) continue;
      if (before === 0) touched[count++] = document;
      group[document] = score;
    }
  }
  return count;
}

/** Adds what a word gives to the totals of the documents and of their servers. */
function spread(
  count: number,
  scratch: Scratch,
  accept: (document: number) => boolean,
  ofServers: ServerScores | undefined,
): void {
  const { group, touched, totals, verdicts } = scratch;
  for (let at = 0; at < count; at++) {
    const document = touched[at] ?? 0;
    const score = group[document] ?? 0;
    group[document] = 0;
    if (verdicts[document] !== 1 && !scratch.isAccepted(document, accept)) continue;
    totals[document] = (totals[document] ?? 0) + score;
    if (ofServers !== undefined) ofServers.add(document, score);
  }
}

function highestOf({ totals, found, foundCount }: Scratch): number {
  let highest = 0;
  for (let at = 0; at < foundCount; at++) highest = Math.max(highest, totals[found[at] ?? 0] ?? 0);
  return highest;
}

/** The factor for each verb that a name may have; a name or a query without one is as good as any. */
function toVerbFactors(verb: number, lexicon: Lexicon): Float64Array {
  const { sameVerb, otherVerb } = TOOL_WEIGHTS;
  const factors = Float64Array.from(
    lexicon.agreeingWith(verb),
    (agrees) => agrees === 1 ? sameVerb : otherVerb,
  );
  return verb === 0 ? factors.fill(1) : factors.fill(1, 0, 1);
}

/** Scores servers as if each was one text made of its tools: one that many words point at is meant. */
class ServerScores {
  readonly #corpus: Corpus;
  readonly #serverOf: Uint32Array;
  readonly #totals: Float64Array;
  /** Of one word: what the tools of a server got, and which servers those were. */
  readonly #sums: Float64Array;
  readonly #touched: Int32Array;
  #count = 0;

  constructor(corpus: Corpus) {
    this.#corpus = corpus;
    this.#serverOf = corpus.serverOf;
    this.#totals = new Float64Array(corpus.servers.capacity);
    this.#sums = new Float64Array(corpus.servers.capacity);
    this.#touched = new Int32Array(corpus.servers.capacity);
  }

  add(document: number, score: number): void {
    const server = this.#serverOf[document] ?? 0;
    const sum = this.#sums[server] ?? 0;
    if (sum === 0) this.#touched[this.#count++] = server;
    this.#sums[server] = sum + score;
  }

  /** Takes what a word gave, whose best part had this weight. */
  endWord(weight: number): void {
    const { servers, size } = this.#corpus;
    const { serverSizeEffect: effect, serverSaturation } = TOOL_WEIGHTS;
    const count = this.#count;
    const rarity = Math.log(1 + (servers.count - count + 0.5) / (count + 0.5));
    const scale = servers.count / size;
    for (let at = 0; at < count; at++) {
      const server = this.#touched[at] ?? 0;
      const relativeSize = servers.sizeOf(server) * scale;
      const sum = (this.#sums[server] ?? 0) / (weight * (1 - effect + effect * relativeSize));
      this.#totals[server] = (this.#totals[server] ?? 0) + rarity * sum / (sum + serverSaturation);
      this.#sums[server] = 0;
    }
    this.#count = 0;
  }

  /** What each server adds to its tools. */
  toParts(): Float64Array {
    const totals = this.#totals;
    let highest = 0;
    for (let server = 0; server < totals.length; server++) highest = Math.max(highest, totals[server] ?? 0);
    for (let server = 0; server < totals.length && highest > 0; server++) {
      const share = (totals[server] ?? 0) / highest;
      // To the power of 1.5, so that the best server stands out.
      totals[server] = TOOL_WEIGHTS.server * share * Math.sqrt(share);
    }
    return totals;
  }
}
