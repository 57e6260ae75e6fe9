/**
 * Every shape that crosses a wire or a wall. Imports zod only.
 *
 * @module
 */

export {
  ACTIVITY_SEVERITIES,
  ACTIVITY_SOURCES,
  type ActivityEntry,
  type ActivityFilter,
  ActivityFilterSchema,
  type ActivityPage,
  ActivityPageSchema,
  type ActivityPeriod,
  ActivityQuerySchema,
  type ActivityRecord,
  ActivityRecordSchema,
  type ActivitySeverity,
  type ActivitySource,
  type ActivityStatus,
  type ActivityType,
} from "./activity.ts";
export {
  type ActivityHealth,
  ActivityHealthSchema,
  type ActivitySummary,
  ActivitySummarySchema,
  type ActivityUsage,
  ActivityUsageSchema,
  type UsageFigures,
} from "./activity_report.ts";
export {
  type Access,
  COMMAND_VERBS,
  listOperations,
  type Operation,
  ROUTE_ACCESS,
  SERVER_OPERATION_ACCESS,
  TOOL_ACCESS,
} from "./access.ts";
export { type ActivityExport, ActivityExportSchema, USAGE_ORDERS, USAGE_WINDOWS } from "./activity_verbs.ts";
export {
  type Caller,
  type CallerScope,
  endOf,
  type Permission,
  permissionFor,
  PERMISSIONS,
} from "./caller.ts";
export {
  OUTPUT_CHECKS,
  type OutputCheck,
  SENSITIVE_ACTIONS,
  type SensitiveAction,
  type Spotlight,
  SPOTLIGHTS,
} from "./call_policies.ts";
export { closest, didYouMean, toHint } from "./closest.ts";
export { type Config, CONFIG_KEYS, ConfigSchema } from "./config.ts";
export type { ExposureChoice } from "./config_sections.ts";
export {
  type ConfigEffect,
  type ConfigProblem,
  ConfigProblemSchema,
  type ServerEffect,
} from "./config_verbs.ts";
export { isDuration, toMs } from "./duration.ts";
export { type EventFilter, type GatewayEvent, GatewayEventSchema } from "./event.ts";
export {
  type Feature,
  FEATURE_NAMES,
  type FeatureName,
  FEATURES,
  type Features,
  resolveFeatures,
  type StatedFeature,
  statedFeature,
} from "./features.ts";
export { ERROR_KINDS, type ErrorKind, rpcCodeOf } from "./error_kinds.ts";
export {
  type ErrorCode,
  GatewayError,
  type GatewayErrorOptions,
  isErrorCode,
  toGatewayError,
} from "./errors.ts";
export type { ApprovalView } from "./approval_verbs.ts";
export type { Concurrency } from "./concurrency.ts";
export type { ListedServerView, RegistryView } from "./registry_verbs.ts";
export type { ClientStatus, ConnectResult } from "./connect_verbs.ts";
export type { ImportResult } from "./import_verbs.ts";
export { type JsonSchema, toJsonSchema } from "./json_schema.ts";
export { isSameJson } from "./same_json.ts";
export { isRawNumber, JsonTooDeep, MAX_JSON_DEPTH, parseJson } from "./json.ts";
export { type ClientPeer, type PeerMessage, type PeerRequestOptions } from "./peer.ts";
export { isServerName, type Management, type RequestOptions, type RequestSource } from "./management.ts";
export {
  type LogLine,
  type Role,
  ServerPatchSchema,
  type Status,
  StatusSchema,
  type ToolView,
  ToolViewSchema,
  type Verb,
  type VerbInput,
  type VerbMethod,
  type VerbName,
  type VerbOutput,
  type VerbParsed,
  VERBS,
} from "./verbs.ts";
export { PREFLIGHT_VERDICTS, type PreflightTool } from "./preflight.ts";
export { type Check, CHECK_LEVELS, type CheckLevel, type FixStep } from "./diagnostics.ts";
export { type ProfileView } from "./profile_verbs.ts";
export { type ConsentView } from "./consent_verbs.ts";
export { type SessionView } from "./session_verbs.ts";
export { type ToolCallRecord } from "./tool_call_verbs.ts";
export { type SecretMove, type SecretView } from "./secret_verbs.ts";
export { type TokenView } from "./token_verbs.ts";
export { readVariable, type Reference, splitReferences } from "./references.ts";
export {
  type Era,
  type Health,
  HealthSchema,
  type ProcessView,
  type ServerFailure,
  type ServerState,
  type ServerView,
  ServerViewSchema,
  STATE_NAMES,
} from "./server.ts";
export {
  type Apply,
  SERVER_KEYS,
  type ServerConfig,
  type ServerConfigInput,
  ServerConfigSchema,
  type Wire,
  wireOf,
} from "./server_config.ts";
export {
  CALL_VARIANTS,
  type CallVariant,
  parseToolId,
  SENSITIVITIES,
  type ServerTool,
  type ToolAnnotations,
  type ToolDefinition,
  type ToolRef,
  type ToolResult,
  toToolId,
  variantOf,
} from "./tool.ts";
export { toSentence } from "./sentence.ts";
export { VERSION } from "./version.ts";
export { isWantedEvent } from "./wanted_event.ts";
export { LEFT_OUT_COMMANDS, LEFT_OUT_ROUTES, type LeftOut, whyLeftOut } from "./left_out.ts";
export { ACTIVITY_PERIODS, ACTIVITY_STATUSES, ACTIVITY_TYPES, EXPORT_FORMATS, FIXER_KEYS } from "./words.ts";
