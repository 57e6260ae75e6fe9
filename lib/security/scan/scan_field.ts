import { decodeAll, type Decoded } from "./decode.ts";
import { findDirectives } from "./directives.ts";
import { FAMILIES } from "./family_names.ts";
import { type Field, isWordy } from "./fields.ts";
import { excerpt, type Finding, HOLD_SCORE, REVIEW_SCORE } from "./finding.ts";
import { findHidden } from "./hidden.ts";
import type { RuleSet } from "./rule_set.ts";

/** What one field came to. */
export interface FieldResult {
  readonly score: number;
  readonly findings: readonly Finding[];
}

const NOTHING: FieldResult = { score: 0, findings: [] };
/** A text shorter than this orders nothing. */
const SHORT = 12;
/** Layers of encoding that are undone. */
const MAX_LAYERS = 2;
/** A decoded text speaks against itself by having been hidden. */
const HIDDEN_WEIGHT = 4;
/** What a decoded text must add to what stands in the open. */
const MARGIN = 1;

/** Scans one text: what is hidden in it, what it orders, what it decodes to. Pure and linear. */
export function scanField(field: Field, rules: RuleSet): FieldResult {
  const hidden = findHidden(field);
  const matched = { findings: findPatterns(field, rules) };
  if (!isWordy(field.text) && field.text.length < SHORT) return sum([{ findings: hidden }, matched]);
  const open = findDirectives(field, rules.grammar);
  return sum([
    { findings: hidden },
    // What is hidden in it says nothing about a sentence that many honest texts have.
    hidden.length > 0 && open.score < REVIEW_SCORE
      ? { ...open, score: Math.min(open.score, open.said) }
      : open,
    { findings: findCarrier(field, open.said) },
    { findings: findDecoded(field, { rules, said: open.said, hidden }) },
    matched,
  ]);
}

/** A score given goes before the sum of weights, because some of these count half. */
function sum(
  parts: readonly { readonly score?: number; readonly findings: readonly Finding[] }[],
): FieldResult {
  const findings = parts.flatMap((part) => part.findings);
  if (findings.length === 0) return NOTHING;
  let score = 0;
  for (const part of parts) {
    score += part.score ?? part.findings.reduce((total, { weight }) => total + weight, 0);
  }
  return { score: Math.round(score * 100) / 100, findings };
}

/** Something close to an order has no business in a name or a value. */
function findCarrier({ text, pointer, role }: Field, score: number): Finding[] {
  if (role === "prose" || score < 1) return [];
  const span: readonly [number, number] = [0, text.length];
  const { tag = "", message = "" } = FAMILIES.carrier ?? {};
  return [{
    rule: `carrier.${role}`,
    family: "carrier",
    tag,
    weight: role === "name" ? 0.5 : 1,
    pointer,
    span,
    text: excerpt(text, ...span),
    message,
  }];
}

interface Surroundings {
  readonly rules: RuleSet;
  /** What stands in the open, as the rules read it; so is what was decoded. */
  readonly said: number;
  readonly hidden: readonly Finding[];
}

function findDecoded(field: Field, { rules, said, hidden }: Surroundings): Finding[] {
  // What was written invisibly is read too, but it is held already.
  if (hidden.some(({ weight }) => weight >= HOLD_SCORE)) return [];
  const pieces = decodeAll(field.text);
  const best = worst(field.text, pieces, { rules, role: "prose", layer: 1 });
  if (best !== undefined && best.score >= Math.max(REVIEW_SCORE, said + MARGIN)) {
    const message = `Has a directive written as ${best.decoded.encoding}`;
    return [toDecoded(field, best.decoded, { weight: HIDDEN_WEIGHT, message })];
  }
  const spaced = pieces.find(({ encoding, text }) => encoding === "spaced" && isSpacedOut(text));
  if (spaced === undefined) return [];
  return [toDecoded(field, spaced, { weight: REVIEW_SCORE, message: "Has a text written letter by letter" })];
}

/** Letters from which on nobody writes them apart without a reason, and how many of them differ in any text. */
const [SPACED_OUT, DIFFERENT] = [20, 6];

function isSpacedOut(text: string): boolean {
  return text.length >= SPACED_OUT && new Set(text).size >= DIFFERENT;
}

function toDecoded(
  field: Field,
  { encoding, span, text }: Decoded,
  { weight, message }: Pick<Finding, "weight" | "message">,
): Finding {
  return {
    rule: `decoded.${encoding}`,
    family: "decoded",
    tag: "SAFE-T1402",
    weight,
    pointer: field.pointer,
    span,
    text: excerpt(field.text, ...span),
    decoded: excerpt(text, 0, text.length),
    message,
  };
}

interface Reading {
  readonly rules: RuleSet;
  readonly role: Field["role"];
  readonly layer: number;
}

interface Scored {
  readonly decoded: Decoded;
  readonly score: number;
}

/** Finds the decoded piece that is worst, each read alone and in its place in the text. */
function worst(text: string, pieces: readonly Decoded[], reading: Reading): Scored | undefined {
  let found: Scored | undefined;
  for (const decoded of pieces) {
    const score = scoreOf(decoded.text, reading);
    if (score > (found?.score ?? 0)) found = { decoded, score };
  }
  const inPlace = pieces.filter(({ encoding }) => IN_PLACE.has(encoding));
  const [first] = inPlace;
  if (first === undefined) return found;
  const score = scoreOf(replaceAll(text, inPlace), reading);
  return score > (found?.score ?? 0) ? { decoded: first, score } : found;
}

/** Encodings that leave the words around them readable, so that the whole is to be read. */
const IN_PLACE: ReadonlySet<Decoded["encoding"]> = new Set(["percent", "entities", "escapes", "spaced"]);

function replaceAll(text: string, pieces: readonly Decoded[]): string {
  const sorted = [...pieces].sort((a, b) => a.span[0] - b.span[0]);
  let at = 0;
  let whole = "";
  for (const { span: [from, to], text: decoded } of sorted) {
    if (from < at) continue;
    whole += text.slice(at, from) + decoded;
    at = to;
  }
  return whole + text.slice(at);
}

function scoreOf(text: string, { rules, role, layer }: Reading): number {
  const { score } = findDirectives({ pointer: "", role, text }, rules.grammar);
  if (layer >= MAX_LAYERS || score >= HOLD_SCORE) return score;
  return Math.max(score, worst(text, decodeAll(text), { rules, role, layer: layer + 1 })?.score ?? 0);
}

function findPatterns({ text, pointer, role }: Field, { patterns }: RuleSet): Finding[] {
  return patterns.flatMap((pattern) => {
    if (pattern.roles !== undefined && !pattern.roles.includes(role)) return [];
    const span = pattern.find(text);
    if (span === undefined) return [];
    const { id: rule, family, tag, weight, message } = pattern;
    return [{ rule, family, tag, weight, pointer, span, text: excerpt(text, ...span), message }];
  });
}
