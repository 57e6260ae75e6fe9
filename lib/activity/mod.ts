/**
 * The durable record of calls, decisions and changes: taken without delay,
 * kept within limits, found by any field, added up by the hour.
 *
 * Not the place where anything is decided: nothing in the gateway depends on
 * what is recorded here.
 *
 * @module
 */

export { type Activity, type ActivityOptions, openActivity } from "./activity.ts";
export type { ExportFormat } from "./export.ts";
export type { ExportOptions, QueryOptions, Scope } from "./journal.ts";
export type { Head } from "./prepare.ts";
export type { ActivityLimits } from "./retention.ts";
export type { UsageQuery } from "./usage.ts";
