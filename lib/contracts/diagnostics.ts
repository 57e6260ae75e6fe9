/**
 * The verbs that look for what is wrong, and mend what can be mended safely.
 *
 * @module
 */

import { z } from "zod";
import { ERROR_KINDS } from "./error_kinds.ts";
import type { ErrorCode } from "./errors.ts";
import { verb } from "./verb.ts";
import { FIXER_KEYS } from "./words.ts";

/** How a check ended, best first; what could not be looked at is `skipped`. */
export const CHECK_LEVELS = ["ok", "skipped", "warning", "problem"] as const;

/** One of {@link CHECK_LEVELS}. */
export type CheckLevel = typeof CHECK_LEVELS[number];

/** One thing that was looked at. */
export const CheckSchema = z.object({
  /** What was looked at, such as `storage` or `server:github`. */
  id: z.string(),
  level: z.enum(CHECK_LEVELS),
  summary: z.string(),
  code: z.string().optional(),
  remedy: z.string().optional(),
  server: z.string().optional(),
  /** What `diagnostics.fix` can do about it. */
  fixer_key: z.enum(FIXER_KEYS).optional(),
});

/** One thing that was looked at. */
export type Check = z.output<typeof CheckSchema>;

const FixStepSchema = z.object({
  /** What is done, or would be, such as `chmod 0700 /path`. */
  text: z.string(),
  done: z.boolean(),
});

/** One thing that a fixer does or would do. */
export type FixStep = z.output<typeof FixStepSchema>;

const codes = Object.keys(ERROR_KINDS) as [ErrorCode, ...ErrorCode[]]; // the keys of that very table
const server = z.string().min(1).max(256);

/** Verbs of the group `diagnostics`. */
export const DIAGNOSTIC_VERBS = {
  "diagnostics.get": verb({
    input: z.strictObject({}),
    output: z.object({
      total_issues: z.int(),
      checks: z.array(CheckSchema),
      upstream_errors: z.array(
        z.object({
          server_name: z.string(),
          error_message: z.string(),
          code: z.string(),
          timestamp: z.string(),
        }),
      ),
      oauth_required: z.array(z.object({ server_name: z.string(), state: z.string(), message: z.string() })),
      missing_secrets: z.array(z.object({ secret_name: z.string(), used_by: z.array(z.string()) })),
      runtime_warnings: z.array(z.string()),
      timestamp: z.string(),
    }),
    role: "admin",
    method: "GET",
    path: "/diagnostics",
    aliases: [{ method: "GET", path: "/doctor" }],
    summary: "Look for what is wrong, with what to do about it",
  }),
  "diagnostics.server": verb({
    input: z.strictObject({ name: server }),
    output: z.object({ server_name: z.string(), checks: z.array(CheckSchema) }),
    role: "admin",
    method: "GET",
    path: "/servers/{name}/diagnostics",
    summary: "Look for what is wrong with one server",
  }),
  "diagnostics.fix": verb({
    input: z.strictObject({
      code: z.enum(codes),
      server: server.optional(),
      fixer_key: z.enum(FIXER_KEYS).optional(),
      mode: z.enum(["dry_run", "execute"]).default("dry_run"),
    }),
    output: z.object({
      code: z.string(),
      server: z.string().optional(),
      fixer_key: z.enum(FIXER_KEYS),
      mode: z.enum(["dry_run", "execute"]),
      /** Empty when nothing needs to be done. */
      steps: z.array(FixStepSchema),
    }),
    role: "admin",
    method: "POST",
    path: "/diagnostics/fix",
    summary: "Mend what a code stands for, where that is safe; says what it would do unless told to do it",
  }),
} as const;
