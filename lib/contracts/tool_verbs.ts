/**
 * Verbs about tools: their list, the search among them, and calls.
 *
 * @module
 */

import { z } from "zod";
import { flag, nextShape, pageShape, wholeNumber } from "./params.ts";
import { HealthSchema } from "./server.ts";
import { CALL_VARIANTS, SENSITIVITIES, type ToolResult } from "./tool.ts";
import { verb } from "./verb.ts";

/** A tool as lists show it. */
export const ToolViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  server_name: z.string(),
  title: z.string().optional(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()),
  annotations: z.record(z.string(), z.unknown()).optional(),
  call_with: z.string(),
  usage: z.int(),
  last_used: z.string().optional(),
  disabled: z.boolean(),
  server_health: HealthSchema,
});

/** Present when servers are missing from a list: their tools are not known. */
const partialShape = {
  partial: z.boolean().optional(),
  failed_servers: z.array(z.object({ name: z.string(), error: z.string() })).optional(),
};

/** What stands behind a score: `words * verb + server + name`. */
const SearchExplanationSchema = z.object({
  words: z.number(),
  verb: z.number(),
  server: z.number(),
  name: z.number(),
  /** What each word of the query has found in the tool, with the fields it stands in; the scores add up to `words`. */
  terms: z.array(z.object({
    word: z.string(),
    matched: z.string(),
    how: z.string(),
    score: z.number(),
    fields: z.record(z.string(), z.number()),
  })),
});

const SearchResultSchema = z.object({
  tool: ToolViewSchema,
  score: z.number(),
  snippet: z.string(),
  matches: z.int(),
  explanation: SearchExplanationSchema.optional(),
});

const ToolResultSchema: z.ZodType<ToolResult> = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
});

/** Verbs of the groups `tools` and `calls`. */
export const TOOL_VERBS = {
  "tools.list": verb({
    input: z.strictObject(pageShape),
    tagged: true,
    output: z.object({
      tools: z.array(ToolViewSchema),
      stats: z.object({ total: z.int(), enabled: z.int(), disabled: z.int(), pending_approval: z.int() }),
      ...partialShape,
      ...nextShape,
    }),
    role: "agent",
    method: "GET",
    path: "/tools",
    summary: "List the tools of all servers",
  }),
  "tools.search": verb({
    input: z.strictObject({
      q: z.string().min(1).max(10_000),
      limit: wholeNumber({ min: 1, max: 100 }).optional(),
      /** Says of each result which words matched where. */
      explain: flag().optional(),
    }),
    output: z.object({
      query: z.string(),
      results: z.array(SearchResultSchema),
      total: z.int(),
      took: z.string(),
      /** With `explain`: words of the query that no tool has. */
      unknown_words: z.array(z.string()).optional(),
      ...partialShape,
    }),
    role: "agent",
    method: "GET",
    path: "/index/search",
    summary: "Search the tools of all servers",
  }),
  "calls.call": verb({
    input: z.strictObject({
      tool_name: z.string().min(1).max(512),
      arguments: z.record(z.string(), z.unknown()).default({}),
      variant: z.enum(CALL_VARIANTS).optional(),
      /** What else the caller says of the call, for the record of it. */
      intent: z.strictObject({
        reason: z.string().max(1_000).optional(),
        data_sensitivity: z.enum(SENSITIVITIES).optional(),
      }).optional(),
    }),
    output: ToolResultSchema,
    role: "agent",
    method: "POST",
    path: "/tools/call",
    summary: "Call a tool as server:tool, or one of the gateway's own tools",
  }),
} as const;

/** One tool in a list. */
export type ToolView = z.output<typeof ToolViewSchema>;
