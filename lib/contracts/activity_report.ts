/**
 * What is told about activity as a whole: summary, usage, and how the record
 * of it does.
 *
 * @module
 */

import { z } from "zod";
import { ACTIVITY_PERIODS } from "./words.ts";

const topSchema = z.array(z.object({ name: z.string(), count: z.int() }));

/** What happened in a length of time. */
export const ActivitySummarySchema = z.object({
  period: z.enum(ACTIVITY_PERIODS),
  /** ISO 8601. */
  start_time: z.string(),
  end_time: z.string(),
  total_count: z.int(),
  success_count: z.int(),
  error_count: z.int(),
  blocked_count: z.int(),
  rejected_count: z.int(),
  cancelled_count: z.int(),
  /** Only types that occurred. */
  by_type: z.record(z.string(), z.int()),
  /** Most records first. */
  top_servers: topSchema,
  /** Named `server:tool`. */
  top_tools: topSchema,
});

/** What happened in a length of time. */
export type ActivitySummary = z.output<typeof ActivitySummarySchema>;

const figuresSchema = z.object({
  /** Calls that reached a server, failed ones included. */
  calls: z.int(),
  errors: z.int(),
  /** Calls that were blocked, rejected or cancelled. */
  refused: z.int(),
  /** Absent without calls; within 5 % of the true one. */
  p50_ms: z.number().optional(),
  p95_ms: z.number().optional(),
  request_bytes: z.int(),
  response_bytes: z.int(),
});

/** How much something was used. */
export type UsageFigures = z.output<typeof figuresSchema>;

/** Figures of one server, or of one of its tools. */
export const UsageRowSchema = z.object({
  server_name: z.string(),
  tool_name: z.string().optional(),
  ...figuresSchema.shape,
});

/** Figures of one hour. */
export const UsageHourSchema = z.object({
  /** ISO 8601, start of the hour. */
  hour: z.string(),
  ...figuresSchema.shape,
});

/** How much servers and tools were used. */
export const ActivityUsageSchema = z.object({
  by: z.enum(["server", "tool"]),
  /** ISO 8601; whole hours. */
  start_time: z.string(),
  end_time: z.string(),
  total: figuresSchema,
  /** Most calls first; by name where equal. */
  rows: z.array(UsageRowSchema),
  /** Oldest first; only hours with calls. */
  hours: z.array(UsageHourSchema),
});

/** How much servers and tools were used. */
export type ActivityUsage = z.output<typeof ActivityUsageSchema>;

/** How the record of activity itself does. */
export const ActivityHealthSchema = z.object({
  /** `opening` for a moment after the start; `off` if nothing can be recorded. */
  level: z.enum(["opening", "healthy", "degraded", "off"]),
  summary: z.string(),
  /** What a person can do; absent if nothing needs to be done. */
  remedy: z.string().optional(),
  records: z.int(),
  size_bytes: z.int(),
  /** Records that are not durable yet. */
  pending: z.int(),
  /** Records that were given up since the start. */
  lost: z.int(),
  /** Records that were removed since the start though they were not old: there was no room for more. */
  removed_early: z.int(),
  /** Records that could not be read since the start. */
  unreadable: z.int(),
  /** ISO 8601; absent if there is none. */
  oldest: z.string().optional(),
  /** Where a damaged file lies that was set aside. */
  set_aside: z.string().optional(),
});

/** How the record of activity itself does. */
export type ActivityHealth = z.output<typeof ActivityHealthSchema>;
