/**
 * Every shape that crosses a wire or a wall. Imports zod only.
 *
 * @module
 */

export { closest, didYouMean } from "./closest.ts";
export { type Config, CONFIG_KEYS, ConfigSchema } from "./config.ts";
export { isDuration, toMs } from "./duration.ts";
export { ERROR_KINDS, type ErrorKind } from "./error_kinds.ts";
export {
  type ErrorCode,
  GatewayError,
  type GatewayErrorOptions,
  isErrorCode,
  toGatewayError,
} from "./errors.ts";
export { type Caller, isServerName, type Management, type RequestOptions } from "./management.ts";
export {
  type LogLine,
  type Role,
  ServerPatchSchema,
  type Status,
  type ToolView,
  type Verb,
  type VerbInput,
  type VerbName,
  type VerbOutput,
  type VerbParsed,
  VERBS,
} from "./verbs.ts";
export { readVariable, type Reference, splitReferences } from "./references.ts";
export {
  type Era,
  type Health,
  type ServerFailure,
  type ServerState,
  type ServerView,
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
  type ServerTool,
  type ToolAnnotations,
  type ToolDefinition,
  type ToolRef,
  type ToolResult,
  toToolId,
  variantOf,
} from "./tool.ts";
export { VERSION } from "./version.ts";
