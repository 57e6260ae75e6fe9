import type { Folded } from "./fold.ts";

/** A word, or a thing that counts as one, in a folded text. */
export interface Token {
  readonly word: string;
  /** In the folded text. */
  readonly from: number;
  readonly to: number;
  /**
   * How many words stand before it and with it, in fifths; a character of a
   * script without spaces is less than a word.
   */
  readonly place: number;
  /** Number of its sentence, from 0. */
  readonly sentence: number;
  /** Whether it stands in quotation marks or code marks. */
  readonly quoted: boolean;
}

/** Most tokens of one text; far more than {@link MAX_FIELD} of prose has. */
const MAX_TOKENS = 30_000;

// An address; a word; a mark that can end a sentence; a quotation mark; a new line with a bullet, or an empty one.
const PIECES =
  /(?<![a-z])(?:https?|ftp|wss?):\/\/[^\s<>"'`)\]}]+|[a-z0-9_\u00aa-\uffff\u{10000}-\u{10ffff}]+(?:'[a-z]+)?|[.!?;]+(?=\s|$|["'`)\]])|\n[ \t]*(?:\n|[-*•#>]|\d{1,2}[.)])|["`]|(?<![a-z0-9_])'|'(?![a-z0-9_])/gu;
const IDEOGRAPHS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Longest identifier that is a name and not a sentence, in parts. */
const NAME_PARTS = 5;
/** Steps of {@link Token.place} to a word. */
export const STEPS = 5;
/** What a character of a script without spaces is of a word, in such steps. */
const CHARACTER = 2;
/** Longest quotation; an open mark does not swallow the rest of a text. */
const MAX_QUOTED = 300;

/** Cuts a folded text into tokens. Linear. Of scripts without spaces, each character is a token. */
export function tokenize({ text }: Pick<Folded, "text">): Token[] {
  const tokens: Token[] = [];
  let sentence = 0;
  let open: { readonly mark: string; readonly at: number; readonly first: number } | undefined;
  PIECES.lastIndex = 0;
  for (let match = PIECES.exec(text); match !== null; match = PIECES.exec(text)) {
    const { 0: piece, index } = match;
    if (tokens.length >= MAX_TOKENS) break;
    if (isWord(piece)) {
      pushWord(piece, { from: index, sentence, tokens });
    } else if (piece === '"' || piece === "'" || piece === "`") {
      if (open?.mark === piece && index - open.at <= MAX_QUOTED) {
        quote(tokens, open.first);
        open = undefined;
      } else open = { mark: piece, at: index, first: tokens.length };
    } else if (!isAbbreviation(piece, tokens, index)) sentence++;
  }
  return tokens;
}

/** Tells a word from a mark; the number of a list counts as one, with the line end before it. */
function isWord(piece: string): boolean {
  const code = piece.charCodeAt(0);
  if (code === NEW_LINE) return /\d/.test(piece);
  return code >= LETTER_A || code >= DIGIT_0 && code <= DIGIT_9 || code === UNDERSCORE;
}

const NEW_LINE = 0x0a;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const UNDERSCORE = 0x5f;
const LETTER_A = 0x61;

/** "e.g. this" and "i. e." go on. */
function isAbbreviation(piece: string, tokens: readonly Token[], at: number): boolean {
  const last = tokens.at(-1);
  return piece === "." && last !== undefined && last.to === at &&
    /^(?:[a-z]|eg|ie|etc|vs|no|approx)$/.test(last.word);
}

function quote(tokens: Token[], first: number): void {
  for (let index = first; index < tokens.length; index++) {
    const token = tokens[index];
    if (token !== undefined) tokens[index] = { ...token, quoted: true };
  }
}

interface Place {
  readonly from: number;
  readonly sentence: number;
  readonly tokens: Token[];
}

function pushWord(word: string, { from, sentence, tokens }: Place): void {
  if (word.includes("://")) return pushPart(word, from, { sentence, tokens, width: STEPS });
  if (word > "\u0e00" && IDEOGRAPHS.test(word)) {
    let at = from;
    for (; at < from + word.length; at += tokens.at(-1)?.word.length ?? 1) {
      pushPart(characterAt(word, at - from), at, { sentence, tokens, width: CHARACTER });
    }
    return;
  }
  const parts = word.includes("_") ? word.split("_") : [];
  if (parts.length <= NAME_PARTS) return pushPart(word, from, { sentence, tokens, width: STEPS });
  let at = from;
  for (const part of parts) {
    if (part !== "") pushPart(part, at, { sentence, tokens, width: STEPS });
    at += part.length + 1;
  }
}

const characters: string[] = [];

/** The character at a place; the same one is the same string, which has to be hashed once only. */
function characterAt(word: string, at: number): string {
  const code = word.codePointAt(at) ?? 0;
  if (code > 0xffff) return String.fromCodePoint(code);
  return characters[code] ??= String.fromCharCode(code);
}

interface Part {
  readonly sentence: number;
  readonly tokens: Token[];
  readonly width: number;
}

function pushPart(word: string, from: number, { sentence, tokens, width }: Part): void {
  const place = (tokens[tokens.length - 1]?.place ?? 0) + width;
  tokens.push({ word, from, to: from + word.length, place, sentence, quoted: false });
}

const ONE_WORD = /^[a-z0-9]*$/;

/** Writes a name of a program as the words in it: `readAllFiles`, `read_all-files`. */
export function spaceName(name: string): string {
  if (ONE_WORD.test(name)) return name;
  return name.replace(/[_\-./]/g, " ").replace(/([a-z0-9])(?=[A-Z])/g, "$1 ");
}
