import { isExample } from "./examples.ts";
import type { SensitiveCategory, SensitiveKind, Severity } from "./kind.ts";
import { findCards, findRandom, type Span } from "./numbers.ts";

/** A secret in a text. */
export interface Found {
  readonly kind: string;
  readonly category: SensitiveCategory;
  readonly severity: Severity;
  readonly span: Span;
}

/** A pattern or a word of a person's own, compiled. */
export interface Custom {
  readonly name: string;
  readonly severity: Severity;
  findAll(text: string): readonly Span[];
}

/** What is looked for. */
export interface Tools {
  readonly kinds: readonly SensitiveKind[];
  readonly cards: boolean;
  /** Bits for each character from which on a text is too random; `undefined` if chance does not count. */
  readonly minEntropy: number | undefined;
  readonly custom: readonly Custom[];
}

// What a text has if it has any secret at all; most have none of it.
const MAYBE =
  /[A-Za-z0-9+/=_-]{16}|:\/\/|BEGIN|service_account|basic |PuTTY|Keychains|application_default|(?:password|pwd)=|\/etc\/|\.(?:env|ssh|aws|azure|kube|docker|pem|ppk|p12|pfx|kdbx|jks|keystore|git-credentials|npmrc|pypirc|netrc)(?!\w)/i;

/** Finds secrets in a text, in its order; no two overlap. Linear in the text. */
export function findInText(text: string, { kinds, cards, minEntropy, custom }: Tools): Found[] {
  const lower = text.toLowerCase();
  const found: Found[] = custom.flatMap(({ name, severity, findAll }) =>
    findAll(text).map((span) => ({ kind: name, category: "custom" as const, severity, span }))
  );
  for (const { kind, category, severity, words, pattern } of MAYBE.test(text) ? kinds : []) {
    if (!words.some((word) => lower.includes(word))) continue;
    for (const match of text.matchAll(pattern)) {
      const span = spanOf(match);
      if (!isExample(text.slice(...span))) found.push({ kind, category, severity, span });
    }
  }
  if (cards) {
    const card = { kind: "credit_card", category: "credit_card", severity: "critical" } as const;
    found.push(...findCards(text).map((span) => ({ ...card, span })));
  }
  if (minEntropy !== undefined) found.push(...findChance(text, minEntropy));
  return withoutOverlap(found, text.length);
}

function findChance(text: string, minEntropy: number): Found[] {
  return findRandom(text, minEntropy).filter((span) => !isExample(text.slice(...span))).map((span) => ({
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

/** Longest key that is followed from its first line on. */
const MAX_KEY = 16_384;
const END = "-----END ";
const KEY_TEXT = /(?:\\[nr]|[A-Za-z0-9+/=:,\s-])*/y;

/**
 * Finds the end of a private key whose first line was found: its last line,
 * or as far as what follows could be of it.
 */
export function endOfKey(text: string, at: number): number {
  const most = Math.min(text.length, at + MAX_KEY);
  const end = text.slice(at, most).indexOf(END);
  if (end >= 0) {
    const close = text.indexOf("-----", at + end + END.length);
    return close < 0 || close > at + end + 100 ? at + end + END.length : close + 5;
  }
  KEY_TEXT.lastIndex = 0;
  const rest = KEY_TEXT.exec(text.slice(at, most));
  return at + (rest?.[0].length ?? 0);
}
