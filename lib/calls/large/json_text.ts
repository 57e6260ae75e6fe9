/**
 * Works on the text of JSON rather than on its values, so that numbers of any
 * size and the form of the text stay as their server wrote them.
 *
 * @module
 */

import { clusterStart } from "./characters.ts";

/** From its first character to the one after its last. */
export type Span = readonly [start: number, end: number];

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * Gives the elements of an array.
 *
 * @param text Valid JSON.
 * @param start Where the array begins.
 */
export function elementsAt(text: string, start: number): { elements: Span[]; end: number } {
  const elements: Span[] = [];
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text.charCodeAt(at) !== 0x5d) {
    const end = endOfValue(text, at);
    elements.push([at, end]);
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  }
  return { elements, end: at };
}

/**
 * Finds where the value at a path begins; of members with one name the last
 * counts, as it does for a parser.
 *
 * @param text Valid JSON.
 * @param path Names of members and numbers of elements.
 */
export function findValue(text: string, path: readonly (string | number)[]): number | undefined {
  let at = skipBlanks(text, 0);
  for (const step of path) {
    const found = typeof step === "number"
      ? elementsAt(text, at).elements[step]?.[0]
      : findMember(text, at, step);
    if (found === undefined) return undefined;
    at = found;
  }
  return at;
}

function findMember(text: string, start: number, name: string): number | undefined {
  let found: number | undefined;
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at);
    const value = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    if (JSON.parse(text.slice(at, keyEnd)) === name) found = value;
    at = skipBlanks(text, endOfValue(text, value));
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  }
  return found;
}

/**
 * Shortens JSON to at most `limit` characters that are JSON again: what does
 * not fit is left out from the end, a long text is cut and ends with `…`.
 *
 * @param text Valid JSON.
 */
export function cutJson(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cutter = new Cutter(text, limit);
  return cutter.cut();
}

/** Goes through the text once, up to where the limit is reached. */
class Cutter {
  readonly #text: string;
  readonly #limit: number;
  /** What closes the containers that are open, as far as `#depth`; what is beyond was left last. */
  readonly #closers: string[] = [];
  #depth = 0;
  /** The longest beginning that fits with what closes its containers. */
  #best = { end: 0, depth: 0 };

  constructor(text: string, limit: number) {
    this.#text = text;
    this.#limit = limit;
  }

  cut(): string {
    const text = this.#text;
    let at = skipBlanks(text, 0);
    while (at < text.length && at + this.#depth <= this.#limit) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        const end = endOfString(text, at);
        const next = skipBlanks(text, end);
        // What is followed by a colon is a name.
        const isName = text.charCodeAt(next) === COLON;
        if (!isName && !this.#keep(end)) return this.#cutString(at, end);
        at = isName ? next + 1 : end;
      } else if (OPENING.has(code)) {
        this.#closers[this.#depth++] = code === 0x5b ? "]" : "}";
        this.#keep(++at);
      } else if (CLOSING.has(code)) {
        this.#depth--;
        this.#keep(++at);
      } else if (code === COMMA || isBlank(code)) {
        at++;
      } else {
        at = endOfScalar(text, at);
        this.#keep(at);
      }
    }
    return this.#close(text.slice(0, this.#best.end), this.#best.depth);
  }

  #keep(end: number): boolean {
    if (end + this.#depth > this.#limit) return false;
    this.#best = { end, depth: this.#depth };
    return true;
  }

  #close(start: string, depth: number): string {
    return start === "" ? "null" : start + this.#closers.slice(0, depth).reverse().join("");
  }

  #cutString(start: number, end: number): string {
    const room = this.#limit - this.#depth - 2;
    let at = start + 1;
    for (let next = at; next <= room && next < end - 1; next = endOfCharacter(this.#text, next)) at = next;
    at = clusterStart(this.#text, at, start + 1);
    const { end: kept, depth } = this.#best;
    if (at <= start + 1) return this.#close(this.#text.slice(0, kept), depth);
    return this.#close(`${this.#text.slice(0, at)}…"`, this.#depth);
  }
}

/** The character after one in a string of JSON, where an escape counts as one and so do two surrogates. */
function endOfCharacter(text: string, at: number): number {
  const end = endOfUnit(text, at);
  const isHigh = /^(?:[\ud800-\udbff]|\\u[dD][89abAB])/.test(text.slice(at, at + 6));
  const isLow = /^(?:[\udc00-\udfff]|\\u[dD][c-fC-F])/.test(text.slice(end, end + 6));
  return isHigh && isLow ? endOfUnit(text, end) : end;
}

function endOfUnit(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return at + 1;
  return text[at + 1] === "u" ? at + 6 : at + 2;
}

function endOfValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === QUOTE) return endOfString(text, at);
  if (!OPENING.has(code)) return endOfScalar(text, at);
  let depth = 0;
  for (let place = at; place < text.length; place++) {
    const here = text.charCodeAt(place);
    if (here === QUOTE) place = endOfString(text, place) - 1;
    else if (OPENING.has(here)) depth++;
    else if (CLOSING.has(here) && --depth === 0) return place + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isEnd(text.charCodeAt(at))) at++;
  return at;
}

function isEnd(code: number): boolean {
  return code === COMMA || CLOSING.has(code) || isBlank(code);
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
