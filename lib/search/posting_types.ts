import type { VocabularyTable } from "./vocabulary.ts";

/** Terms by place, as the entries of documents that were saved name them. */
export interface SavedTerms {
  /** Two numbers of the key of each. */
  readonly keys: Uint32Array;
  termAt(place: number): string;
  /** Number of each term where it is known already, else -1; filled in as documents are added. */
  readonly ids: Int32Array;
}

/** Postings as they are kept. */
export interface PackedPostings {
  /** Where the entries of each document start, and at last where they end. */
  readonly starts: Uint32Array;
  /** As {@link Postings.entriesOf} gives them, one document after the other. */
  readonly entries: Uint32Array;
  /** By number. */
  readonly terms: SavedTerms;
  readonly vocabulary: VocabularyTable;
  /** Start, count and room of the postings of each term. */
  readonly blocks: Uint32Array;
  readonly arena: Uint32Array;
}
