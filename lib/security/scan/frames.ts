import type { FamilyRule } from "./families.ts";
import type { Occurrence, Occurrences } from "./lexicon.ts";
import type { Match } from "./match.ts";
import { keepNeeds } from "./needs.ts";

/** What stands together in one sentence, in whatever order. */
export interface Frame {
  readonly rule: FamilyRule;
  /** Of each group one class has to be there. */
  readonly all: readonly (readonly string[])[];
  /** None of these may be there. */
  readonly none: readonly string[];
}

/** Places of the classes of one sentence: the first of each. */
type Sentence = Map<string, Occurrence>;

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
  const near = needsOf(frames).met(found.keys());
  if (near.length === 0) return [];
  const matches: Match[] = [];
  for (const sentence of sentencesOf(near, found, numbers).values()) {
    for (const frame of near) {
      const match = matchFrame(frame, sentence);
      if (match !== undefined) matches.push(match);
    }
  }
  return matches;
}

const needsOf = keepNeeds<Frame>(({ all }) => all);
const known = new WeakMap<Frame, readonly string[]>();

/** All classes that a frame speaks of. */
function namesOf(frame: Frame): readonly string[] {
  const before = known.get(frame);
  if (before !== undefined) return before;
  const names = [...frame.all.flat(), ...frame.none];
  known.set(frame, names);
  return names;
}

function sentencesOf(
  frames: readonly Frame[],
  found: Occurrences,
  numbers: readonly number[],
): Map<number, Sentence> {
  const sentences = new Map<number, Sentence>();
  const done = new Set<string>();
  for (const frame of frames) {
    for (const name of namesOf(frame)) {
      const places = found.get(name);
      if (places === undefined || done.has(name)) continue;
      done.add(name);
      addPlaces(sentences, name, { places, numbers });
    }
  }
  return sentences;
}

interface Placed {
  readonly places: readonly Occurrence[];
  readonly numbers: readonly number[];
}

function addPlaces(sentences: Map<number, Sentence>, name: string, { places, numbers }: Placed): void {
  let last = -1;
  for (const place of places) {
    const number = numbers[place.first] ?? 0;
    if (number === last) continue;
    last = number;
    const known = sentences.get(number);
    if (known === undefined) sentences.set(number, new Map([[name, place]]));
    else known.set(name, place);
  }
}

function matchFrame({ rule, all, none }: Frame, sentence: Sentence): Match | undefined {
  if (none.some((name) => sentence.has(name))) return undefined;
  let first = Infinity;
  let last = 0;
  for (const group of all) {
    const name = group.find((name) => sentence.has(name));
    const place = name === undefined ? undefined : sentence.get(name);
    if (place === undefined) return undefined;
    first = Math.min(first, place.first);
    last = Math.max(last, place.last);
  }
  return { rule, first, last };
}
