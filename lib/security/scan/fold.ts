import { hasLookAlikes, isMixedWord, toLookAlike } from "./confusables.ts";

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
  const origins = new Origins(text.length);
  for (let at = 0; at < text.length;) {
    const end = endOfPlain(text, at);
    if (end > at) {
      parts.push(text.slice(at, end).toLowerCase());
      origins.addPlain(at, end - at);
      at = end;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const folded = foldCharacter(character);
    parts.push(folded);
    origins.add(at, folded.length);
    at += character.length;
  }
  return { text: undoLookAlikes(parts.join("")), originOf: (index) => origins.of(index) };
}

/** Whether a unit is but made lower case by folding: 1 for yes, 2 for no, 0 for not known yet. */
const plain = new Uint8Array(0x10000).fill(1, 0, 0x80);

/** Where the stretch ends that is only made lower case. */
function endOfPlain(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (plain[code] === 0) {
      const character = String.fromCharCode(code);
      plain[code] = foldCharacter(character) === character ? 1 : 2;
    }
    if (plain[code] !== 1) break;
  }
  return at;
}

/** Where in a text the units of its folded form came from, by stretches. */
class Origins {
  readonly #length: number;
  readonly #starts: number[] = [];
  readonly #sources: number[] = [];
  /** Whether a unit of the stretch is one of the text; else all of it came from one character. */
  readonly #isPlain: boolean[] = [];
  #size = 0;

  constructor(length: number) {
    this.#length = length;
  }

  addPlain(source: number, units: number): void {
    this.#push(source, units, true);
  }

  add(source: number, units: number): void {
    if (units > 0) this.#push(source, units, false);
  }

  #push(source: number, units: number, isPlain: boolean): void {
    this.#starts.push(this.#size);
    this.#sources.push(source);
    this.#isPlain.push(isPlain);
    this.#size += units;
  }

  of(index: number): number {
    if (index >= this.#size) return this.#length;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const source = this.#sources[low] ?? 0;
    return this.#isPlain[low] === true ? source + index - (this.#starts[low] ?? 0) : source;
  }
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
  if (!hasLookAlikes(text)) return text;
  return text.replace(
    /[a-z0-9_\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\u0251\u0261\u0269\u028b\u1d00-\u1d22]+/gu,
    (word) => isMixedWord(word) ? [...word].map(toLookAlike).join("") : word,
  );
}
