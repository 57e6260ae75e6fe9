import { toShares } from "./impacts.ts";
import type { Answer, Plan } from "./plan.ts";
import { NAMED, type Place, type Ranking } from "./ranking.ts";
import type { Field, ToolTexts } from "./tool_fields.ts";

/** What one word of a query adds to the score of a tool. */
export interface WordExplanation {
  readonly word: string;
  /** The word of the tool that answered, as a stem or, with `=` before it, exactly. */
  readonly matched: string;
  readonly how: Answer;
  /** Part of `words`. */
  readonly score: number;
  /** The fields the word stands in, with their part of `score`. */
  readonly fields: Readonly<Partial<Record<Field, number>>>;
}

/** What stands behind the place of a tool: `score = words * verb + server + name`. Usage is not in it. */
export interface ToolExplanation {
  /** From 1 on among the tools the caller may see, `undefined` if the tool does not suit or is refused. */
  readonly rank: number | undefined;
  readonly score: number;
  /** Sum over `terms`, relative to the tool with the highest sum. */
  readonly words: number;
  /** Factor for a verb like the query's, or unlike it; 1 if either has none. */
  readonly verb: number;
  /** Part for the server, whose tools together suit the query. */
  readonly server: number;
  /** Part for a query that is the tool's name or id. */
  readonly name: number;
  readonly terms: readonly WordExplanation[];
  /** Words of the query that neither the tools nor the lexicon know. */
  readonly unknown: readonly string[];
}

/** What an explanation is made from. */
export interface ExplainOptions {
  readonly ranking: Ranking;
  readonly plan: Plan;
  readonly document: number;
  readonly texts: ToolTexts;
  readonly accept: (document: number) => boolean;
  readonly isNamed: boolean;
  readonly place: Place | undefined;
}

/** Takes the score of a tool apart. */
export function explainTool(options: ExplainOptions): ToolExplanation {
  const { ranking, plan, document, texts, isNamed, place } = options;
  const factors = ranking.factorsOf(document, plan, options.accept) ?? { words: 0, verb: 1, server: 0 };
  const found = ranking.wordScoresOf(document, plan);
  const sum = found.reduce((total, { score }) => total + score, 0);
  // What adds up to the sum is shown as what adds up to its part of the score.
  const scale = sum === 0 ? 0 : factors.words / sum;
  return {
    rank: place?.rank,
    score: place?.score ?? 0,
    ...factors,
    name: isNamed ? NAMED : 0,
    terms: found.map(({ word, term, answer, score }) => {
      const shares = toShares(texts, term, ranking.stemOf);
      const fields = Object.fromEntries([...shares].map(([field, share]) => [field, share * score * scale]));
      return { word, matched: term, how: answer, score: score * scale, fields };
    }),
    unknown: plan.unknown,
  };
}
