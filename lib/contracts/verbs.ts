/**
 * The verbs of the Management contract, each with its input, its output, the
 * right it needs and its place in REST.
 *
 * @module
 */

import type { z } from "zod";
import { ACCESS_VERBS } from "./access_verbs.ts";
import { ACTIVITY_VERBS } from "./activity_verbs.ts";
import { APPROVAL_VERBS } from "./approval_verbs.ts";
import { CONFIG_VERBS } from "./config_verbs.ts";
import { CONSENT_VERBS } from "./consent_verbs.ts";
import { CONNECT_VERBS } from "./connect_verbs.ts";
import { DIAGNOSTIC_VERBS } from "./diagnostics.ts";
import { EVENT_VERBS } from "./event.ts";
import { GATEWAY_VERBS } from "./gateway_verbs.ts";
import { IMPORT_VERBS } from "./import_verbs.ts";
import { ISOLATION_VERBS } from "./isolation_verbs.ts";
import { PREFLIGHT_VERBS } from "./preflight.ts";
import { PROFILE_VERBS } from "./profile_verbs.ts";
import { REGISTRY_VERBS } from "./registry_verbs.ts";
import { SECRET_VERBS } from "./secret_verbs.ts";
import { SERVER_VERBS } from "./server_verbs.ts";
import { SESSION_VERBS } from "./session_verbs.ts";
import { STATS_VERBS } from "./stats_verbs.ts";
import { STATUS_VERBS } from "./status_verbs.ts";
import { TOKEN_VERBS } from "./token_verbs.ts";
import { TOOL_CALL_VERBS } from "./tool_call_verbs.ts";
import { TOOL_VERBS } from "./tool_verbs.ts";

export { type LogLine, LogLineSchema, ServerPatchSchema } from "./server_verbs.ts";
export { type Status, StatusSchema } from "./status_verbs.ts";
export { type ToolView, ToolViewSchema } from "./tool_verbs.ts";
export type { Role, Verb, VerbMethod } from "./verb.ts";

/** Every verb by `group.name`. */
export const VERBS = {
  ...ACCESS_VERBS,
  ...ACTIVITY_VERBS,
  ...CONFIG_VERBS,
  ...EVENT_VERBS,
  ...APPROVAL_VERBS,
  ...STATS_VERBS,
  ...PREFLIGHT_VERBS,
  ...GATEWAY_VERBS,
  ...DIAGNOSTIC_VERBS,
  ...IMPORT_VERBS,
  ...CONNECT_VERBS,
  ...PROFILE_VERBS,
  ...SESSION_VERBS,
  ...CONSENT_VERBS,
  ...SECRET_VERBS,
  ...TOKEN_VERBS,
  ...REGISTRY_VERBS,
  ...ISOLATION_VERBS,
  ...STATUS_VERBS,
  ...SERVER_VERBS,
  ...TOOL_VERBS,
  ...TOOL_CALL_VERBS,
} as const;

/** Name of a verb. */
export type VerbName = keyof typeof VERBS;

/** What a caller passes to a verb. */
export type VerbInput<N extends VerbName> = z.input<typeof VERBS[N]["input"]>;

/** What a verb works on after its input was checked. */
export type VerbParsed<N extends VerbName> = z.output<typeof VERBS[N]["input"]>;

/** What a verb answers. */
export type VerbOutput<N extends VerbName> = z.output<typeof VERBS[N]["output"]>;
