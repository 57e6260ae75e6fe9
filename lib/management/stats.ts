import { GatewayError, type VerbOutput } from "../contracts/mod.ts";
import { tokenStatistics } from "../calls/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { toIso } from "./server_views.ts";

/** Verbs of figures. */
export function statsVerbs({ runtime, ledger, results }: ManagementOptions) {
  return {
    async tokens(): Promise<VerbOutput<"stats.tokens">> {
      if (ledger === undefined) throw notKept("tokens");
      const { since, ...figures } = await tokenStatistics(runtime, ledger);
      return { ...figures, since: toIso(since) };
    },

    cache(): VerbOutput<"stats.cache"> {
      if (results === undefined) throw notKept("cache");
      return results.stats();
    },
  };
}

function notKept(what: string): GatewayError {
  return new GatewayError("MCPX_INTERNAL", `Cannot show figures "${what}": none are kept`);
}
