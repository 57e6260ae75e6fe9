import { excerpt } from "./finding.ts";

/** A text that stood encoded in another. */
export interface Decoded {
  readonly encoding:
    | "base64"
    | "hex"
    | "percent"
    | "entities"
    | "escapes"
    | "rot13"
    | "spaced"
    | "reversed"
    | "leet";
  /** Where it stood: from, to. */
  readonly span: readonly [number, number];
  readonly text: string;
}

/** Most pieces of one text that are decoded. */
const MAX_PIECES = 64;
/** Longest piece that is decoded, in UTF-16 units. */
const MAX_LENGTH = 16 * 1024;

const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEX = /(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}[\s:]?){8,}(?![0-9A-Za-z])|(?:\\x[0-9A-Fa-f]{2}){4,}/g;
const PERCENT = /(?:%[0-9A-Fa-f]{2}[\w.~-]{0,2}){4,}/g;
const ENTITIES =
  /(?:&(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,5}|lt|gt|amp|quot|apos|nbsp);\s{0,2}){2,}|&lt;[^&<>]{1,60}&gt;/g;
const ESCAPES =
  /(?:\\u[0-9A-Fa-f]{4}){3,}|(?<![\w\\])(?:\\u00[467][0-9A-Fa-f]|\\x[467][0-9A-Fa-f])(?=[a-z]{3})|\\u00(?:3[Cc])[^\\]{1,60}\\u00(?:3[Ee])/g;
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ .\-_*·|'’]{1,3}){7,}\p{L}(?![\p{L}\p{N}])/gu;

/** Two single letters in a row, which is seldom and quickly looked for. */
const HAS_SPACED = /[ .\-_*·|'’]\p{L}[ .\-_*·|'’]{1,3}\p{L}[ .\-_*·|'’]/u;

/**
 * Decodes whatever in a text is written so that a person does not read it at a
 * glance. What decodes to bytes that are no text is left out.
 *
 * Pure; one layer. Its cost is linear in the text.
 */
export function decodeAll(text: string): Decoded[] {
  if (text.length < 12) return [];
  return [
    ...decodeEach(text, BASE64, "base64", fromBase64),
    ...decodeEach(text, HEX, "hex", fromHex),
    ...text.includes("%") ? decodeEach(text, PERCENT, "percent", fromPercent) : [],
    ...text.includes("&") ? decodeEach(text, ENTITIES, "entities", fromEntities) : [],
    .../\\[ux]/.test(text) ? decodeEach(text, ESCAPES, "escapes", fromEscapes) : [],
    ...HAS_SPACED.test(text) ? decodeEach(text, SPACED, "spaced", fromSpaced) : [],
    ...decodeWhole(text),
  ];
}

function decodeEach(
  text: string,
  pattern: RegExp,
  encoding: Decoded["encoding"],
  decode: (piece: string) => string | undefined,
): Decoded[] {
  const found: Decoded[] = [];
  for (const { 0: piece, index } of text.matchAll(pattern)) {
    if (found.length >= MAX_PIECES) break;
    const decoded = decode(piece.slice(0, MAX_LENGTH));
    // One escaped letter is no text, yet it hides the word that it is in.
    if (decoded !== undefined && (encoding === "escapes" || isText(decoded))) {
      found.push({ encoding, span: [index, index + piece.length], text: decoded });
    }
  }
  return found;
}

function fromBase64(piece: string): string | undefined {
  const plain = piece.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  // A long identifier or path is not base64; encoded text has both cases and no separators.
  if (!/[a-z]/.test(plain) || !/[A-Z]/.test(plain) || plain.length % 4 === 1) return undefined;
  try {
    const binary = atob(plain);
    if (!isUtf8(binary)) return undefined;
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Sorts out most of what is no text, bytes as characters, without the cost of an exception. */
function isUtf8(binary: string): boolean {
  let following = 0;
  for (let at = 0; at < binary.length; at++) {
    const byte = binary.charCodeAt(at);
    const isFollowing = (byte & 0xc0) === 0x80;
    if (isFollowing !== following > 0) return false;
    if (isFollowing) following--;
    else if (byte >= 0x80) following = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  }
  return following === 0;
}

function fromHex(piece: string): string | undefined {
  const digits = piece.replace(/^0x/, "").replace(/\\x|[\s:]/g, "");
  const bytes = digits.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [];
  return decodeBytes(bytes);
}

function decodeBytes(bytes: readonly number[]): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

function fromPercent(piece: string): string | undefined {
  try {
    return decodeURIComponent(piece);
  } catch {
    return undefined;
  }
}

const NAMED: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function fromEntities(piece: string): string {
  return piece.replace(/&(?:#(\d{2,6})|#[xX]([0-9A-Fa-f]{2,5})|(\w+));/g, (whole, dec, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = dec === undefined ? parseInt(hex, 16) : Number(dec);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

function fromEscapes(piece: string): string {
  return piece.replace(
    /\\(?:u|x)([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})/g,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Single letters with something between them; what is wider than the rest divides words. */
function fromSpaced(piece: string): string | undefined {
  if (isAlphabet(piece)) return undefined;
  const narrow = /^\p{L}([ .\-_*·|]{1,3})/u.exec(piece)?.[1] ?? " ";
  return piece.replace(/[ .\-_*·|'’]{1,3}/gu, (gap) => gap.length > narrow.length ? " " : "");
}

/** Letters in the order of the alphabet, once or a few times, name columns or keys; no sentence is in that order. */
function isAlphabet(piece: string): boolean {
  const letters = piece.toLowerCase().match(/\p{L}/gu) ?? [];
  const breaks = letters.filter((letter, at) => at > 0 && letter <= (letters[at - 1] ?? "")).length;
  return breaks * LEAST_RUN <= letters.length;
}

const LEAST_RUN = 15;

// Words that every directive has one of, as they look when written in rot13 or backwards.
const TURNED = [
  "ignore",
  "instructions",
  "previous",
  "password",
  "credentials",
  "secret",
  "system",
  "must",
  "send",
  "token",
  "before",
  "using",
  "file",
  "user",
];
const ROT13 = new RegExp(`\\b(?:${TURNED.map(rotate).join("|")})\\b`, "i");
const REVERSED = new RegExp(`\\b(?:${TURNED.map(reverse).join("|")})\\b`, "i");
/** Signs that stand for letters which they look like. */
const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  "$": "s",
};
/** A word of letters alone is none of them, and most texts have no other. */
const LEET_SIGN = /[013457@$]/;
const LEET_WORDS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?!\\p{L}+(?![\\p{L}\\p{N}]))(?:${
    TURNED.map((word) => [...word].map(likeLeet).join("")).join("|")
  })(?![\\p{L}\\p{N}])`,
  "iu",
);

function decodeWhole(text: string): Decoded[] {
  const short = text.slice(0, MAX_LENGTH);
  const span: readonly [number, number] = [0, short.length];
  const found: Decoded[] = [];
  if (ROT13.test(short)) found.push({ encoding: "rot13", span, text: rotate(short) });
  if (REVERSED.test(short)) found.push({ encoding: "reversed", span, text: reverse(short) });
  if (LEET_SIGN.test(short) && LEET_WORDS.test(short)) {
    found.push({ encoding: "leet", span, text: fromLeet(short) });
  }
  return found;
}

function likeLeet(letter: string): string {
  const signs = Object.keys(LEET).filter((sign) => LEET[sign] === letter);
  return signs.length === 0 ? letter : `[${letter}${signs.join("")}]`;
}

function fromLeet(text: string): string {
  return text.replace(
    /[\p{L}\d@$]{3,60}/gu,
    (word) => /\p{L}/u.test(word) ? word.replace(/[013457@$]/g, (sign) => LEET[sign] ?? sign) : word,
  );
}

function rotate(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0);
    const base = code < 97 ? 65 : 97;
    return String.fromCharCode((code - base + 13) % 26 + base);
  });
}

function reverse(text: string): string {
  return [...text].reverse().join("");
}

/** Tells whether bytes were meant as text: nearly all of it printable, some of it letters. */
function isText(text: string): boolean {
  if (text.length < 4) return false;
  const sample = excerpt(text, 0, 200);
  const odd = sample.match(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\n\t\r]/gu)?.length ?? 0;
  const letters = sample.match(/[\p{L} ]/gu)?.length ?? 0;
  return odd <= sample.length * 0.05 && letters >= sample.length * 0.25;
}
