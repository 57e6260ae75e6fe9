/** Secrets that are told by arithmetic: card numbers, and texts too random to be words. */

/** A place in a text: from, to. */
export type Span = readonly [number, number];

const CARD = /(?<![\d.-])(?:\d[ -]?){12,18}\d(?![\d-]|\.\d)/g;
/** Issuers by first digits, and the lengths of their numbers. */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|65|64[4-9]|622)/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^3(?:0[0-5]|[689])/, [14, 16]],
];

/** Finds card numbers: an issuer's first digits, its length, and the check digit. */
export function findCards(text: string): Span[] {
  const found: Span[] = [];
  for (const { 0: piece, index } of text.matchAll(CARD)) {
    const digits = piece.replace(/[ -]/g, "");
    if (isCard(digits)) found.push([index, index + piece.length]);
  }
  return found;
}

function isCard(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  const isIssued = ISSUERS.some(([first, lengths]) => first.test(digits) && lengths.includes(digits.length));
  return isIssued && hasCheckDigit(digits);
}

/** The Luhn check: every second digit from the right doubled, the sum divisible by ten. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Bits for each character from which on a text is too random to be words or names. */
export const MIN_ENTROPY = 4.5;
const RANDOM = /(?<![A-Za-z0-9+/_=.:-])[A-Za-z0-9+/_-]{24,128}={0,2}(?![A-Za-z0-9+/_=-])/g;

/** Finds texts that look made by chance: long, mixed, and of high entropy. */
export function findRandom(text: string, minEntropy = MIN_ENTROPY): Span[] {
  const found: Span[] = [];
  for (const { 0: piece, index } of text.matchAll(RANDOM)) {
    if (isRandom(piece, minEntropy)) found.push([index, index + piece.length]);
  }
  return found;
}

function isRandom(piece: string, minEntropy: number): boolean {
  if (!/[a-z]/.test(piece) || !/[A-Z]/.test(piece) || !/\d/.test(piece)) return false;
  // Paths and identifiers are words with separators.
  if (/(?:[/_-][A-Za-z]{3,}){3}/.test(piece) || /^[A-Za-z]+(?:[A-Z][a-z]+)+\d*$/.test(piece)) return false;
  const digits = piece.match(/\d/g)?.length ?? 0;
  return digits >= 3 && entropyOf(piece) > minEntropy;
}

/** Shannon entropy in bits for each character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}
