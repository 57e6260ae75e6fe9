/**
 * The second door of this room, for those who must start at once: what needs
 * no schemas. A command that asks a daemon gets by with it, and schemas are
 * most of what a command would load.
 *
 * @module
 */

export { type Permission, PERMISSIONS } from "./caller.ts";
export { closest, didYouMean, toHint } from "./closest.ts";
export { isDuration, toMs } from "./duration.ts";
export { ERROR_KINDS, type ErrorKind, rpcCodeOf } from "./error_kinds.ts";
export {
  type ErrorCode,
  GatewayError,
  type GatewayErrorOptions,
  isErrorCode,
  toGatewayError,
} from "./errors.ts";
export { parseJson } from "./json.ts";
export { LEFT_OUT_COMMANDS, LEFT_OUT_ROUTES, type LeftOut, whyLeftOut } from "./left_out.ts";
export { readVariable, type Reference, splitReferences } from "./references.ts";
export { CALL_VARIANTS, type CallVariant, parseToolId, SENSITIVITIES, type ToolRef } from "./tool.ts";
export { VERB_ROUTES, type VerbRoute } from "./verb_routes.ts";
export { VERSION } from "./version.ts";
export { isWantedEvent } from "./wanted_event.ts";
export { ACTIVITY_PERIODS, ACTIVITY_STATUSES, ACTIVITY_TYPES, EXPORT_FORMATS, FIXER_KEYS } from "./words.ts";
