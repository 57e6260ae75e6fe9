/**
 * What the gateway says about itself: structured, redacted, rotating logs, one
 * log per upstream server, and readiness.
 *
 * @module
 */

export type { AccessEntry, AccessLog } from "./access_log.ts";
export { isLogLevel, LOG_LEVELS, type LogLevel } from "./level.ts";
export type { LogFields } from "./fields.ts";
export { type Logger, type Logs, type LogsOptions, openLogs, type ServerLog } from "./logs.ts";
export { createReadiness, type Readiness, type ReadinessTask, type TaskState } from "./readiness.ts";
export { followServerLog, readServerLog, type ServerLogSource } from "./server_log.ts";
