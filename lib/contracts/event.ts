/**
 * Events as everyone outside hears them.
 *
 * @module
 */

import { z } from "zod";
import { wholeNumber } from "./params.ts";
import { verb } from "./verb.ts";

/** A numbered fact. */
export const GatewayEventSchema = z.object({
  /** Counts up by one for as long as the gateway runs; starts anew with it. */
  seq: z.int(),
  /** Tells this run of the gateway from others, with the number: `<run>:<seq>`. */
  id: z.string(),
  /** Dotted name, such as `servers.changed`; `snapshot` is the state at the start, `gap` says that some are lost. */
  type: z.string(),
  /** ISO 8601; absent for `snapshot` and `gap`. */
  at: z.string().optional(),
  payload: z.unknown(),
});

/** A numbered fact. */
export type GatewayEvent = z.output<typeof GatewayEventSchema>;

/** Which events a follower wants. */
export interface EventFilter {
  /** Names, or beginnings of them before a dot: `servers` stands for `servers.changed`. All when absent. */
  readonly types?: readonly string[];
  /** Number of the last event known; those after it come first. Without it a snapshot does. */
  readonly since?: number;
}

/** Verbs of the group `events`. */
export const EVENT_VERBS = {
  "events.list": verb({
    input: z.strictObject({
      since: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
      type: z.string().max(1000).optional(),
      limit: wholeNumber({ min: 1, max: 4096 }).default(100),
    }),
    output: z.object({
      /** Oldest first; the latest ones if there are more than `limit`. */
      events: z.array(GatewayEventSchema),
      last_seq: z.int(),
      /** Whether events after `since` are no longer kept. */
      gap: z.boolean(),
    }),
    role: "agent",
    method: "GET",
    path: "/events",
    summary: "List the events that are kept, of the types named (with commas between)",
  }),
} as const;
