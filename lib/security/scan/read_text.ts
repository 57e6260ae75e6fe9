import { ADVICE_FAMILIES, SOFT_FAMILIES, TRADE_FAMILIES } from "./family_names.ts";
import type { FamilyRule } from "./families.ts";
import type { Field } from "./fields.ts";
import { fold, type Folded } from "./fold.ts";
import { type Frame, matchFrames } from "./frames.ts";
import type { Lexicon, Occurrence, Occurrences } from "./lexicon.ts";
import { type Match, matchRules } from "./match.ts";
import { findOccurrences } from "./occurrences.ts";
import { createPlaces, type Places } from "./places.ts";
import { numbersOf } from "./stretches.ts";
import { spaceName, type Token, tokenize } from "./tokens.ts";

/** What the grammar works with. */
export interface Grammar {
  readonly lexicon: Lexicon;
  readonly rules: readonly FamilyRule[];
  readonly frames: readonly Frame[];
  /** Whether sentences are compared with those of poisoned descriptions. */
  readonly hasLikeness: boolean;
}

/** Tokens over which things add up; far apart in a long text they have nothing to do with each other. */
const WINDOW = 90;
/** What the first, second and third rule of a family add; further ones add nothing. */
const REPEATED = [1, 0.5, 0.25];
/** What is left of a thing that is quoted, talked about, or both. */
const DAMPED = { quoted: 0.5, described: 0.35, both: 0.25, trade: 0.4, name: 0.5 };
/** Tokens at the start of a description that say what the tool is for. */
const OPENING = 1;
/** Words of a name that is no sentence. */
const NAME_WORDS = 4;
/** Tokens over which a "never" reaches. */
const DENIED_NEAR = 2;
const DENIED_FAR = 9;
/** Tokens over which "detects" reaches a phrase in quotation marks, sentences notwithstanding. */
const QUOTED_NEAR = 40;
/** What emphasis counts where there is nothing else, and what it can come to then. */
const ALONE = 0.65;
const MOST_ALONE = 2.5;
/** From what on something else is there. */
const SUBSTANCE = 1.5;

/** A text as the rules have read it. */
export interface ReadText {
  /** As it was read: a name has got spaces. */
  readonly text: string;
  readonly folded: Folded;
  readonly tokens: readonly Token[];
  readonly found: Occurrences;
  readonly numbers: readonly number[];
  /** The rules that it meets, at what is left of their weight here. */
  readonly weighed: readonly Weighed[];
  /** What those add up to, and which of them. */
  readonly said: number;
  readonly members: readonly Weighed[];
}

/** Reads a text by rules and frames. Linear. */
export function readText(field: Field, { lexicon, rules, frames }: Grammar): ReadText {
  const { text, pointer, role } = field;
  const isName = role === "name" || role === "key";
  // A key with spaces in it is a sentence, whose paths would fall apart.
  const read = isName && !text.includes(" ") ? spaceName(text) : text;
  const folded = fold(read);
  const tokens = tokenize(folded);
  if (tokens.length < 2) {
    return { text: read, folded, tokens, found: new Map(), numbers: [], weighed: [], said: 0, members: [] };
  }
  const found = findOccurrences({ ...field, text: folded.text, tokens, original: read, folded }, lexicon);
  const numbers = numbersOf(tokens);
  const matches = [...matchRules(rules, tokens, found), ...matchFrames(frames, found, numbers)];
  const reading = {
    tokens,
    described: describedIn(tokens, found.get("describing") ?? []),
    denied: createPlaces((found.get("dont") ?? []).filter((place) => !isReminder(tokens, place))),
    refused: createPlaces(found.get("noway") ?? []),
    isOpening: pointer === "/description",
    isShortName: isName && tokens.length <= NAME_WORDS,
  };
  const weighed = matches.map((match) => ({ match, weight: weigh(match, reading) }))
    .filter(({ weight }) => weight > 0);
  const { score: said, members } = bestWindow(weighed);
  return { text: read, folded, tokens, found, numbers, weighed, said, members };
}
/** A text and what in it bears on the weight of a match. */
interface Reading {
  readonly tokens: readonly Token[];
  readonly described: Described;
  readonly denied: Places;
  /** Denials of other languages, which stand before the verb or behind it. */
  readonly refused: Places;
  /** Whether the text starts with what the tool does. */
  readonly isOpening: boolean;
  /** Whether it names a thing and says nothing: `jailbreak_test`. */
  readonly isShortName: boolean;
}

/** Words such as "detects". */
interface Described {
  readonly near: Places;
  /** By sentence, where the first of them ends. */
  readonly ends: ReadonlyMap<number, number>;
}

function describedIn(tokens: readonly Token[], places: readonly Occurrence[]): Described {
  const ends = new Map<number, number>();
  for (const { first, last } of places) {
    const sentence = tokens[first]?.sentence ?? -1;
    ends.set(sentence, Math.min(last, ends.get(sentence) ?? Infinity));
  }
  return { near: createPlaces(places), ends };
}

/** "Do not forget to send it" denies nothing. */
function isReminder(tokens: readonly Token[], { last }: Occurrence): boolean {
  return /^(?:forget|fail|hesitate)$/.test(tokens[last + 1]?.word ?? "");
}

/** "Do not send without approval" asks for consent. */
function isDoubleDenial(tokens: readonly Token[], first: number, last: number): boolean {
  const words = tokens.slice(first, last + 1).map(({ word }) => word);
  return /^(?:do|don't|never|not|cannot)$/.test(words[0] ?? "") && words.includes("without");
}

function weigh({ rule, first, last }: Match, text: Reading): number {
  const { tokens, described, denied, refused, isOpening, isShortName } = text;
  const sentence = tokens[first]?.sentence;
  // A command in code marks is meant to be run; a phrase in quotation marks may be only talked about.
  const isQuoted = rule.family !== "shell" && tokens[first]?.quoted === true &&
    tokens[last]?.quoted === true &&
    last > first;
  const isDescribed = isQuoted
    ? described.near.some(
      first - QUOTED_NEAR,
      first,
      ({ last }) => last < first && first - last <= QUOTED_NEAR,
    )
    : (described.ends.get(sentence ?? -1) ?? Infinity) < first;
  const reach = rule.family === "consent" ? DENIED_FAR : DENIED_NEAR;
  const isDenied = ADVICE_FAMILIES.has(rule.family) &&
    denied.some(
      first - reach,
      first,
      (place) =>
        place.last < first && first - place.last <= reach && tokens[place.first]?.sentence === sentence,
    );
  const isRefused = ADVICE_FAMILIES.has(rule.family) &&
    refused.some(
      first - DENIED_NEAR,
      last + DENIED_NEAR,
      (place) =>
        place.first >= first - DENIED_NEAR && place.last <= last + DENIED_NEAR &&
        tokens[place.first]?.sentence === sentence,
    );
  if (isDenied || isRefused || rule.family === "consent" && isDoubleDenial(tokens, first, last)) return 0;
  // "Deletes all files" as the first words says what the tool is for.
  const isTrade = isOpening && first <= OPENING && TRADE_FAMILIES.has(rule.family);
  const damping = isQuoted && isDescribed
    ? DAMPED.both
    : isDescribed
    ? DAMPED.described
    : isQuoted
    ? DAMPED.quoted
    : 1;
  return rule.weight * damping * (isTrade ? DAMPED.trade : 1) * (isShortName ? DAMPED.name : 1);
}

/** A rule that a text meets, and what is left of its weight there. */
export interface Weighed {
  readonly match: Match;
  readonly weight: number;
}

/** Finds the stretch of text with the highest score, in one pass. */
function bestWindow(weighed: readonly Weighed[]): { score: number; members: readonly Weighed[] } {
  const sorted = [...weighed].sort((a, b) => a.match.first - b.match.first);
  const inside = new Map<string, Map<number, number>>();
  let best = { score: 0, from: 0, to: 0 };
  let from = 0;
  for (const [index, newest] of sorted.entries()) {
    while (newest.match.first - (sorted[from]?.match.first ?? 0) > WINDOW) count(inside, sorted[from++], -1);
    // More of the same adds nothing, so there is nothing to work out again.
    if (count(inside, newest, 1) > 1) continue;
    const score = scoreOf(inside);
    if (score > best.score) best = { score, from, to: index + 1 };
  }
  return { score: best.score, members: sorted.slice(best.from, best.to) };
}

/** Counts the weights of each rule inside the window. */
function count(
  inside: Map<string, Map<number, number>>,
  member: Weighed | undefined,
  change: number,
): number {
  if (member === undefined) return 0;
  const { match: { rule: { id } }, weight } = member;
  const weights = inside.get(id) ?? new Map<number, number>();
  inside.set(id, weights);
  const left = (weights.get(weight) ?? 0) + change;
  if (left > 0) weights.set(weight, left);
  else weights.delete(weight);
  return left;
}

/** Each rule counts once, and further rules of a family count less and less. */
function scoreOf(inside: ReadonlyMap<string, ReadonlyMap<number, number>>): number {
  const families = new Map<string, number[]>();
  for (const [id, weights] of inside) {
    if (weights.size === 0) continue;
    const family = id.slice(0, id.indexOf("."));
    const heaviest = Math.max(...weights.keys());
    const known = families.get(family);
    if (known === undefined) families.set(family, [heaviest]);
    else known.push(heaviest);
  }
  let soft = 0;
  let hard = 0;
  for (const [family, weights] of families) {
    weights.sort((a, b) => b - a);
    const sum = REPEATED.reduce((total, share, index) => total + share * (weights[index] ?? 0), 0);
    if (SOFT_FAMILIES.has(family)) soft += sum;
    else hard += sum;
  }
  const said = hard >= SUBSTANCE ? hard + soft : Math.min(MOST_ALONE, hard + soft * ALONE);
  return Math.round(said * 100) / 100;
}
