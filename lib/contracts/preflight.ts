/**
 * The verb that tells whether required tools could be called now.
 *
 * @module
 */

import { z } from "zod";
import { wholeNumber } from "./params.ts";
import { verb } from "./verb.ts";

/** What the checks of a preflight come to; the worst one wins. */
export const PREFLIGHT_VERDICTS = ["ready", "degraded_retryable", "blocked", "unknown_ids"] as const;

/** A pinned definition: `sha256/v<N>:` and 64 hexadecimal digits. */
const PIN = /^sha256\/v\d{1,6}:[0-9a-f]{64}$/;

/** Whether one tool could be called now, and if not, why and what to do. */
export const PreflightToolSchema = z.object({
  id: z.string(),
  status: z.enum(["ready", "blocked", "not_found"]),
  reason: z.string().optional(),
  /** Whether waiting may help. */
  retryable: z.boolean().optional(),
  action: z.string().optional(),
  detail: z.string().optional(),
  /** What a person can type. */
  remediation: z.string().optional(),
  /** Hash of the definition; for admins. */
  hash: z.string().optional(),
  did_you_mean: z.array(z.string()).optional(),
});

/** The verb of preflights. */
export const PREFLIGHT_VERBS = {
  "tools.preflight": verb({
    input: z.strictObject({
      tools: z.array(z.strictObject({
        id: z.string().min(1).max(512),
        pin_hash: z.string().regex(PIN, { error: "wanted sha256/v1: and 64 hexadecimal digits" }).optional(),
      })).min(1).max(100),
      profile: z.string().min(1).max(256).optional(),
      policy: z.strictObject({
        read_only_only: z.boolean().default(false),
        exclude_destructive: z.boolean().default(false),
        exclude_open_world: z.boolean().default(false),
      }).prefault({}),
      /** How long to wait for what waiting may help, in milliseconds. */
      wait_ms: wholeNumber({ min: 0, max: 10_000 }).default(0),
    }),
    output: z.object({
      verdict: z.enum(PREFLIGHT_VERDICTS),
      checked_at: z.string(),
      waited_ms: z.number().optional(),
      /** In the order asked for. */
      tools: z.array(PreflightToolSchema),
    }),
    role: "agent",
    method: "POST",
    path: "/preflight",
    summary: "Tell whether required tools could be called now, and if not, why",
  }),
} as const;

/** One tool of a preflight. */
export type PreflightTool = z.output<typeof PreflightToolSchema>;
