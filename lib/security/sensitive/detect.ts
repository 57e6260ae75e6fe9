import { compileLinear } from "../scan/linear.ts";
import { type Custom, endOfKey, findInText, type Found, type Tools } from "./find_in_text.ts";
import type { SensitiveCategory, Severity } from "./kind.ts";
import { SENSITIVE_KINDS } from "./kinds.ts";
import { MIN_ENTROPY, type Span } from "./numbers.ts";
import { type Piece, type Pieces, piecesOf } from "./pieces.ts";

/** One secret found. The secret itself is not in it. */
export interface SensitiveFinding {
  /** Such as `github_pat`; a custom pattern gives its own name. */
  readonly kind: string;
  readonly category: SensitiveCategory;
  readonly severity: Severity;
  /** JSON pointer of the text it stands in; the empty text for a plain text. */
  readonly pointer: string;
  /** Where in that text, in UTF-16 units: from, to. */
  readonly span: Span;
  /** Set if it stands in the key that the pointer ends with. */
  readonly inKey?: boolean;
}

/** What was found in a value. */
export interface SensitiveReport {
  /** In the order of the value; no two overlap. */
  readonly findings: readonly SensitiveFinding[];
  /** `false` if a part was left out: what is too deep, or beyond the most characters or findings. */
  readonly complete: boolean;
}

/** A pattern or a word of a person's own. */
export interface CustomPattern {
  readonly name: string;
  /** RE2 syntax. */
  readonly regex?: string;
  /** Texts looked for as they are, in any case. */
  readonly keywords?: readonly string[];
  readonly severity?: Severity;
}

/** How a detector is made. */
export interface DetectorOptions {
  /** Categories to look for; absent for all. */
  readonly categories?: readonly SensitiveCategory[];
  readonly custom?: readonly CustomPattern[];
  /** Whether texts that merely look random count. Default true. */
  readonly entropy?: boolean;
  /** Bits for each character from which on a text is too random. Default 4.5. */
  readonly minEntropy?: number;
  /** Characters looked through in a value. Default 4 million. */
  readonly maxChars?: number;
  /** Hears of a custom pattern that is not valid and is left out; without it such a pattern is an error. */
  readonly onInvalid?: (name: string, error: unknown) => void;
}

/** Finds secrets. */
export interface Detector {
  /** Looks through a text or a JSON value. Pure, linear, bounded. */
  find(value: unknown): SensitiveReport;
  /**
   * The same in pieces that take about a millisecond.
   *
   * @param pause Awaited between pieces, so that others have their turn.
   */
  findSlowly(value: unknown, pause: () => Promise<void>): Promise<SensitiveReport>;
}

/** More than these are too many to be told apart; what masks must then block. */
const MAX_FINDINGS = 1_000;
const MAX_CHARS = 4 * 1024 * 1024;
/** What a pattern needs to see before and after a piece. */
const BEFORE = 64;
const AFTER = 4_096;
/** A custom engine is slow, so of a piece it reads less. */
const MAX_CUSTOM = 64 * 1024;

/**
 * Makes a detector.
 *
 * @throws {GatewayError} MCPX_RULES_INVALID — a custom pattern is not valid.
 */
export async function createDetector(options: DetectorOptions = {}): Promise<Detector> {
  const { categories, entropy = true, minEntropy = MIN_ENTROPY, maxChars = MAX_CHARS } = options;
  const isWanted = (category: SensitiveCategory) => categories === undefined || categories.includes(category);
  const tools: Tools = {
    kinds: SENSITIVE_KINDS.filter(({ category }) => isWanted(category)),
    cards: isWanted("credit_card"),
    minEntropy: entropy && isWanted("high_entropy") ? minEntropy : undefined,
    custom: isWanted("custom") ? await compileAll(options) : [],
  };
  return {
    find(value) {
      const cut = piecesOf(value, maxChars);
      const search = new Search(cut, tools);
      for (const piece of cut.pieces) search.look(piece);
      return search.report();
    },
    async findSlowly(value, pause) {
      const cut = piecesOf(value, maxChars);
      const search = new Search(cut, tools);
      let done = 0;
      for (const piece of cut.pieces) {
        if (done > 0 && done + piece.to - piece.from > AT_ONCE) {
          await pause();
          done = 0;
        }
        search.look(piece);
        done += piece.to - piece.from;
      }
      return search.report();
    },
  };
}

/** Characters between two pauses. */
const AT_ONCE = 32 * 1024;

async function compileAll({ custom = [], onInvalid }: DetectorOptions): Promise<Custom[]> {
  const compiled = await Promise.all(custom.map(async (one) => {
    try {
      return [await compileCustom(one)];
    } catch (error) {
      if (onInvalid === undefined) throw error;
      onInvalid(one.name, error);
      return [];
    }
  }));
  return compiled.flat();
}

async function compileCustom(
  { name, regex, keywords = [], severity = "high" }: CustomPattern,
): Promise<Custom> {
  const compiled = regex === undefined ? undefined : await compileLinear(regex, name);
  const words = keywords.filter((word) => word !== "").map((word) => word.toLowerCase());
  return {
    name,
    severity,
    findAll(text) {
      const lower = words.length === 0 ? "" : text.toLowerCase();
      return [
        ...compiled?.findAll(text.slice(0, MAX_CUSTOM), MAX_FINDINGS) ?? [],
        ...words.flatMap((word) => placesOf(lower, word)),
      ];
    },
  };
}

function placesOf(text: string, word: string): Span[] {
  const found: Span[] = [];
  for (
    let at = text.indexOf(word);
    at >= 0 && found.length < MAX_FINDINGS;
    at = text.indexOf(word, at + word.length)
  ) {
    found.push([at, at + word.length]);
  }
  return found;
}

/** Gathers what is found in the pieces of one value. */
class Search {
  readonly #tools: Tools;
  readonly #isWhole: boolean;
  readonly #findings: SensitiveFinding[] = [];
  /** Where the last finding of the text ends. */
  #end = 0;

  constructor({ complete }: Pieces, tools: Tools) {
    this.#isWhole = complete;
    this.#tools = tools;
  }

  look(piece: Piece): void {
    if (this.#findings.length > MAX_FINDINGS) return;
    if (piece.from === 0) this.#end = 0;
    const { text, from, to, key } = piece;
    const prefix = key === undefined ? "" : `${key}: `;
    const start = Math.max(0, from - BEFORE);
    const shift = start - prefix.length;
    const window = prefix + (start === 0 && text.length <= to + AFTER ? text : text.slice(start, to + AFTER));
    for (const found of findInText(window, this.#tools)) {
      this.#add(found, [found.span[0] + shift, found.span[1] + shift], piece);
    }
  }

  report(): SensitiveReport {
    const isAll = this.#findings.length <= MAX_FINDINGS;
    return { findings: this.#findings.slice(0, MAX_FINDINGS), complete: this.#isWhole && isAll };
  }

  #add(found: Found, [at, last]: Span, { text, from, to, pointer, inKey }: Piece): void {
    // What begins outside of a piece is found in another one.
    if (at < from || at >= to || at < this.#end) return;
    const end = found.category === "private_key" ? Math.max(last, endOfKey(text, last)) : last;
    this.#end = end;
    this.#findings.push({ ...found, pointer, span: [at, end], ...(inKey ? { inKey } : {}) });
  }
}
