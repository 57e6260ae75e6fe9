/**
 * Limits of calls at once, as every surface shows them.
 *
 * @module
 */

import { z } from "zod";

const scope = z.enum(["token", "server", "global"]);

/** Limits in force and what they do. */
export const ConcurrencySchema = z.object({
  limits: z.array(z.object({
    scope,
    /** Name of the server or token; empty for the limit over all servers. */
    name: z.string(),
    /** Most calls at once; absent while the last calls under a limit that was taken away end. */
    limit: z.int().optional(),
    active: z.int(),
    waiting: z.int(),
  })),
  /** Calls turned away since the start. */
  rejected: z.array(z.object({
    scope,
    name: z.string(),
    reason: z.enum(["queue_full", "queue_timeout"]),
    count: z.int(),
  })),
});

/** See {@link ConcurrencySchema}. */
export type Concurrency = z.output<typeof ConcurrencySchema>;
