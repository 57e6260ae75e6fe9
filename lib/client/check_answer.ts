/**
 * Checks what another version of mcpproxy answers. Loaded when that is needed,
 * since it takes every schema.
 *
 * @module
 */

import { type VerbName, type VerbOutput, VERBS } from "../contracts/mod.ts";
import { type Answer, unreadable } from "./answer.ts";

/** @throws {GatewayError} MCPX_INTERNAL — the answer is not one of this verb. */
export function checkAnswer<N extends VerbName>(verb: N, value: unknown, answer: Answer): VerbOutput<N> {
  const output = VERBS[verb].output.safeParse(value);
  if (!output.success) throw unreadable(answer, `data of another shape than "${verb}"`, output.error);
  // The schema is the one of this verb; TypeScript cannot follow the generic index.
  return output.data as VerbOutput<N>;
}
