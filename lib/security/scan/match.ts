import type { FamilyRule, Step } from "./families.ts";
import type { Occurrence, Occurrences } from "./lexicon.ts";
import { keepNeeds } from "./needs.ts";
import { STEPS, type Token } from "./tokens.ts";

/** Where a rule applies: token numbers, both included. */
export interface Match {
  readonly rule: FamilyRule;
  readonly first: number;
  readonly last: number;
}

/**
 * Finds where rules apply. For each step it is worked out backwards from which
 * places the rest of the rule can still be reached, so the time is linear in
 * the text for any text.
 */
export function matchRules(
  rules: readonly FamilyRule[],
  tokens: readonly Token[],
  found: Occurrences,
): Match[] {
  const unions = new Map<string, readonly Occurrence[]>();
  const matches: Match[] = [];
  for (const rule of needsOf(rules).met(classesIn(found))) {
    const places = rule.steps.map((step) => placesOf(step, found, unions));
    for (const match of matchRule(rule, places, tokens)) matches.push(match);
  }
  return matches;
}

const needsOf = keepNeeds<FamilyRule>(({ steps }) => steps.map(({ any }) => any));

/** Classes that a text has a place of. */
function classesIn(found: Occurrences): string[] {
  const classes: string[] = [];
  for (const [name, places] of found) if (places.length > 0) classes.push(name);
  return classes;
}

function placesOf(
  { any, key }: Step,
  found: Occurrences,
  unions: Map<string, readonly Occurrence[]>,
): readonly Occurrence[] {
  const [only] = any;
  if (any.length === 1 && only !== undefined) return found.get(only) ?? [];
  const known = unions.get(key);
  if (known !== undefined) return known;
  const lists = any.flatMap((name) => {
    const list = found.get(name);
    return list === undefined || list.length === 0 ? [] : [list];
  });
  const [first = []] = lists;
  // Each list is in the order of the text already.
  const union = lists.length < 2 ? first : lists.flat().sort((a, b) => a.first - b.first || b.last - a.last);
  unions.set(key, union);
  return union;
}

/** An occurrence of one step and the earliest end of the rule from there. */
interface Reach {
  readonly at: Occurrence;
  readonly end: number;
}

function matchRule(
  rule: FamilyRule,
  places: readonly (readonly Occurrence[])[],
  tokens: readonly Token[],
): Match[] {
  let reach: readonly Reach[] = (places.at(-1) ?? []).map((at) => ({ at, end: at.last }));
  for (let step = places.length - 2; step >= 0; step--) {
    const within = rule.steps[step + 1]?.within ?? 0;
    reach = stepBack(places[step] ?? [], reach, { within, cross: rule.cross, tokens });
    if (reach.length === 0) return [];
  }
  return withoutOverlap(rule, reach);
}

interface Limits {
  readonly within: number;
  readonly cross: number;
  readonly tokens: readonly Token[];
}

function stepBack(from: readonly Occurrence[], to: readonly Reach[], limits: Limits): Reach[] {
  const { within, cross, tokens } = limits;
  const reached: Reach[] = [];
  let low = 0;
  for (const at of from) {
    while (low < to.length && (to[low]?.at.first ?? 0) <= at.first) low++;
    for (let next = low; next < to.length; next++) {
      const target = to[next];
      if (target === undefined || distance(tokens, at.last, target.at.first) > within) break;
      if (target.at.first <= at.last) continue;
      if (sentenceOf(tokens, target.at.first) - sentenceOf(tokens, at.last) > cross) break;
      reached.push({ at, end: target.end });
      break;
    }
  }
  return reached;
}

/** In words. */
function distance(tokens: readonly Token[], from: number, to: number): number {
  return ((tokens[to]?.place ?? 0) - (tokens[from]?.place ?? 0)) / STEPS;
}

function sentenceOf(tokens: readonly Token[], index: number): number {
  return tokens[index]?.sentence ?? 0;
}

function withoutOverlap(rule: FamilyRule, reach: readonly Reach[]): Match[] {
  const matches: Match[] = [];
  let end = -1;
  for (const { at, end: last } of reach) {
    if (at.first <= end) continue;
    matches.push({ rule, first: at.first, last });
    end = last;
  }
  return matches;
}
