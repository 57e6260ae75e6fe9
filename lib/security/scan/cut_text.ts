import type { Folded } from "./fold.ts";
import type { Token } from "./tokens.ts";

/** A text, folded and cut. */
export interface CutText {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** As it was before it was folded. */
  readonly original: string;
  readonly folded: Folded;
  /** Names of tools and parameters that are the own ones, in lower case. */
  readonly names?: ReadonlySet<string>;
  /** Subjects that the tool has a business with. */
  readonly topic?: ReadonlySet<string>;
  /** Whether the first sentence says what the tool does. */
  readonly opens?: boolean;
  /** Whether it is of a parameter, and says what the tool asks for. */
  readonly asks?: boolean;
}
