import { hasLookAlikes, isMixedWord } from "./confusables.ts";
import type { Field } from "./fields.ts";
import { excerpt, type Finding } from "./finding.ts";
import { decodeBits, decodeSelectors, decodeTags } from "./hidden_text.ts";
import {
  hasRightToLeft,
  isHonestJoiner,
  isHonestSelector,
  isHonestSpace,
  isPartOfFlag,
} from "./honest_marks.ts";

/** Anything but what people type: printable ASCII, tab, line ends. */
const SPECIAL = /[^\x20-\x7e\t\n]/;

/** Whatever {@link classify} may have a class for; nothing that honest texts of any script are made of. */
const ODD =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{10ffff}]/u;

/** A class of characters that nobody sees, or that moves what is seen. */
interface HiddenClass {
  readonly id: string;
  readonly message: string;
  /** What one stray of it adds; more than {@link STRAYS} of it always hold. */
  readonly weight: number;
  readonly strays: number;
}

const CLASSES = {
  tag: {
    id: "tag",
    message: "Has letters of the invisible tag block",
    weight: 4,
    strays: 0,
  },
  selector: {
    id: "selector",
    message: "Has variation selectors where there is nothing to vary",
    weight: 2,
    strays: 1,
  },
  zero: { id: "zero-width", message: "Has characters without width inside its text", weight: 2, strays: 2 },
  joiner: { id: "joiner", message: "Has joiners between letters that do not join", weight: 2, strays: 2 },
  override: {
    id: "override",
    message: "Has a direction override, so that it reads otherwise than it is",
    weight: 4,
    strays: 0,
  },
  bidi: { id: "bidi", message: "Has direction marks in a text of one direction", weight: 2, strays: 2 },
  private: {
    id: "private-use",
    message: "Has characters of the private use area",
    weight: 2,
    strays: 8,
  },
  control: { id: "control", message: "Has control characters", weight: 2, strays: 4 },
  escape: {
    id: "terminal",
    message: "Has an escape sequence that acts on a terminal",
    weight: 4,
    strays: 0,
  },
  overwrite: {
    id: "overwrite",
    message: "Has carriage returns or backspaces that overwrite what stands before them",
    weight: 4,
    strays: 0,
  },
  broken: { id: "broken", message: "Has halves of characters", weight: 2, strays: 4 },
} as const satisfies Record<string, HiddenClass>;

type ClassName = keyof typeof CLASSES;

interface Spot {
  readonly at: number;
  readonly length: number;
  readonly character: string;
}

interface Surroundings {
  readonly text: string;
  readonly pointer: string;
  /** Whether there are so many kinds that none is an accident. */
  readonly isCrowd: boolean;
  /** Everything that can stand for a digit of a hidden text. */
  readonly bits: readonly Spot[];
}

/** Three kinds of hidden characters in one text are no accident. */
const KINDS_TO_HOLD = 3;

/**
 * Finds characters that a person does not see and a model reads, or that change
 * what a person sees. Joiners, marks and selectors of honest writing (Persian,
 * Hindi, Arabic, emoji and their like) are no finding.
 *
 * Pure and linear. One finding for each class, its first place as evidence.
 */
export function findHidden({ text, pointer }: Field): Finding[] {
  if (!SPECIAL.test(text)) return [];
  const spots = ODD.test(text) ? collect(text) : new Map<ClassName, Spot[]>();
  if (spots.has("bidi") && hasRightToLeft(text)) spots.delete("bidi");
  const isCrowd = spots.size >= KINDS_TO_HOLD;
  const bits = [...spots.get("zero") ?? [], ...spots.get("joiner") ?? []].sort((a, b) => a.at - b.at);
  const findings = [...spots].map(([name, places]) =>
    toFinding(CLASSES[name], places, { text, pointer, isCrowd, bits })
  );
  return [...findings, ...findMixedWords(text, pointer), ...findStyled(text, pointer)];
}

function collect(text: string): Map<ClassName, Spot[]> {
  const spots = new Map<ClassName, Spot[]>();
  const characters = [...text];
  let at = 0;
  for (const [index, character] of characters.entries()) {
    const isOdd = character > "~" || character < " ";
    const name = isOdd && !isEdge(characters, index) ? classify(characters, index) : undefined;
    if (name !== undefined) {
      const spot = { at, length: character.length, character };
      const known = spots.get(name);
      if (known === undefined) spots.set(name, [spot]);
      else known.push(spot);
    }
    at += character.length;
  }
  return spots;
}

/** A space without width at either end comes along when a text is copied, and hides nothing. */
function isEdge(characters: readonly string[], index: number): boolean {
  const isFirst = index === 0 || index === characters.length - 1;
  return isFirst && /^[\u200b\ufeff\u200e\u200f]$/.test(characters[index] ?? "");
}

function classify(characters: readonly string[], index: number): ClassName | undefined {
  const code = characters[index]?.codePointAt(0) ?? 0;
  if (code < 0xa0) return classifyControl(characters, index, code);
  if (code >= 0xd800 && code <= 0xdfff) return "broken";
  if (code === 0x202d || code === 0x202e) return "override";
  if (code >= 0xe0000 && code <= 0xe007f) return isPartOfFlag(characters, index) ? undefined : "tag";
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) {
    return isHonestSelector(characters, index) ? undefined : "selector";
  }
  if (code === 0x200c || code === 0x200d) return isHonestJoiner(characters, index) ? undefined : "joiner";
  if (isDirectionMark(code)) return "bidi";
  if (isUnseen(code)) return isHonestSpace(characters, index) ? undefined : "zero";
  if ((code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000) return "private";
  return undefined;
}

function classifyControl(characters: readonly string[], index: number, code: number): ClassName | undefined {
  if (code === 0x0a || code === 0x09 || (code >= 0x20 && code < 0x7f)) return undefined;
  if (code === 0x0d) return isLineEnd(characters, index) ? undefined : "overwrite";
  if (code === 0x08) return "overwrite";
  if (code === 0x1b || code === 0x9b || code === 0x9d || code === 0x90) return "escape";
  return "control";
}

/** A carriage return before a line feed or at the end overwrites nothing. */
function isLineEnd(characters: readonly string[], index: number): boolean {
  const next = characters[index + 1];
  return next === undefined || next === "\n" || next === "\r" && characters[index + 2] === "\n";
}

function isDirectionMark(code: number): boolean {
  return code === 0x061c || code === 0x200e || code === 0x200f || (code >= 0x202a && code <= 0x202c) ||
    (code >= 0x2066 && code <= 0x2069);
}

/** Takes no room and stands in no honest prose: spaces without width, fillers, invisible operators. */
function isUnseen(code: number): boolean {
  return code === 0x200b || code === 0xfeff || (code >= 0x2060 && code <= 0x2064) ||
    (code >= 0x206a && code <= 0x206f) || code === 0x180e || code === 0x115f || code === 0x1160 ||
    code === 0x3164 || code === 0xffa0 || code === 0x034f || code === 0x00ad || code === 0x17b4 ||
    code === 0x17b5 || code === 0x2800 || (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0x1d173 && code <= 0x1d17a);
}

function toFinding(
  known: HiddenClass,
  spots: readonly Spot[],
  { text, pointer, isCrowd, bits }: Surroundings,
): Finding {
  const first = spots[0]?.at ?? 0;
  const last = spots.at(-1);
  const to = last === undefined ? first : last.at + last.length;
  const decoded = decode(known.id, spots, bits);
  const holds = isCrowd || spots.length > known.strays || decoded !== undefined;
  return {
    rule: `unicode.${known.id}`,
    family: "unicode",
    tag: "SAFE-T1402",
    weight: holds ? 4 : known.weight,
    pointer,
    span: [first, to],
    text: excerpt(text, first, to),
    ...(decoded === undefined ? {} : { decoded }),
    message: `${known.message} (${spots.length})`,
  };
}

/** Digits may be written with characters of two classes. */
function decode(id: string, spots: readonly Spot[], bits: readonly Spot[]): string | undefined {
  const characters = (places: readonly Spot[]) => places.map(({ character }) => character);
  if (id === "tag") return decodeTags(characters(spots));
  if (id === "selector") return decodeSelectors(characters(spots));
  return id === "zero-width" || id === "joiner" ? decodeBits(characters(bits)) : undefined;
}

function findMixedWords(text: string, pointer: string): Finding[] {
  if (!hasLookAlikes(text)) return [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    if (!isMixedWord(word)) continue;
    const span: [number, number] = [index, index + word.length];
    const message = "Has a word that mixes letters of two scripts that look alike";
    return [{
      rule: "unicode.mixed-script",
      family: "unicode",
      tag: "SAFE-T1402",
      weight: 2.5,
      pointer,
      span,
      text: excerpt(text, ...span),
      message,
    }];
  }
  return [];
}

// Fullwidth and mathematical letters read as Latin ones and match no plain search.
const STYLED = /(?:[\uff21-\uff3a\uff41-\uff5a]|[\u{1d400}-\u{1d6a3}]|[\u24d0-\u24e9]){5,}/u;

function findStyled(text: string, pointer: string): Finding[] {
  const found = STYLED.exec(text);
  if (found === null) return [];
  const span: [number, number] = [found.index, found.index + found[0].length];
  return [{
    rule: "unicode.styled",
    family: "unicode",
    tag: "SAFE-T1402",
    weight: 1,
    pointer,
    span,
    text: excerpt(text, ...span),
    decoded: excerpt(found[0].normalize("NFKC"), 0, found[0].length),
    message: "Has Latin words in letters that only look like them",
  }];
}
