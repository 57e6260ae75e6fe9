/**
 * The verbs of figures that the gateway keeps.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const count = z.int().min(0);

/** Verbs of figures by `group.name`. */
export const STATS_VERBS = {
  "stats.tokens": verb({
    input: z.strictObject({}),
    output: z.object({
      /** Encoding that is counted in. */
      encoding: z.string(),
      catalogue_tools: count,
      /** What listing every tool directly takes. */
      total_server_tool_list_size: count,
      per_server_tool_list_sizes: z.record(z.string(), count),
      /** What the gateway's own tools take. */
      own_tools_size: count,
      searches: count,
      /** Calls of a tool that a search of the same client had shown before. */
      discoveries: count,
      /** Searches that no call of what they showed has followed; they count as spent. */
      open_searches: count,
      average_query_result_size: count,
      /** What listing every tool would have taken, once for each discovery. */
      baseline_tokens: count,
      /** What was read instead: own tools, queries and answers, in every turn up to the call. */
      spent_tokens: count,
      /** The first less the second; below 0 where listing would have been cheaper. */
      saved_tokens: z.int(),
      saved_tokens_percentage: z.number(),
      since: z.string(),
    }),
    role: "admin",
    method: "GET",
    path: "/stats/tokens",
    summary: "Show what tools and searches take in tokens, and what searching has saved",
  }),
  "stats.cache": verb({
    input: z.strictObject({}),
    output: z.object({
      entries: count,
      bytes: count,
      max_bytes: count,
      stored: count,
      hits: count,
      misses: count,
      evicted: count,
      expired: count,
      refused: count,
    }),
    role: "admin",
    method: "GET",
    path: "/stats/cache",
    summary: "Show how full the cache of long results is and how it is used",
  }),
} as const;
