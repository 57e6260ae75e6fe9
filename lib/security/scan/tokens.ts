import type { Folded } from "./fold.ts";

/** A word, or a thing that counts as one, in a folded text. */
export interface Token {
  readonly word: string;
  /** In the folded text. */
  readonly from: number;
  readonly to: number;
  /** How many words stand before it; a character of a script without spaces is less than a word. */
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
const WORD_START = /[a-z0-9_\u00aa-\uffff\u{10000}-\u{10ffff}]/u;
const IDEOGRAPHS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Longest identifier that is a name and not a sentence, in parts. */
const NAME_PARTS = 5;
/** Share of a word that a character of a script without spaces is. */
const CHARACTER = 0.4;
/** Longest quotation; an open mark does not swallow the rest of a text. */
const MAX_QUOTED = 300;

/** Cuts a folded text into tokens. Linear. Of scripts without spaces, each character is a token. */
export function tokenize({ text }: Pick<Folded, "text">): Token[] {
  const tokens: Token[] = [];
  let sentence = 0;
  let open: { readonly mark: string; readonly at: number; readonly first: number } | undefined;
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (tokens.length >= MAX_TOKENS) break;
    if (WORD_START.test(piece)) {
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
  const push = (part: string, at: number, width = 1) => {
    const place = (tokens.at(-1)?.place ?? 0) + width;
    tokens.push({ word: part, from: at, to: at + part.length, place, sentence, quoted: false });
  };
  if (word.includes("://")) return void push(word, from);
  if (word > "\u0e00" && IDEOGRAPHS.test(word)) return pushCharacters(word, from, push);
  const parts = word.split("_");
  if (parts.length <= NAME_PARTS) return void push(word, from);
  let at = from;
  for (const part of parts) {
    if (part !== "") push(part, at);
    at += part.length + 1;
  }
}

function pushCharacters(
  word: string,
  from: number,
  push: (part: string, at: number, width: number) => void,
): void {
  let at = from;
  for (const character of word) {
    push(character, at, CHARACTER);
    at += character.length;
  }
}

/** Writes a name of a program as the words in it: `readAllFiles`, `read_all-files`. */
export function spaceName(name: string): string {
  return name.replace(/[_\-./]/g, " ").replace(/([a-z0-9])(?=[A-Z])/g, "$1 ");
}
