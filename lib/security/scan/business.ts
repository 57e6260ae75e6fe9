/**
 * What a tool is about. An order is odd where it speaks of things that neither
 * the name nor the first sentence of the description knows: a tool for roman
 * numerals has no business with documents that are shared.
 *
 * @module
 */

import type { Occurrence } from "./lexicon.ts";
import type { Token } from "./tokens.ts";

const SUBJECTS: Readonly<Record<string, string>> = {
  mail:
    "mail email e-mail inbox outbox recipient bcc newsletter smtp imap letter reply draft message sms chat " +
    "whatsapp slack telegram tweet post comment conversation channel dm notification contact guest invitation",
  file:
    "file folder director document path disk workspace upload download archive zip pdf attachment photo " +
    "picture image clipboard",
  secret:
    "password passphrase credential secret token cookie login key wallet seed keychain keyring vault otp " +
    "certificate ssh gpg pin env environment passport",
  money:
    "pay payment payee invoice iban bank account transfer money fund purchase order buy sell share stock loan " +
    "card price amount fee checkout cart wire salary payroll refund vendor beneficiary",
  safety:
    "firewall antivirus virus 2fa mfa two-factor authentication sandbox selinux alarm lock encryption " +
    "protection verification tls ssl audit admin administrator root superuser permission role sudo guardrail " +
    "security privileged access vpn port confirmation approval consent policy compliance",
  code:
    "commit push repository repo branch git pull merge package install npm pip code script workflow deploy docker " +
    "container cluster server command shell terminal run curl bash registry",
  agent: "assistant agent model ai llm claude gpt prompt conversation chat context memory reasoning mcp tool",
  web: "browser url link site page http web proxy domain dns request tab",
};
const SUBJECT_OF = new Map(
  Object.entries(SUBJECTS).flatMap(([subject, words]) =>
    words.split(" ").map((word) => [word, subject] as const)
  ),
);
const ENDINGS = ["", "s", "es", "ed", "ing", "er", "ers", "or", "ion", "ions", "al", "ment", "ments", "ies"];

/** Subjects that a text speaks of. */
export function subjectsIn(words: Iterable<string>): Set<string> {
  const subjects = new Set<string>();
  for (const word of words) for (const subject of subjectsOf(word)) subjects.add(subject);
  return subjects;
}

const MAX_KNOWN = 50_000;
const known = new Map<string, readonly string[]>();

/** Texts repeat their words, so what was found is kept. */
function subjectsOf(word: string): readonly string[] {
  const before = known.get(word);
  if (before !== undefined) return before;
  const subjects = readSubjects(word);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(word, subjects);
  return subjects;
}

function readSubjects(word: string): string[] {
  return word.split("_").flatMap((part) => {
    for (const ending of ENDINGS) {
      if (!part.endsWith(ending)) continue;
      const subject = SUBJECT_OF.get(ending === "" ? part : part.slice(0, -ending.length));
      if (subject !== undefined) return [subject];
    }
    return [];
  });
}

/** Words of a text in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}-]+/u);
}

/** Words about what is none of a tool's business. */
export interface Outside {
  readonly words: readonly Occurrence[];
  /** The first word of a second such subject in one sentence. */
  readonly second: readonly Occurrence[];
}

/** What a tool says of itself in its first sentence is its business, too. */
function withOpening(tokens: readonly Token[], topic: ReadonlySet<string>): ReadonlySet<string> {
  const business = new Set(topic);
  for (const { word, sentence } of tokens) {
    if (sentence > 0) break;
    for (const subject of subjectsOf(word)) business.add(subject);
  }
  return business;
}

/**
 * Finds words about what is none of a tool's business.
 *
 * @param topic Subjects that the tool has a business with.
 * @param opens Whether the first sentence says what the tool does.
 */
export function findOutside(tokens: readonly Token[], topic: ReadonlySet<string>, opens: boolean): Outside {
  const business = opens ? withOpening(tokens, topic) : topic;
  const words: Occurrence[] = [];
  const second: Occurrence[] = [];
  let seen = new Set<string>();
  let current = -1;
  for (let index = 0; index < tokens.length; index++) {
    const { word = "", sentence = 0 } = tokens[index] ?? {};
    if (opens && sentence === 0) continue;
    const subjects = subjectsOf(word);
    if (subjects.length === 0) continue;
    if (sentence !== current) seen = new Set();
    current = sentence;
    if (subjects.some((subject) => business.has(subject))) continue;
    const place = { first: index, last: index };
    words.push(place);
    if (seen.size === 1 && subjects.some((subject) => !seen.has(subject))) second.push(place);
    for (const subject of subjects) seen.add(subject);
  }
  return { words, second };
}
