/**
 * The machine state of a server and the view of it that every surface shows.
 *
 * @module
 */

import { z } from "zod";
import type { ErrorCode } from "./errors.ts";

/** MCP generations: with `initialize` (to 2025-11-25), or without (from 2026-07-28). */
export type Era = "legacy" | "modern";

/** A failure of a server as its actor remembers it. */
export interface ServerFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly at: number;
}

/** What is true of a server now; times are epoch milliseconds. */
export type ServerState =
  | { readonly state: "idle"; readonly reason: "new" | "disabled" | "quarantined" | "asleep" }
  | { readonly state: "connecting"; readonly attempt: number; readonly since: number }
  | {
    readonly state: "authenticating";
    readonly url: string;
    readonly since: number;
    readonly expiresAt: number;
  }
  | { readonly state: "ready"; readonly since: number; readonly era: Era; readonly tools: number }
  | {
    readonly state: "backoff";
    readonly attempt: number;
    readonly retryAt: number;
    readonly error: ServerFailure;
  }
  | { readonly state: "failed"; readonly error: ServerFailure }
  | { readonly state: "stopping"; readonly deadline: number };

/** Names of the machine states, as users see them. */
export const STATE_NAMES = [
  "idle",
  "connecting",
  "authenticating",
  "ready",
  "backoff",
  "failed",
  "stopping",
] as const;

/** How well a server does and what a person can do about it. */
export const HealthSchema = z.object({
  level: z.enum(["healthy", "degraded", "unhealthy"]),
  admin_state: z.enum(["enabled", "disabled", "quarantined"]),
  summary: z.string(),
  detail: z.string().optional(),
  action: z.enum(["", "login", "restart", "enable", "approve", "view_logs", "set_secret", "configure"]),
});

/** See {@link HealthSchema}. */
export type Health = z.output<typeof HealthSchema>;

/** A failure explained to a person. */
export const DiagnosticSchema = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  cause: z.string(),
  detected_at: z.string(),
  user_message: z.string(),
  fix_steps: z.array(z.string()),
});

/**
 * What a stdio server takes of the machine: the process of its connection with
 * its group and everything that descends from it, measured every few seconds.
 */
export const ProcessViewSchema = z.object({
  pid: z.int(),
  /** Share of one processor; two processors in full use are 200. */
  cpu_percent: z.number(),
  memory_mb: z.number(),
  processes: z.int(),
});

/** See {@link ProcessViewSchema}. */
export type ProcessView = z.output<typeof ProcessViewSchema>;

/** One server as REST, CLI, MCP and UI show it; secrets in it are masked. */
export const ServerViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  protocol: z.string(),
  url: z.string().optional(),
  command: z.string().optional(),
  args: z.array(z.string()).optional(),
  working_dir: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  enabled: z.boolean(),
  quarantined: z.boolean(),
  trust_mode: z.string(),
  connected: z.boolean(),
  connecting: z.boolean(),
  status: z.enum(STATE_NAMES),
  tool_count: z.int(),
  /** Tools that wait until a person accepts them; absent if none does. */
  held_tool_count: z.int().optional(),
  health: HealthSchema,
  last_error: z.string().optional(),
  error_code: z.string().optional(),
  diagnostic: DiagnosticSchema.optional(),
  connected_at: z.string().optional(),
  retry_count: z.int(),
  retry_at: z.string().optional(),
  reconnect_count: z.int(),
  era: z.enum(["legacy", "modern"]).optional(),
  protocol_version: z.string().optional(),
  server_info: z.record(z.string(), z.unknown()).optional(),
  pid: z.int().optional(),
  process: ProcessViewSchema.optional(),
  /** Limits of calls at once that the entry states; what is absent is inherited. */
  max_concurrent_requests: z.int().optional(),
  queue_size: z.int().optional(),
  queue_timeout: z.string().optional(),
  created: z.string().optional(),
  updated: z.string().optional(),
});

/** See {@link ServerViewSchema}. */
export type ServerView = z.output<typeof ServerViewSchema>;
