/**
 * Postings in one piece, as a restart takes them: documents are numbered 1, 2,
 * 3 and so on, terms 0, 1, 2, and every list has just the room it needs.
 *
 * @module
 */

import type { PackedPostings } from "./posting_types.ts";
import { IMPACT_BITS, MAX_IMPACT, type Postings } from "./postings.ts";
import { MAX_TERM, toTermKey, Vocabulary } from "./vocabulary.ts";

/** The same with terms as they are written. */
export interface PostingsToKeep extends Omit<PackedPostings, "terms"> {
  /** Two numbers for each term. */
  readonly keys: Uint32Array;
  /** All terms, one after the other. */
  readonly text: string;
}

/**
 * Packs postings with a term or a document at each step; they must not change meanwhile.
 *
 * @param documents By new number, from the place 0 on for the document 1.
 * @returns `undefined` if a term is too long for its key.
 */
export function* stepsToPack(
  postings: Postings,
  documents: readonly number[],
): Generator<void, PostingsToKeep | undefined> {
  const lists = yield* packLists(postings, toNewNumbers(documents));
  if (lists === undefined) return undefined;
  const { termNumbers, ...kept } = lists;
  const starts = new Uint32Array(documents.length + 1);
  const entries = new Uint32Array(kept.arena.length);
  let at = 0;
  for (const [place, document] of documents.entries()) {
    for (const entry of postings.entriesOf(document)) {
      entries[at++] = ((termNumbers[entry >>> IMPACT_BITS] ?? 0) << IMPACT_BITS | entry & MAX_IMPACT) >>> 0;
    }
    yield void (starts[place + 1] = at);
  }
  return { ...kept, starts, entries };
}

function* packLists(postings: Postings, numbers: Uint32Array) {
  const termNumbers = new Uint32Array(postings.capacity);
  const vocabulary = new Vocabulary();
  const [texts, keys, blocks]: [string[], number[], number[]] = [[], [], []];
  const arena = new Uint32Array(countPostings(postings));
  let at = 0;
  for (let id = 0; id < postings.capacity; id++) {
    const size = postings.sizeOf(id);
    if (size === 0) continue;
    const term = postings.glimpse(id);
    if (term.length > MAX_TERM) return undefined;
    const key = toTermKey(term);
    vocabulary.add(...key, termNumbers[id] = texts.push(term) - 1);
    keys.push(...key);
    blocks.push(at, size, size);
    const start = postings.startOf(id);
    for (const posting of postings.all.subarray(start, start + size)) {
      arena[at++] = ((numbers[posting >>> IMPACT_BITS] ?? 0) << IMPACT_BITS | posting & MAX_IMPACT) >>> 0;
    }
    yield;
  }
  return {
    termNumbers,
    arena,
    vocabulary: vocabulary.table,
    keys: Uint32Array.from(keys),
    blocks: Uint32Array.from(blocks),
    text: texts.join(""),
  };
}

function countPostings(postings: Postings): number {
  let sum = 0;
  for (let id = 0; id < postings.capacity; id++) sum += postings.sizeOf(id);
  return sum;
}

function toNewNumbers(documents: readonly number[]): Uint32Array {
  const numbers = new Uint32Array(documents.reduce((most, document) => Math.max(most, document), 0) + 1);
  for (const [place, document] of documents.entries()) numbers[document] = place + 1;
  return numbers;
}
