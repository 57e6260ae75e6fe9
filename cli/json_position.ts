/**
 * Where in a JSON text a mistake or a value stands, for messages to people.
 * Reading itself is left to `JSON.parse`, which does not always say where.
 *
 * @module
 */

/** A mistake in a text. */
export interface JsonMistake {
  readonly offset: number;
  /** What is there and what was wanted. */
  readonly problem: string;
}

/** Keys and indices that lead to a value. */
export type JsonPath = readonly (string | number)[];

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const MAX_DEPTH = 300;

/** Finds the first mistake; `undefined` if the text is JSON. */
export function findMistake(text: string): JsonMistake | undefined {
  return new Walk(text, undefined).run();
}

/** Finds where a value starts; 0 if there is none. */
export function offsetOf(text: string, path: JsonPath): number {
  const walk = new Walk(text, path);
  walk.run();
  return walk.found ?? 0;
}

/** Line and column of a place, both from 1. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - start + 1 };
}

class Stop extends Error {
  readonly mistake: JsonMistake;

  constructor(mistake: JsonMistake) {
    super(mistake.problem);
    this.mistake = mistake;
  }
}

class Walk {
  readonly #text: string;
  readonly #wanted: string | undefined;
  #at = 0;
  found: number | undefined;

  constructor(text: string, wanted: JsonPath | undefined) {
    this.#text = text;
    this.#wanted = wanted === undefined ? undefined : JSON.stringify(wanted);
  }

  run(): JsonMistake | undefined {
    try {
      this.#value([]);
      this.#skip(SPACE);
      if (this.#at < this.#text.length) this.#fail("the end of the text");
      return undefined;
    } catch (error) {
      if (error instanceof Stop) return error.mistake;
      throw error;
    }
  }

  #value(path: (string | number)[]): void {
    this.#skip(SPACE);
    if (this.#wanted !== undefined && JSON.stringify(path) === this.#wanted) this.found = this.#at;
    if (path.length > MAX_DEPTH) this.#fail("less nesting");
    const first = this.#text[this.#at];
    if (first === "{") return this.#members(path);
    if (first === "[") return this.#items(path);
    if (!this.#skip(first === '"' ? STRING : SCALAR)) this.#fail("a value");
  }

  #members(path: (string | number)[]): void {
    this.#at++;
    if (this.#take("}")) return;
    do {
      this.#skip(SPACE);
      const from = this.#at;
      if (!this.#skip(STRING)) this.#fail("a key in double quotes");
      const key = String(JSON.parse(this.#text.slice(from, this.#at)));
      if (!this.#take(":")) this.#fail('":"');
      this.#value([...path, key]);
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail('"," or "}"');
  }

  #items(path: (string | number)[]): void {
    this.#at++;
    if (this.#take("]")) return;
    let index = 0;
    do this.#value([...path, index++]); while (this.#take(","));
    if (!this.#take("]")) this.#fail('"," or "]"');
  }

  #take(mark: string): boolean {
    this.#skip(SPACE);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #fail(wanted: string): never {
    const there = this.#text[this.#at];
    const found = there === undefined ? "the end of the text" : JSON.stringify(there);
    throw new Stop({ offset: this.#at, problem: `found ${found}, wanted ${wanted}` });
  }
}
