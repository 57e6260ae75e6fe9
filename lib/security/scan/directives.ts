import { FAMILIES } from "./family_names.ts";
import type { Field } from "./fields.ts";
import { excerpt, type Finding, REVIEW_SCORE } from "./finding.ts";
import { EXTRA } from "./lexicon.ts";
import { type Likeness, LIKENESS_RULE, likenessOf } from "./likeness.ts";
import { type Grammar, type ReadText, readText, type Weighed } from "./read_text.ts";

/** What instructions must come to by likeness, to count: a fifth of the way from a look to a hold. */
const ORDERS_SCORE = 2.15;

/** Findings of the families and what they add up to. */
export interface Directives {
  readonly score: number;
  /** What the rules alone add up to. */
  readonly said: number;
  readonly findings: readonly Finding[];
}

/** Scores a text by the families of directives and by its likeness to them. Pure and linear. */
export function findDirectives(field: Field, grammar: Grammar): Directives {
  const read = readText(field, grammar);
  const { said } = read;
  const findings = read.members.map((member) => toFinding(member, field, read));
  const isName = field.role === "name" || field.role === "key" && field.asks !== true;
  // Of what a tool answers it is not known what it is about.
  if (isName || field.topic === undefined || !grammar.hasLikeness || read.tokens.length < 2) {
    return { score: said, said, findings };
  }
  const like = field.orders === true ? moreThanOrders(likenessOf(field, read)) : likenessOf(field, read);
  // What somebody has added rules about counts by the rules alone, too.
  const isOwnWord = read.found.has(EXTRA);
  if (like.score === 0) return { score: isOwnWord ? said : 0, said, findings };
  const rule = { id: LIKENESS_RULE, family: "likeness", weight: like.score, cross: 0, steps: [] };
  const found = toFinding({ match: { ...like, rule }, weight: like.score }, field, read);
  const score = isOwnWord ? Math.max(like.score, said + Math.max(0, like.score - REVIEW_SCORE)) : like.score;
  return { score, said, findings: [found, ...findings] };
}

/** Of what is there to give orders, being a little like an order says nothing. */
function moreThanOrders(like: Likeness): Likeness {
  return like.score < ORDERS_SCORE ? { ...like, score: 0 } : like;
}

function toFinding(
  { match, weight }: Weighed,
  { text, pointer }: Field,
  { text: read, folded, tokens }: ReadText,
): Finding {
  const from = folded.originOf(tokens[match.first]?.from ?? 0);
  const to = folded.originOf(tokens[match.last]?.to ?? 0);
  // Spaces were put into a name, so that places in it are not those of the text.
  const span: readonly [number, number] = read !== text ? [0, text.length] : [from, to];
  const known = FAMILIES[match.rule.family];
  return {
    rule: match.rule.id,
    family: match.rule.family,
    tag: known?.tag ?? "SAFE-T1001",
    weight,
    pointer,
    span,
    text: excerpt(text, ...span),
    message: known?.message ?? "Matches a rule",
  };
}
