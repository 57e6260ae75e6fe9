/**
 * What each word says of a tool: from texts to one number a term.
 *
 * A word is indexed by its stem, and where the exact form counts, by that too,
 * with `=` before it.
 *
 * @module
 */

import type { Stemmer } from "./stems.ts";
import { type Field, FIELDS, type ToolTexts } from "./tool_fields.ts";
import { FIELD_WEIGHTS, SATURATION } from "./weights.ts";
import { cutWords, type Word } from "./words.ts";

/** Takes the weight of a term in a field, once for each time it stands there. */
type Take = (term: string, weight: number, field: Field) => void;

/** Term of the exact form of a word. */
export function toExact(word: string): string {
  return `=${word}`;
}

/** Word of a term, and whether it is the exact form. */
export function fromTerm(term: string): { readonly word: string; readonly isExact: boolean } {
  return term.startsWith("=") ? { word: term.slice(1), isExact: true } : { word: term, isExact: false };
}

/** The terms of a tool with their impact, above 0 and below 1. */
export function toImpacts(texts: ToolTexts, stemOf: Stemmer): Map<string, number> {
  const impacts = new Map<string, number>();
  eachWeight(texts, stemOf, (term, weight) => impacts.set(term, (impacts.get(term) ?? 0) + weight));
  for (const [term, weight] of impacts) impacts.set(term, weight / (SATURATION + weight));
  return impacts;
}

/** The fields that give a tool a term, with the share each has in its impact; the shares add up to 1. */
export function toShares(texts: ToolTexts, term: string, stemOf: Stemmer): Map<Field, number> {
  const shares = new Map<Field, number>();
  let sum = 0;
  eachWeight(texts, stemOf, (found, weight, field) => {
    if (found !== term) return;
    shares.set(field, (shares.get(field) ?? 0) + weight);
    sum += weight;
  });
  return new Map([...shares].map(([field, weight]) => [field, weight / sum]));
}

/** The words of a field as they are indexed. */
function toFieldWords(field: Field, text: string): Word[] {
  if (text === "") return [];
  const isName = field === "name" || field === "server";
  const words = cutWords(text, { limit: FIELD_WEIGHTS[field].maxWords, keepStopWords: isName });
  return field === "name" ? [...words, ...joinNeighbours(words)] : words;
}

/** Neighbours in one, for those who write "file system" as "filesystem". */
function joinNeighbours(words: readonly Word[]): Word[] {
  if (words.length < 3) return [];
  const parts = words.filter(({ isJoined }) => !isJoined);
  const known = new Set(words.map(({ text }) => text));
  return parts.slice(1).flatMap(({ text }, index) => {
    const joined = `${parts[index]?.text}${text}`;
    if (known.has(joined)) return [];
    known.add(joined);
    return [{ text: joined, isJoined: true }];
  });
}

function eachWeight(texts: ToolTexts, stemOf: Stemmer, take: Take): void {
  for (const field of FIELDS) {
    const words = toFieldWords(field, texts[field]);
    if (words.length === 0) continue;
    const { weight, lengthEffect, typicalLength, hasExact } = FIELD_WEIGHTS[field];
    const length = words.reduce((sum, { isJoined }) => isJoined ? sum : sum + 1, 0);
    const scaled = weight / (1 - lengthEffect + lengthEffect * length / typicalLength);
    for (const { text } of words) {
      take(stemOf(text), scaled, field);
      if (hasExact) take(toExact(text), scaled, field);
    }
  }
}
