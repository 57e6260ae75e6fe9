/**
 * The program as it is shipped, on a platform that dies, fills up or hangs at
 * the durable operation that `MCPPROXY_CHAOS` names. `MCPPROXY_CHAOS_TRACE`
 * names a file that gets the name of each operation.
 *
 * @module
 */

import { main } from "../../cli/main.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Decide, type Verdict, withFailpoints } from "./failpoints.ts";

/** At which operation what is to happen. */
export interface Plan {
  /** Counts from 1. */
  readonly at: number;
  readonly verdict: Verdict;
}

function toDecide(plan: Plan | undefined, trace: string | undefined): Decide {
  return ({ number, name }) => {
    if (number > 0 && trace !== undefined) Deno.writeTextFileSync(trace, `${name}\n`, { append: true });
    if (plan === undefined) return "pass";
    // A negative number is the end of the operation, where only dying after it makes sense.
    const isEnd = plan.verdict === "die after";
    return number === (isEnd ? -plan.at : plan.at) ? plan.verdict : "pass";
  };
}

if (import.meta.main) {
  const text = Deno.env.get("MCPPROXY_CHAOS");
  // Written by the tests of this folder only.
  const plan = text === undefined ? undefined : JSON.parse(text) as Plan;
  const decide = toDecide(plan, Deno.env.get("MCPPROXY_CHAOS_TRACE"));
  Deno.exit(await main(Deno.args, withFailpoints(createDenoPlatform(), decide)));
}
