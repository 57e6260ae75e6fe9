/**
 * Activity: the durable record of calls, decisions and changes, and how it is
 * asked for.
 *
 * @module
 */

import { z } from "zod";
import { flag, wholeNumber } from "./params.ts";
import { CALL_VARIANTS, type CallVariant } from "./tool.ts";
import { type ACTIVITY_PERIODS, ACTIVITY_STATUSES, ACTIVITY_TYPES } from "./words.ts";

/** Where it came in. */
export const ACTIVITY_SOURCES = ["mcp", "cli", "api", "internal"] as const;

/** How bad the worst finding is, mildest first. The order is stored. */
export const ACTIVITY_SEVERITIES = ["low", "medium", "high", "critical"] as const;

/** What a record is about. */
export type ActivityType = typeof ACTIVITY_TYPES[number];
/** How it ended. */
export type ActivityStatus = typeof ACTIVITY_STATUSES[number];
/** Where it came in. */
export type ActivitySource = typeof ACTIVITY_SOURCES[number];
/** How bad a finding is. */
export type ActivitySeverity = typeof ACTIVITY_SEVERITIES[number];
/** A length of time that a summary can cover. */
export type ActivityPeriod = typeof ACTIVITY_PERIODS[number];

const text = z.string().optional();
const sizeBytes = z.int().min(0).optional();

/** One record as everyone sees it: without secrets, and of bounded size. */
export const ActivityRecordSchema = z.object({
  /** ULID: sorts by time, and within a millisecond by order. */
  id: z.string(),
  type: z.enum(ACTIVITY_TYPES),
  source: z.enum(ACTIVITY_SOURCES),
  status: z.enum(ACTIVITY_STATUSES),
  /** ISO 8601. */
  timestamp: z.string(),
  server_name: text,
  tool_name: text,
  /** One of the stable `MCPX_*` codes. */
  error_code: text,
  error_message: text,
  duration_ms: z.number().min(0).optional(),
  session_id: text,
  work_session_id: text,
  request_id: text,
  /** By which the client knows it, beside other things of its own. */
  correlation_id: text,
  /**
   * `request_id` of what this was a part of: of the call of a gateway's tool whose work it is, of the import or
   * installation that has added this server, of the call that is repeated, or whose long result is read on.
   */
  parent_id: text,
  client_name: text,
  client_version: text,
  profile: text,
  /** Label of the token of the caller. */
  agent_name: text,
  auth_type: text,
  intent: z.object({
    operation_type: z.enum(CALL_VARIANTS).optional(),
    data_sensitivity: text,
    reason: text,
  }).optional(),
  /** Size of the arguments as they came, before anything was cut. */
  request_bytes: sizeBytes,
  /** Size of the result as it went, before anything was cut. */
  response_bytes: sizeBytes,
  arguments: z.unknown().optional(),
  /** Whether a part of `arguments` is missing. */
  arguments_truncated: z.literal(true).optional(),
  response: z.unknown().optional(),
  /** Whether a part of `response` is missing. */
  response_truncated: z.literal(true).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  has_sensitive_data: z.boolean(),
  detection_types: z.array(z.string()).optional(),
  max_severity: z.enum(ACTIVITY_SEVERITIES).optional(),
});

/** One record as everyone sees it. */
export type ActivityRecord = z.output<typeof ActivityRecordSchema>;

/** What somebody has to tell of what happened; secrets are removed and sizes bounded later. */
export interface ActivityEntry {
  readonly type: ActivityType;
  readonly status: ActivityStatus;
  /** `internal` when absent. */
  readonly source?: ActivitySource;
  readonly server_name?: string;
  readonly tool_name?: string;
  readonly error_code?: string;
  readonly error_message?: string;
  readonly duration_ms?: number;
  readonly session_id?: string;
  readonly work_session_id?: string;
  readonly request_id?: string;
  readonly correlation_id?: string;
  readonly parent_id?: string;
  readonly client_name?: string;
  readonly client_version?: string;
  readonly profile?: string;
  readonly agent_name?: string;
  readonly auth_type?: string;
  readonly intent?: {
    readonly operation_type?: CallVariant;
    readonly data_sensitivity?: string;
    readonly reason?: string;
  };
  readonly request_bytes?: number;
  readonly response_bytes?: number;
  /** Any value of JSON, or a text; not to be changed by its owner afterwards. */
  readonly arguments?: unknown;
  /** Any value of JSON, or a text; not to be changed by its owner afterwards. */
  readonly response?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly detection_types?: readonly string[];
  readonly max_severity?: ActivitySeverity;
}

/** A list of words, also as query strings have it: one text with commas between, which asks for nothing if empty. */
function words<const W extends readonly [string, ...string[]]>(values: W) {
  return z.preprocess(
    (found) => typeof found === "string" ? toWords(found) : found,
    z.array(z.enum(values)).max(100).optional(),
  ).optional().meta({ plain: { type: "string", description: `With commas between: ${values.join(", ")}` } });
}

function toWords(text: string): string[] | undefined {
  const found = text.split(",").map((word) => word.trim()).filter((word) => word !== "");
  return found.length === 0 ? undefined : found;
}

const wanted = z.string().max(1_000).transform((text) => text === "" ? undefined : text).optional()
  .meta({ plain: { type: "string", maxLength: 1_000 } });
const moment = z.iso.datetime({ offset: true }).optional();

const filterShape = {
  type: words(ACTIVITY_TYPES),
  status: words(ACTIVITY_STATUSES),
  server: wanted,
  tool: wanted,
  session_id: wanted,
  work_session_id: wanted,
  request_id: wanted,
  /** What the client sent as `X-Correlation-ID`. */
  correlation_id: wanted,
  parent_id: wanted,
  intent_type: z.enum(CALL_VARIANTS).optional(),
  /** With `true` successful `call_tool_*` calls are shown beside the calls that they led to. */
  include_call_tool: flag().optional(),
  sensitive_data: flag().optional(),
  detection_type: wanted,
  severity: z.enum(ACTIVITY_SEVERITIES).optional(),
  agent: wanted,
  auth_type: wanted,
  profile: wanted,
  client: wanted,
  error_code: wanted,
  /** Included. */
  start_time: moment,
  /** Not included. */
  end_time: moment,
};

/** Which records are wanted; all conditions must hold. */
export const ActivityFilterSchema = z.strictObject(filterShape);

/** Which records are wanted; an absent condition always holds. */
export type ActivityFilter = z.output<typeof ActivityFilterSchema>;

/** A filter and which page of what it finds. */
export const ActivityQuerySchema = z.strictObject({
  ...filterShape,
  limit: wholeNumber({ min: 1, max: 100 }).default(50),
  /** `next_cursor` of the page before. */
  cursor: z.string().max(100).optional(),
  /** Passes over the newest of what is found, or of what comes after `cursor`. */
  offset: wholeNumber({ min: 0, max: 10_000 }).optional(),
  /** Leaves out `arguments` and `response`. */
  exclude_payloads: flag().optional(),
});

/** Some records, newest first. */
export const ActivityPageSchema = z.object({
  activities: z.array(ActivityRecordSchema),
  /** How many records the filter finds in all. */
  total: z.int(),
  /** Absent on the last page. */
  next_cursor: z.string().optional(),
});

/** Some records, newest first. */
export type ActivityPage = z.output<typeof ActivityPageSchema>;
