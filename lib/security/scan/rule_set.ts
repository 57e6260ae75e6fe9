import type { Grammar } from "./read_text.ts";
import { FAMILY_RULES } from "./families.ts";
import { FRAMES } from "./frame_rules.ts";
import { createLexicon } from "./lexicon.ts";
import type { FieldRole } from "./fields.ts";
import { RULES_VERSION } from "./rules_version.ts";

/** A pattern of a bundle, on an engine whose time is linear for every pattern. */
export interface LinearPattern {
  readonly id: string;
  readonly family: string;
  readonly tag: string;
  readonly message: string;
  readonly weight: number;
  /** Fields it is looked for in; absent for all. */
  readonly roles?: readonly FieldRole[];
  /** Finds the first place: from, to. */
  find(text: string): readonly [number, number] | undefined;
}

/** Everything a scan goes by. */
export interface RuleSet {
  /** Own version, and after `+` that of the bundle with a digest of its text: other rules never have the same. */
  readonly version: string;
  readonly grammar: Grammar;
  readonly patterns: readonly LinearPattern[];
  /** Rules that a bundle has switched off. */
  readonly disabled: ReadonlySet<string>;
}

/** The rules that come with the gateway. */
export function createRuleSet(): RuleSet {
  return {
    version: RULES_VERSION,
    grammar: { lexicon: createLexicon(), rules: FAMILY_RULES, frames: FRAMES, hasLikeness: true },
    patterns: [],
    disabled: new Set(),
  };
}
