import type { FamilyRule } from "./families.ts";
import type { Occurrences } from "./lexicon.ts";
import type { Match } from "./match.ts";

/** What stands together in one sentence, in whatever order. */
export interface Frame {
  readonly rule: FamilyRule;
  /** Of each group one class has to be there. */
  readonly all: readonly (readonly string[])[];
  /** None of these may be there. */
  readonly none: readonly string[];
}

/** Places of the classes of one sentence: the first of each. */
type Sentence = Map<string, { readonly first: number; readonly last: number }>;

/**
 * Finds the frames of each sentence. Linear: each looks at each class of a
 * sentence once.
 *
 * @param numbers Of `numbersOf`.
 */
export function matchFrames(
  frames: readonly Frame[],
  found: Occurrences,
  numbers: readonly number[],
): Match[] {
  const near = frames.filter(({ all }) => all.every((group) => group.some((name) => found.has(name))));
  if (near.length === 0) return [];
  return [...sentencesOf(near, found, numbers).values()].flatMap((sentence) =>
    near.flatMap((frame) => matchFrame(frame, sentence))
  );
}

function sentencesOf(
  frames: readonly Frame[],
  found: Occurrences,
  numbers: readonly number[],
): Map<number, Sentence> {
  const sentences = new Map<number, Sentence>();
  for (const name of new Set(frames.flatMap(({ all, none }) => [...all.flat(), ...none]))) {
    let last = -1;
    for (const place of found.get(name) ?? []) {
      const number = numbers[place.first] ?? 0;
      if (number === last) continue;
      last = number;
      const known = sentences.get(number);
      if (known === undefined) sentences.set(number, new Map([[name, place]]));
      else known.set(name, place);
    }
  }
  return sentences;
}

function matchFrame({ rule, all, none }: Frame, sentence: Sentence): Match[] {
  if (none.some((name) => sentence.has(name))) return [];
  let first = Infinity;
  let last = 0;
  for (const group of all) {
    const name = group.find((name) => sentence.has(name));
    const place = name === undefined ? undefined : sentence.get(name);
    if (place === undefined) return [];
    first = Math.min(first, place.first);
    last = Math.max(last, place.last);
  }
  return [{ rule, first, last }];
}
