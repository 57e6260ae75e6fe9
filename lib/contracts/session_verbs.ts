/**
 * The verbs about MCP sessions.
 *
 * @module
 */

import { z } from "zod";
import { nextShape, pageShape } from "./params.ts";
import { verb } from "./verb.ts";

/** One MCP client that talks to the gateway. */
export const SessionViewSchema = z.object({
  id: z.string(),
  /** What records of activity call it, in place of its id; modern clients have none. */
  label: z.string().optional(),
  client_name: z.string(),
  client_version: z.string(),
  /** Modern clients have no session; those seen in the last half hour are listed as if they had. */
  era: z.enum(["legacy", "modern"]),
  protocol_version: z.string(),
  /** Path of the endpoint. */
  endpoint: z.string(),
  /** Whose key it came with: `token:NAME`, `admin key`, `socket` or `loopback`. */
  caller: z.string(),
  /** Chosen by the client itself. */
  profile: z.string().optional(),
  start_time: z.string(),
  last_activity: z.string(),
  tool_call_count: z.int(),
  /** Requests that wait for their answer. */
  in_flight: z.int(),
});

/** Verbs of the group `sessions`. */
export const SESSION_VERBS = {
  "sessions.list": verb({
    input: z.strictObject(pageShape),
    tagged: true,
    output: z.object({ sessions: z.array(SessionViewSchema), total: z.int(), ...nextShape }),
    role: "agent",
    method: "GET",
    path: "/sessions",
    summary: "List the MCP clients that talk to the gateway; a token sees its own",
  }),
  "sessions.get": verb({
    input: z.strictObject({ id: z.string().min(1).max(200) }),
    output: SessionViewSchema,
    role: "agent",
    method: "GET",
    path: "/sessions/{id}",
    summary: "Show one MCP client that talks to the gateway",
  }),
  "sessions.close": verb({
    input: z.strictObject({ id: z.string().min(1).max(200) }),
    output: z.object({ id: z.string(), action: z.literal("close"), success: z.literal(true) }),
    role: "admin",
    method: "DELETE",
    path: "/sessions/{id}",
    summary: "End an MCP session with its streams and calls; its client may open another",
  }),
} as const;

/** One MCP client that talks to the gateway. */
export type SessionView = z.output<typeof SessionViewSchema>;
