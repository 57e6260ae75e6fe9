/**
 * The verbs by which a person says whether an agent may write to one server
 * after it has read text of another.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const id = z.string().min(1).max(100);

/** One call of an agent that takes, or took, a person's consent. */
export const ConsentViewSchema = z.object({
  id: z.string(),
  /** `once`: the same call passes once; `session`: all that the agent writes to the server; `denied`: not this call. */
  status: z.enum(["pending", "once", "session", "denied"]),
  server_name: z.string(),
  tool_name: z.string(),
  /** Without the secrets found in them; as a text that ends with … if they are long. */
  arguments: z.unknown(),
  /** Servers whose text had reached the agent. */
  sources: z.array(z.string()),
  /** Whose key the agent has: `token:NAME`, `admin key`, `socket` or `loopback`. */
  caller: z.string(),
  /** What the agent calls itself. */
  client_name: z.string().optional(),
  /** As records of activity call it. */
  session_id: z.string().optional(),
  requested_at: z.string(),
  decided_at: z.string().optional(),
});

/** See {@link ConsentViewSchema}. */
export type ConsentView = z.output<typeof ConsentViewSchema>;

/** Verbs of the group `consents`. */
export const CONSENT_VERBS = {
  "consents.list": verb({
    input: z.strictObject({
      /** Only those of this status. */
      status: z.enum(["pending", "once", "session", "denied"]).optional(),
    }),
    tagged: true,
    output: z.object({ consents: z.array(ConsentViewSchema), total: z.int() }),
    role: "admin",
    method: "GET",
    path: "/consents",
    needsDaemon: true,
    summary: "List the calls of agents that take a person's consent, oldest first",
  }),
  "consents.allow": verb({
    input: z.strictObject({
      id,
      /** This call once, or all that the agent writes to the server in its session. */
      for: z.enum(["once", "session"]).default("once"),
    }),
    output: ConsentViewSchema,
    role: "admin",
    method: "POST",
    path: "/consents/{id}/allow",
    needsDaemon: true,
    summary: "Consent to a call of an agent, which it then makes again",
  }),
  "consents.deny": verb({
    input: z.strictObject({ id }),
    output: ConsentViewSchema,
    role: "admin",
    method: "POST",
    path: "/consents/{id}/deny",
    needsDaemon: true,
    summary: "Refuse a call of an agent, or take a consent back",
  }),
} as const;
