import type { DefinitionKind } from "../approval/definition.ts";

/** What a scan advises: nothing to see, a person should look, keep it from agents. */
export type Verdict = "clean" | "review" | "hold";

/** Score of a field from which on a person should look. */
export const REVIEW_SCORE = 2;
/** Score of a field from which on it is held. */
export const HOLD_SCORE = 2.75;

/** One thing found, with its evidence. */
export interface Finding {
  /** Stable id of the rule, such as `secrecy.neg-tell`. */
  readonly rule: string;
  /** What kind of trick it is, such as `secrecy`. */
  readonly family: string;
  /** Technique of the SAFE-MCP list, such as `SAFE-T1001`. */
  readonly tag: string;
  /** What it adds to the score of its field; structural ones say `hold` by themselves. */
  readonly weight: number;
  /** JSON pointer of the field within the definition; the empty text is the whole. */
  readonly pointer: string;
  /** Where in the text of the field, in UTF-16 units: from, to. */
  readonly span: readonly [number, number];
  /** The text found, cut to 200 units; hidden characters are not escaped here. */
  readonly text: string;
  /** What stands behind it, if it was encoded or hidden. */
  readonly decoded?: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** What the scan of one definition came to. */
export interface DefinitionReport {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly server?: string;
  readonly verdict: Verdict;
  /** Score of its worst field. */
  readonly score: number;
  /** `false` if a part was too big, too deep, or the time ran out; then it is never accepted unseen. */
  readonly complete: boolean;
  /** Worst first, then in the order of the definition. */
  readonly findings: readonly Finding[];
}

/** What the scan of everything a server or a file holds came to. */
export interface ScanReport {
  /** Version of the rules; a verdict is only as good as the rules it came from. */
  readonly rules: string;
  readonly verdict: Verdict;
  readonly complete: boolean;
  /** In the order of the definitions given. */
  readonly definitions: readonly DefinitionReport[];
}

const ORDER: readonly Verdict[] = ["clean", "review", "hold"];

/** The worst of several verdicts; `clean` for none. */
export function worstOf(verdicts: Iterable<Verdict>): Verdict {
  let worst = 0;
  for (const verdict of verdicts) worst = Math.max(worst, ORDER.indexOf(verdict));
  return ORDER[worst] ?? "hold";
}

/** Turns the score of a field into a verdict. */
export function verdictOf(score: number): Verdict {
  if (score >= HOLD_SCORE) return "hold";
  return score >= REVIEW_SCORE ? "review" : "clean";
}

/** Longest text kept as evidence, in UTF-16 units. */
const EVIDENCE = 200;

/** Cuts a piece out of a text as evidence, never through a character. */
export function excerpt(text: string, from: number, to: number): string {
  return text.slice(from, Math.min(to, from + EVIDENCE)).toWellFormed();
}
