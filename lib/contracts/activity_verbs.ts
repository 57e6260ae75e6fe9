/**
 * The verbs about activity, and the export of it, which is a stream and no verb.
 *
 * @module
 */

import { z } from "zod";
import {
  ActivityFilterSchema,
  ActivityPageSchema,
  ActivityQuerySchema,
  ActivityRecordSchema,
} from "./activity.ts";
import { ActivitySummarySchema, ActivityUsageSchema } from "./activity_report.ts";
import { flag, wholeNumber } from "./params.ts";
import { verb } from "./verb.ts";
import { ACTIVITY_PERIODS, EXPORT_FORMATS } from "./words.ts";

/** Lengths of time that usage can cover. */
export const USAGE_WINDOWS = ["24h", "7d", "30d", "all"] as const;
/** What usage can be sorted by, largest first. */
export const USAGE_ORDERS = [
  "calls",
  "errors",
  "error_rate",
  "req_bytes",
  "resp_bytes",
  "p50",
  "p95",
] as const;

const name = z.string().max(1_000).optional();

/** What is taken out, and how. */
export const ActivityExportSchema = z.strictObject({
  ...ActivityFilterSchema.shape,
  format: z.enum(EXPORT_FORMATS).default("json"),
  /** With `arguments` and `response`. */
  include_bodies: flag().default(false),
  limit: wholeNumber({ min: 1, max: 50_000 }).default(10_000),
});

/** What is taken out, and how, before it was checked. */
export type ActivityExport = z.input<typeof ActivityExportSchema>;

/** Verbs of the group `activity`. */
export const ACTIVITY_VERBS = {
  "activity.list": verb({
    input: ActivityQuerySchema,
    output: ActivityPageSchema,
    role: "agent",
    method: "GET",
    path: "/activity",
    summary: "Find records of calls, decisions and changes, newest first; an agent finds its own",
  }),
  "activity.summary": verb({
    input: z.strictObject({ period: z.enum(ACTIVITY_PERIODS).default("24h") }),
    output: ActivitySummarySchema,
    role: "admin",
    method: "GET",
    path: "/activity/summary",
    summary: "Count what happened in the time before now",
  }),
  "activity.usage": verb({
    input: z.strictObject({
      window: z.enum(USAGE_WINDOWS).default("24h"),
      by: z.enum(["server", "tool"]).default("tool"),
      server: name,
      tool: name,
      top: wholeNumber({ min: 1, max: 1_000 }).default(20),
      sort: z.enum(USAGE_ORDERS).default("calls"),
    }),
    output: ActivityUsageSchema,
    role: "admin",
    method: "GET",
    path: "/activity/usage",
    summary: "Add up the calls of servers and tools, in whole hours",
  }),
  "activity.get": verb({
    input: z.strictObject({ id: z.string().min(1).max(100) }),
    output: ActivityRecordSchema,
    role: "agent",
    method: "GET",
    path: "/activity/{id}",
    summary: "Show one record of activity",
  }),
} as const;
