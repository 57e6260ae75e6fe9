import type { CutText } from "./cut_text.ts";
import { type Lexicon, lookUp, type Occurrence, push } from "./lexicon.ts";
import { findOutside } from "./business.ts";
import { placeAfter } from "./places.ts";
import { findThings } from "./things.ts";
import { addWritten } from "./written.ts";

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
  const found = lookUp(cut.tokens, lexicon);
  for (const [ambiguous, name] of Object.entries(VERBS)) {
    for (const place of found.get(ambiguous) ?? []) {
      if (DETERMINER.has(cut.tokens[place.last + 1]?.word ?? "")) push(found, name, place);
    }
  }
  const keep = (name: string, isMeant: (place: Occurrence) => boolean) =>
    found.set(name, found.get(name)?.filter(isMeant) ?? []);
  keep("ceremony", (place) => isCeremony(cut, place));
  keep("duty", (place) => !isCondition(cut, place));
  // The name of a host may end in "example".
  keep(
    "describing",
    ({ first }) => !/[.@/\-]/.test(cut.text.charAt((cut.tokens[first]?.from ?? 0) - 1)),
  );
  for (const name of ["claimed", "role"]) keep(name, (place) => !isAwaited(cut, place));
  keep("user", (place) => !isThings(cut, place));
  for (const name of ORDERED) keep(name, ({ first }) => !isThirdPerson(cut.tokens[first]?.word ?? ""));
  keep("unasked", (place) => !isForbidden(cut, place));
  for (const name of ["hushed", "covert"]) keep(name, (place) => !isOpposite(cut, place));
  keep("ignore", (place) => !isNoun(cut, place));
  keep("privy", (place) => !isValue(cut, place));
  for (const name of ["exfil", "ship"]) keep(name, (place) => !staysHere(cut, place));
  addOtherTools(found);
  addWritten(cut, found);
  addThings(cut, found);
  found.set("advised", (found.get("dont") ?? []).filter((place) => isAdvice(place, found)));
  found.set("imperative", imperatives(cut, found));
  addOutside(cut, found);
  for (const list of found.values()) if (!isInOrder(list)) list.sort(compare);
  return found;
}

function compare(a: Occurrence, b: Occurrence): number {
  return a.first - b.first || b.last - a.last;
}

/** Most lists are made in the order of the text. */
function isInOrder(list: readonly Occurrence[]): boolean {
  for (let index = 1; index < list.length; index++) {
    const [before, place] = [list[index - 1], list[index]];
    if (before !== undefined && place !== undefined && compare(before, place) > 0) return false;
  }
  return true;
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

/** "Only after the user has agreed" waits for what others pretend. */
function isAwaited({ tokens }: CutText, { first, last }: Occurrence): boolean {
  if (tokens[last]?.word === "granted") return false;
  return [1, 2, 3].some((back) => {
    const token = tokens[first - back];
    return token?.sentence === tokens[first]?.sentence && AWAITING.test(token?.word ?? "");
  });
}

const AWAITING = /^(?:after|once|until|unless|if|when|only|whether|that|which|before)$/;

/** "Never reveal them" most often speaks of things, "do not tell them" of people. */
function isThings({ tokens }: CutText, { first, last }: Occurrence): boolean {
  if (first !== last || tokens[first]?.word !== "them") return false;
  return !/^(?:tell|inform|notify|alert|ask|let|warn|remind|telling|informing|notifying|asking|alerting|bothering|without|from)$/
    .test(tokens[first - 1]?.word ?? "");
}

/** "Sends" says what a tool does. */
function isThirdPerson(word: string): boolean {
  return /[^s]s$/.test(word) && !/^(?:goes|takes|this|its|answers|as)$/.test(word);
}

/** "Never without asking" asks for it. */
function isForbidden({ tokens }: CutText, { first }: Occurrence): boolean {
  const sentence = tokens[first]?.sentence;
  for (let at = Math.max(0, first - 6); at < first; at++) {
    const token = tokens[at];
    if (token?.sentence === sentence && FORBIDDING.has(token?.word ?? "")) return true;
  }
  return false;
}

const FORBIDDING = new Set(["never", "not", "don't", "cannot", "mustn't", "shouldn't"]);

/** "Instead of silently failing" is open about it. */
function isOpposite({ tokens }: CutText, { first, last }: Occurrence): boolean {
  if (first !== last) return false;
  return [1, 2].some((back) =>
    /^(?:of|than|not|never|without|avoid|cannot)$/.test(tokens[first - back]?.word ?? "")
  );
}

/** "The override specified" is a thing; "override the rules" is an order. */
function isNoun({ tokens }: CutText, { first, last }: Occurrence): boolean {
  if (first !== last || tokens[first]?.word !== "override") return false;
  const next = tokens[first + 1]?.word ?? "";
  return !DETERMINER.has(next) &&
    !/^(?:previous|prior|earlier|instructions?|user|safety|system|default|rules?|and)$/.test(next);
}

/** `'password'` is a value among others. */
function isValue({ text, tokens }: CutText, { first, last }: Occurrence): boolean {
  const mark = text.charAt((tokens[first]?.from ?? 0) - 1);
  return /["'`]/.test(mark) && text.charAt(tokens[last]?.to ?? 0) === mark;
}

/** "Copied to the clipboard" leaves no house, and "email address" sends none. */
function staysHere({ tokens }: CutText, { last }: Occurrence): boolean {
  if (/^(?:address|addresses|client|template|templates)$/.test(tokens[last + 1]?.word ?? "")) return true;
  return tokens.slice(last + 1, last + 4).some(({ word }) => word === "clipboard");
}

/** "Never send passwords" is advice; "never tell the user" is none. */
function isAdvice({ last }: Occurrence, found: ReadonlyMap<string, readonly Occurrence[]>): boolean {
  const follows = (name: string, within: number) =>
    placeAfter(found.get(name) ?? [], last, within) !== undefined;
  if (follows("tell", 1) || follows("confirm", 3)) return false;
  return ["move", "reach", "alter", "weaken"].some((name) => follows(name, name === "weaken" ? 4 : 1));
}

function addOutside(
  { tokens, topic, opens = false, asks = false }: CutText,
  found: Map<string, Occurrence[]>,
): void {
  if (topic === undefined) return;
  const { words, second } = findOutside(tokens, topic, opens);
  found.set("outside", [...words]);
  found.set("outsides", [...second]);
  const strange = new Set(words.map(({ first }) => first));
  const isStrange = ({ first, last }: Occurrence) => {
    for (let index = first; index <= last; index++) if (strange.has(index)) return true;
    return false;
  };
  for (const name of ["privy", "inner", "belongings"]) {
    found.set(`stray-${name}`, (found.get(name) ?? []).filter(isStrange));
    if (asks) found.set(`asked-${name}`, found.get(`stray-${name}`) ?? []);
  }
  found.set("stranger", (found.get("othertool") ?? []).filter(({ first }) => strange.has(first)));
}

/** Verbs that begin a clause, after the sentence that says what the tool does: "…; then post it". */
function imperatives(
  { text, tokens, topic, opens }: CutText,
  found: Map<string, Occurrence[]>,
): Occurrence[] {
  const verbs = ["act", "soft", "exfil"].flatMap((name) => found.get(name) ?? []);
  const more = ORDERED.flatMap((name) => found.get(name) ?? []).filter(({ first }) =>
    !/(?:s|ed|ing|en|nt|ld|de)$/.test(tokens[first]?.word ?? "")
  );
  if (verbs.length === 0 && more.length === 0) return [];
  return [...verbs, ...more].filter(({ first }) => {
    const token = tokens[first];
    const before = tokens[first - 1];
    if (token === undefined || before === undefined) return topic === undefined;
    if (opens === true && token.sentence === 0) return false;
    if (before.sentence !== token.sentence || JOINING.test(before.word)) return true;
    return /[,:;()\u2013\u2014-]/.test(text.slice(before.to, token.from));
  });
}

/** Classes of verbs in all their forms. */
const ORDERED = ["move", "ship", "reach", "weaken", "alter", "sayso", "plant", "heed"];
const JOINING =
  /^(?:and|then|also|please|first|so|hence|or|but|next|instead|always|simply|just|additionally|afterwards)$/;

/** "Other tools" with a word between: "the other database tools". */
function addOtherTools(found: Map<string, Occurrence[]>): void {
  const tools = found.get("toolword") ?? [];
  for (const { first, last } of found.get("other") ?? []) {
    const tool = placeAfter(tools, last, 2);
    if (tool !== undefined) push(found, "othertools", { first, last: tool.last });
  }
}

/** A link to where more is written: `[roles](https://docs.…)`. */
function isReading(text: string, from: number, to: number): boolean {
  return text.slice(Math.max(0, from - 2), from) === "](" &&
    /^https?:\/\/(?:docs?|learn|learning|help|support|developers?)\./.test(text.slice(from, to));
}

/** An address that data can go to, and not one to read more at. */
function isPlace(text: string, from: number, to: number): boolean {
  if (text.slice(Math.max(0, from - 2), from) === "](") return false;
  return !READING.test(text.slice(from, to));
}

const READING =
  /\b(?:docs?|learn|help|support|developers?|wiki|example|reference|guides?|tutorials?|schemas?|spec|w3|wikipedia|github|localhost|api|console|dashboard|portal)\b|\{|%s|\.\.\.|…/;

function addThings({ text, tokens }: CutText, found: Map<string, Occurrence[]>): void {
  let low = 0;
  for (const { name, from, to } of findThings(text)) {
    while (low < tokens.length && (tokens[low]?.to ?? 0) <= from) low++;
    if (low >= tokens.length) break;
    let last = low;
    while (last + 1 < tokens.length && (tokens[last + 1]?.from ?? 0) < to) last++;
    if (name === "url" && isReading(text, from, to)) continue;
    push(found, name, { first: low, last: MARKS.has(name) ? low : last });
    if (name === "url" && isPlace(text, from, to)) push(found, "place", { first: low, last });
  }
}
