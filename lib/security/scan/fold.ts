import { isMixedWord, toLookAlike } from "./confusables.ts";

/** A text as the rules read it, and the way back. */
export interface Folded {
  /** Lower case, no marks, no invisible characters, compatibility forms and look-alikes undone. */
  readonly text: string;
  /** Where in the original the unit at this place came from; the length maps to the length. */
  originOf(index: number): number;
}

// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
const LETTERS: Readonly<Record<string, string>> = {
  "ı": "i",
  "ß": "ss",
  "ł": "l",
  "đ": "d",
  "ø": "o",
  "æ": "ae",
  "œ": "oe",
  "’": "'",
  "‘": "'",
  "＇": "'",
  "“": '"',
  "”": '"',
  "«": '"',
  "»": '"',
  "„": '"',
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
  "。": ". ",
  "！": "! ",
  "？": "? ",
  "；": "; ",
  "\u00a0": " ",
  "\u2028": "\n",
  "\u2029": "\n",
};

/** Undoes what makes the same words look different to a program. Linear; never throws. */
export function fold(text: string): Folded {
  if (ASCII.test(text)) return { text: text.toLowerCase(), originOf: (index) => index };
  const parts: string[] = [];
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const folded = foldCharacter(character);
    parts.push(folded);
    for (let unit = 0; unit < folded.length; unit++) origins.push(at);
    at += character.length;
  }
  origins.push(text.length);
  const folded = undoLookAlikes(parts.join(""));
  return { text: folded, originOf: (index) => origins[Math.min(index, origins.length - 1)] ?? text.length };
}

const cache = new Map<string, string>();
const MAX_CACHE = 20_000;

function foldCharacter(character: string): string {
  const known = cache.get(character);
  if (known !== undefined) return known;
  const folded = compute(character);
  if (cache.size < MAX_CACHE) cache.set(character, folded);
  return folded;
}

function compute(character: string): string {
  const fixed = LETTERS[character];
  if (fixed !== undefined) return fixed;
  if (/\p{Default_Ignorable_Code_Point}|\p{Co}|\p{Cs}/u.test(character)) return "";
  const plain = character.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  return [...plain].map((letter) => LETTERS[letter] ?? letter).join("");
}

/** One unit for one unit, so that places stay as they are. */
function undoLookAlikes(text: string): string {
  return text.replace(
    /[a-z0-9_\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\u0251\u0261\u0269\u028b\u1d00-\u1d22]+/gu,
    (word) => isMixedWord(word) ? [...word].map(toLookAlike).join("") : word,
  );
}
