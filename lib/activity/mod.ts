/**
 * The durable record of calls, decisions and changes: taken without delay,
 * kept within limits, found by any field, added up by the hour.
 *
 * Not the place where anything is decided: nothing in the gateway depends on
 * what is recorded here.
 *
 * @module
 */

export { createAbsentActivity } from "./absent.ts";
export { type Activity, type ActivityOptions, openActivity } from "./activity.ts";
export type { Addendum } from "./awaiting.ts";
export { type Change, recordChange, toChangeEntry } from "./change.ts";
export type { ExportFormat } from "./export.ts";
export type { ExportOptions, QueryOptions, Scope } from "./journal.ts";
export { openActivityLater } from "./later.ts";
export { type Origin, type OriginFields, toOriginFields } from "./origin.ts";
export type { Head } from "./prepare.ts";
export type { ActivityLimits } from "./retention.ts";
export type { UsageQuery } from "./usage.ts";
