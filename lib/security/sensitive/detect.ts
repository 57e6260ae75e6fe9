import { escapePointer } from "../approval/diff.ts";
import { compileLinear } from "../scan/linear.ts";
import { isExample } from "./examples.ts";
import type { SensitiveCategory, SensitiveKind, Severity } from "./kind.ts";
import { SENSITIVE_KINDS } from "./kinds.ts";
import { findCards, findRandom, type Span } from "./numbers.ts";

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
  /** `false` if a part was left out: the middle of a long text, or what is beyond the most findings. */
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
}

/** Finds secrets. */
export interface Detector {
  /** Looks through a text or a JSON value. Pure, linear, bounded. */
  find(value: unknown): SensitiveReport;
}

/** Scanned at each end of a text, in UTF-16 units. */
export const EDGE = 256 * 1024;
/** More than these are too many to be told apart; what masks must then block. */
const MAX_FINDINGS = 1_000;
/** No secret is shorter, in UTF-16 units. */
const SHORTEST = 6;
/** Longest text that is read together with its key. */
const MAX_NAMED = 400;
const MAX_DEPTH = 64;
const MAX_TOTAL = 4 * 1024 * 1024;
/** A custom engine is slow, so it reads less. */
const MAX_CUSTOM = 64 * 1024;

interface Custom {
  readonly name: string;
  readonly severity: Severity;
  findAll(text: string): readonly Span[];
}

/**
 * Makes a detector.
 *
 * @throws {GatewayError} MCPX_RULES_INVALID — a custom pattern is not valid.
 */
export async function createDetector(options: DetectorOptions = {}): Promise<Detector> {
  const { categories, custom = [], entropy = true } = options;
  const isWanted = (category: SensitiveCategory) => categories === undefined || categories.includes(category);
  const tools: Tools = {
    kinds: SENSITIVE_KINDS.filter(({ category }) => isWanted(category)),
    cards: isWanted("credit_card"),
    random: entropy && isWanted("high_entropy"),
    custom: isWanted("custom") ? await Promise.all(custom.map(compileCustom)) : [],
  };
  return { find: (value) => findIn(value, tools) };
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
        ...compiled?.findAll(text, MAX_FINDINGS) ?? [],
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

interface Tools {
  readonly kinds: readonly SensitiveKind[];
  readonly cards: boolean;
  readonly random: boolean;
  readonly custom: readonly Custom[];
}

function findIn(value: unknown, tools: Tools): SensitiveReport {
  const findings: SensitiveFinding[] = [];
  let total = 0;
  let complete = true;
  walk(value, "", 0);
  return { findings: findings.slice(0, MAX_FINDINGS), complete: complete && findings.length <= MAX_FINDINGS };

  function walk(part: unknown, pointer: string, depth: number): void {
    if (typeof part === "string") return look(part, pointer);
    if (typeof part !== "object" || part === null) return;
    if (depth > MAX_DEPTH) return void (complete = false);
    for (const [key, member] of Object.entries(part)) {
      const at = `${pointer}/${escapePointer(key)}`;
      // A secret can be a key, or be told by its key: {"aws_secret_access_key": "…"}.
      if (!Array.isArray(part)) look(key, at, true);
      if (typeof member === "string" && member.length < MAX_NAMED) lookNamed(key, member, at);
      else walk(member, at, depth + 1);
    }
  }

  /** Reads a short text together with its key, which can tell what it is. */
  function lookNamed(key: string, text: string, pointer: string): void {
    const prefix = `${key}: `;
    total += text.length;
    if (text.length < SHORTEST || findings.length > MAX_FINDINGS) return;
    if (total > MAX_TOTAL) return void (complete = false);
    for (const found of findInText(prefix + text, tools)) {
      const [from, to] = found.span;
      if (from < prefix.length) continue;
      findings.push({ ...found, pointer, span: [from - prefix.length, to - prefix.length] });
    }
  }

  function look(text: string, pointer: string, inKey = false): void {
    if (text.length < SHORTEST || findings.length > MAX_FINDINGS) return;
    total += text.length;
    if (total > MAX_TOTAL) return void (complete = false);
    if (text.length > 2 * EDGE) complete = false;
    for (const { text: piece, offset } of piecesOf(text)) {
      for (const found of findInText(piece, tools)) {
        const [from, to] = found.span;
        const span: Span = [from + offset, to + offset];
        findings.push({ ...found, pointer, span, ...(inKey ? { inKey } : {}) });
      }
    }
  }
}

/** Of a long text its two ends. */
function piecesOf(text: string): { readonly text: string; readonly offset: number }[] {
  if (text.length <= 2 * EDGE) return [{ text, offset: 0 }];
  const offset = text.length - EDGE;
  return [{ text: text.slice(0, EDGE), offset: 0 }, { text: text.slice(offset), offset }];
}

// What a text has if it has any secret at all; most have none of it.
const MAYBE =
  /[A-Za-z0-9+/=_-]{16}|:\/\/|BEGIN|service_account|basic |PuTTY|Keychains|application_default|(?:password|pwd)=|\/etc\/|\.(?:env|ssh|aws|azure|kube|docker|pem|ppk|p12|pfx|kdbx|jks|keystore|git-credentials|npmrc|pypirc|netrc)(?!\w)/i;

type Found = Omit<SensitiveFinding, "pointer">;

function findInText(text: string, { kinds, cards, random, custom }: Tools): Found[] {
  const lower = text.toLowerCase();
  const found: Found[] = custom.flatMap(({ name, severity, findAll }) =>
    findAll(text.slice(0, MAX_CUSTOM)).map((span) => ({
      kind: name,
      category: "custom" as const,
      severity,
      span,
    }))
  );
  for (const { kind, category, severity, words, pattern } of MAYBE.test(text) ? kinds : []) {
    if (!words.some((word) => lower.includes(word))) continue;
    for (const match of text.matchAll(pattern)) {
      const span = spanOf(match);
      if (!isExample(text.slice(...span))) found.push({ kind, category, severity, span });
    }
  }
  if (cards) {
    found.push(
      ...findCards(text).map((span) => ({
        kind: "credit_card",
        category: "credit_card" as const,
        severity: "critical" as const,
        span,
      })),
    );
  }
  if (random) found.push(...findChance(text));
  return withoutOverlap(found, text.length);
}

function findChance(text: string): Found[] {
  return findRandom(text).filter((span) => !isExample(text.slice(...span))).map((span) => ({
    kind: "high_entropy",
    category: "high_entropy",
    severity: "medium",
    span,
  }));
}

/** The first group is the secret, where a pattern has one. */
function spanOf(match: RegExpExecArray): Span {
  const [whole, secret] = match;
  if (secret === undefined) return [match.index, match.index + whole.length];
  const from = match.index + whole.lastIndexOf(secret);
  return [from, from + secret.length];
}

/** Of findings that overlap the one found first stays: own patterns, then kinds, then chance. */
function withoutOverlap(found: readonly Found[], length: number): Found[] {
  if (found.length < 2) return [...found];
  const taken = new Uint8Array(length);
  const kept = found.filter(({ span: [from, to] }) => {
    if (taken.subarray(from, to).includes(1)) return false;
    taken.fill(1, from, to);
    return true;
  });
  return kept.sort((a, b) => a.span[0] - b.span[0]);
}
