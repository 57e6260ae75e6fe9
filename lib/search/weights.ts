/**
 * Everything that was chosen by measuring. Few numbers, all round: the sets
 * they were chosen on are small, and near these values quality hardly moves
 * (see "search" in tests/bench/README.md).
 *
 * @module
 */

import type { Field } from "./tool_fields.ts";

/** How much one field says of a tool. */
export interface FieldWeight {
  /** Of a word that stands there once in a field of typical length. */
  readonly weight: number;
  /** How much the length of the field matters, from 0 (not at all) to 1. */
  readonly lengthEffect: number;
  /**
   * Words of a typical field. A constant rather than a mean over the index, so
   * that a tool counts the same whatever else is there and nothing needs to be
   * computed anew when tools come and go.
   */
  readonly typicalLength: number;
  /** Whether the exact form of a word counts beside its stem. */
  readonly hasExact: boolean;
  /** Most words taken. */
  readonly maxWords: number;
}

/** Weights by field, in the order in which they are indexed. */
export const FIELD_WEIGHTS: Readonly<Record<Field, FieldWeight>> = {
  server: { weight: 2, lengthEffect: 0.3, typicalLength: 2, hasExact: false, maxWords: 32 },
  name: { weight: 4, lengthEffect: 0.9, typicalLength: 3, hasExact: true, maxWords: 32 },
  title: { weight: 2, lengthEffect: 0.6, typicalLength: 3, hasExact: true, maxWords: 32 },
  brief: { weight: 1, lengthEffect: 0.6, typicalLength: 12, hasExact: true, maxWords: 60 },
  rest: { weight: 0.5, lengthEffect: 0.75, typicalLength: 30, hasExact: false, maxWords: 300 },
  args: { weight: 0.8, lengthEffect: 0.9, typicalLength: 5, hasExact: false, maxWords: 150 },
  argTexts: { weight: 0.2, lengthEffect: 0.9, typicalLength: 30, hasExact: false, maxWords: 300 },
};

/** Weight of a word in a tool at which half of what it can say is said. */
export const SATURATION = 2;

/** What a part of the query counts; a whole word counts 1, shared by its stem and its exact form. */
export const QUERY_WEIGHTS = {
  stem: 0.75,
  exact: 0.25,
  /** A word that means nearly the same. */
  related: 0.6,
  /** A verb for the same kind of deed. */
  verbKind: 0.4,
  /** Two neighbours written in one. */
  joined: 0.5,
  /** Each word of a phrase that stands for a word of the query. */
  phraseWord: 0.1,
  /** A word that the spelling was repaired to. */
  repaired: 0.8,
  /** Half of a word that is only known in two parts. */
  half: 0.7,
  /** Quoted text, paths, addresses and numbers: what a tool is to be given rather than what it does. */
  argument: 0.2,
  /** Sentences that tell of the person, in a query that asks for something in others. */
  background: 0.3,
  /** What a question word implies: "how far" asks for a distance. */
  question: 0.5,
};

/** What the tool as a whole adds to its words. */
export const TOOL_WEIGHTS = {
  /** The tool's verb asks for the same kind of deed as the query's, or for another. */
  sameVerb: 1.15,
  otherVerb: 0.9,
  /** The server that suits best, relative to the tool that suits best. */
  server: 0.5,
  serverSaturation: 1.6,
  serverSizeEffect: 0.75,
  /** A call ten times as many adds about a quarter of this, when usage is asked for. */
  usage: 0.1,
};
