/**
 * The verbs about calls of servers' tools that are on record, as clients of
 * mcpproxy-go ask for them; `activity` has the same records among all others.
 *
 * @module
 */

import { z } from "zod";
import { ACTIVITY_STATUSES } from "./words.ts";
import { wholeNumber } from "./params.ts";
import { verb } from "./verb.ts";

const id = z.string().min(1).max(100);
const text = z.string().optional();

/** One call as it was made, and what became of it. */
export const ToolCallRecordSchema = z.object({
  /** Of its record of activity. */
  id: z.string(),
  server_name: text,
  tool_name: text,
  status: z.enum(ACTIVITY_STATUSES),
  arguments: z.unknown().optional(),
  /** Whether a part of `arguments` is missing. */
  arguments_truncated: z.literal(true).optional(),
  response: z.unknown().optional(),
  error: text,
  error_code: text,
  /** Nanoseconds; absent if it never got to the server. */
  duration: z.int().optional(),
  /** ISO 8601. */
  timestamp: z.string(),
  request_id: text,
  /** `request_id` of what it was a part of. */
  parent_call_id: text,
  execution_type: z.literal("direct"),
  mcp_session_id: text,
  mcp_client_name: text,
  mcp_client_version: text,
});

/** See {@link ToolCallRecordSchema}. */
export type ToolCallRecord = z.output<typeof ToolCallRecordSchema>;

/** Verbs of the group `tool_calls`. */
export const TOOL_CALL_VERBS = {
  "tool_calls.list": verb({
    input: z.strictObject({
      /** Only calls of this server. */
      name: z.string().min(1).max(256).optional(),
      session_id: z.string().max(1_000).optional(),
      limit: wholeNumber({ min: 1, max: 100 }).default(50),
      offset: wholeNumber({ min: 0, max: 10_000 }).optional(),
      /** `next_cursor` of the page before. */
      cursor: z.string().max(100).optional(),
    }),
    output: z.object({
      server_name: text,
      tool_calls: z.array(ToolCallRecordSchema),
      total: z.int(),
      next_cursor: text,
    }),
    role: "agent",
    method: "GET",
    path: "/tool-calls",
    aliases: [{ method: "GET", path: "/servers/{name}/tool-calls" }],
    summary: "List calls of servers' tools, refused ones too, newest first; an agent finds its own",
  }),
  "tool_calls.get": verb({
    input: z.strictObject({ id }),
    output: ToolCallRecordSchema,
    role: "agent",
    method: "GET",
    path: "/tool-calls/{id}",
    summary: "Show one call with its arguments and its result",
  }),
  "tool_calls.replay": verb({
    input: z.strictObject({
      id,
      /** In place of those on record, from which secrets are removed and of which long ones are cut. */
      arguments: z.record(z.string(), z.unknown()).optional(),
    }),
    output: z.object({
      /** Whether the tool has done its work this time. */
      success: z.boolean(),
      new_call_id: z.string(),
      new_tool_call: ToolCallRecordSchema,
      replayed_from: z.string(),
    }),
    role: "admin",
    method: "POST",
    path: "/tool-calls/{id}/replay",
    summary: "Make a call again, with the same or other arguments; every policy decides anew",
  }),
} as const;
