import type { Folded } from "./fold.ts";
import { type Lexicon, lookUp, type Occurrence, push } from "./lexicon.ts";
import { findThings, isDeed, isRiskyTool, isToolLike } from "./things.ts";
import type { Token } from "./tokens.ts";

/** A text, folded and cut. */
export interface CutText {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** As it was before it was folded. */
  readonly original: string;
  readonly folded: Folded;
  /** Names of tools and parameters that are the own ones, in lower case. */
  readonly names?: ReadonlySet<string>;
}

/** Words after which a noun follows, so that the word before is a verb: "post the", "email all". */
const DETERMINER = new Set(
  ("the it its them this that these those all any every each your their his her user's a an copy full what whatever " +
    "everything both contents anything him whole entire raw").split(" "),
);
/** Classes whose words are verbs only before a determiner. */
const VERBS: Readonly<Record<string, string>> = { exfildet: "exfil", takedet: "take" };
/** Things of which the first token stands for the whole; what follows is read on its own. */
const MARKS = new Set(["comment", "tag", "strongtag", "rolemark", "chattoken"]);

/** Finds the places of words and of things, each list in the order of the text. */
export function findOccurrences(cut: CutText, lexicon: Lexicon): Map<string, Occurrence[]> {
  const found = new Map<string, Occurrence[]>();
  for (const [name, list] of lookUp(cut.tokens, lexicon)) found.set(name, [...list]);
  for (const [ambiguous, name] of Object.entries(VERBS)) {
    for (const place of found.get(ambiguous) ?? []) {
      if (DETERMINER.has(cut.tokens[place.last + 1]?.word ?? "")) push(found, name, place);
    }
  }
  found.set("ceremony", (found.get("ceremony") ?? []).filter((place) => isCeremony(cut, place)));
  found.set("duty", (found.get("duty") ?? []).filter((place) => !isCondition(cut, place)));
  // The name of a host may end in "example".
  found.set(
    "describing",
    (found.get("describing") ?? []).filter(({ first }) =>
      !/[.@/\-]/.test(cut.text.charAt((cut.tokens[first]?.from ?? 0) - 1))
    ),
  );
  addOtherTools(found);
  for (const [index, { word, quoted }] of cut.tokens.entries()) {
    if (quoted || /^\d/.test(word)) push(found, "literal", { first: index, last: index });
    if (!isToolLike(word)) continue;
    push(found, "toolname", { first: index, last: index });
    if (isForeign(cut, index)) push(found, "foreign", { first: index, last: index });
    if (isRiskyTool(word)) push(found, "riskytool", { first: index, last: index });
  }
  addThings(cut, found);
  for (const list of found.values()) list.sort((a, b) => a.first - b.first || b.last - a.last);
  return found;
}

/** A single word of importance is one only if it shouts or announces: "IMPORTANT", "Important:". */
function isCeremony({ text, tokens, original, folded }: CutText, { first, last }: Occurrence): boolean {
  const token = tokens[first];
  if (token === undefined || last > first) return true;
  if (/^[\s*_]{0,4}[:!]/.test(text.slice(token.to, token.to + 6))) return true;
  const written = original.slice(folded.originOf(token.from), folded.originOf(token.to));
  return written !== written.toLowerCase() && written === written.toUpperCase();
}

/** "When you need to …" says when the tool is of use, and obliges nobody. */
function isCondition({ tokens }: CutText, { first, last }: Occurrence): boolean {
  if (tokens[last]?.word !== "to") return false;
  const before = [tokens[first - 1], tokens[first - 2]];
  return before.some((token) => token !== undefined && /^(?:when|whenever|if|where)$/.test(token.word));
}

const REFERRING = /^(?:in|to|of|for|on|when|whenever|if|all|every|any|each)$/;

/** "Handed to send_email": the name of a deed that neither its own server nor its own parameters have. */
function isForeign({ tokens, names }: CutText, index: number): boolean {
  const word = tokens[index]?.word ?? "";
  if (names === undefined || names.has(word) || !isDeed(word)) return false;
  return REFERRING.test(tokens[index - 1]?.word ?? "");
}

/** "Other tools" with a word between: "the other database tools". */
function addOtherTools(found: Map<string, Occurrence[]>): void {
  const tools = found.get("toolword") ?? [];
  for (const { first, last } of found.get("other") ?? []) {
    const tool = tools.find((place) => place.first > last && place.first - last <= 2);
    if (tool !== undefined) push(found, "othertools", { first, last: tool.last });
  }
}

function addThings({ text, tokens }: CutText, found: Map<string, Occurrence[]>): void {
  let low = 0;
  for (const { name, from, to } of findThings(text)) {
    while (low < tokens.length && (tokens[low]?.to ?? 0) <= from) low++;
    if (low >= tokens.length) break;
    let last = low;
    while (last + 1 < tokens.length && (tokens[last + 1]?.from ?? 0) < to) last++;
    push(found, name, { first: low, last: MARKS.has(name) ? low : last });
  }
}
