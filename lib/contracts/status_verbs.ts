/**
 * The state of the gateway as a whole.
 *
 * @module
 */

import { z } from "zod";
import { ActivityHealthSchema } from "./activity_report.ts";
import { ConcurrencySchema } from "./concurrency.ts";
import { ConfigErrorSchema } from "./config_verbs.ts";
import { flag } from "./params.ts";
import { statsShape } from "./server_verbs.ts";
import { verb } from "./verb.ts";

/** The gateway itself. */
export const StatusSchema = z.object({
  running: z.boolean(),
  version: z.string(),
  edition: z.string(),
  pid: z.int().optional(),
  listen_addr: z.string(),
  mcp_url: z.string(),
  socket_path: z.string(),
  config_path: z.string(),
  config_version: z.int(),
  data_dir: z.string(),
  uptime_seconds: z.number(),
  phase: z.string(),
  routing_mode: z.string(),
  require_mcp_auth: z.boolean(),
  api_key: z.string(),
  upstream_stats: z.object({ ...statsShape, connecting_servers: z.int() }),
  tools_indexed: z.int(),
  /** Calls of tools since the database was made. */
  tool_calls: z.int().optional(),
  /** Calls under a limit: those that run, those that wait, and those turned away since the start. */
  concurrency: ConcurrencySchema.optional(),
  memory_mb: z.number(),
  /** Why the config file as it is now is not in force. */
  config_error: ConfigErrorSchema.optional(),
  /** How the database does; `degraded` means that a person should know of something. */
  storage: z.object({
    level: z.enum(["healthy", "degraded"]),
    summary: z.string(),
    remedy: z.string().optional(),
    /** Changes that are not on the disk yet. */
    pending: z.int(),
    /** Changes that were given up since the start. */
    lost: z.int(),
    /** File of a damaged database that was set aside. */
    set_aside: z.string().optional(),
  }).optional(),
  /** How the record of activity does; absent without a daemon. */
  activity: ActivityHealthSchema.optional(),
  /** How known definitions are scanned by the rules in force; absent without a daemon. */
  scans: z.object({
    /** Version of the rules in force. */
    rules: z.string(),
    /** Whether what other rules have scanned is being scanned again by them now. */
    renewing: z.boolean(),
    /** The last time that there was something to scan again; absent if there never was. */
    renewed: z.object({
      rules: z.string(),
      /** ISO 8601. */
      started_at: z.string(),
      /** Absent as long as it goes on. */
      finished_at: z.string().optional(),
      /** Tools, prompts, resources and instructions that were scanned again. */
      scanned: z.int(),
      /** Of which these rules find more than those before. */
      worse: z.int(),
      /** Of those, the accepted ones; they stay accepted until a person decides. */
      worse_accepted: z.int(),
      /** Accepted ones that this or an earlier renewal found worse, and about which nobody has decided since. */
      undecided: z.int(),
    }).optional(),
  }).optional(),
  /** Keys whose new values wait for a restart of the daemon. */
  restart_required: z.array(z.string()),
  timestamp: z.string(),
});

/** Verbs of the group `status`. */
export const STATUS_VERBS = {
  "status.get": verb({
    input: z.strictObject({ show_key: flag().optional() }),
    output: StatusSchema,
    role: "agent",
    method: "GET",
    path: "/status",
    summary: "Show the gateway, its addresses and counts",
  }),
} as const;

/** The gateway's state. */
export type Status = z.output<typeof StatusSchema>;
