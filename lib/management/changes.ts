/**
 * Puts on record what verbs change. Verbs that are not named here put
 * themselves on record, with `recordChange`.
 *
 * @module
 */

import {
  type Caller,
  ERROR_KINDS,
  type RequestSource,
  toGatewayError,
  type VerbName,
  VERBS,
} from "../contracts/mod.ts";
import { type Activity, type Change, recordChange } from "../activity/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { namesIn, resultsIn } from "./change_facts.ts";

/** One verb on its way. */
export interface VerbRun {
  readonly verb: VerbName;
  /** Checked against the schema of the verb. */
  readonly input: unknown;
  readonly caller: Caller;
  readonly requestId: string;
  readonly from?: RequestSource;
}

type Told = Pick<Change, "type" | "action" | "server" | "tool" | "details">;
type Fields = Readonly<Record<string, unknown>>;

/** Groups of which every verb that is no GET is a change. */
const GROUPS: Readonly<Record<string, Change["type"]>> = {
  access: "token_change",
  config: "config_change",
  connect: "config_change",
  import: "config_change",
  profiles: "config_change",
  registries: "config_change",
  servers: "server_change",
  secrets: "secret_change",
  tokens: "token_change",
};

/** These look like changes and are none. */
const READS: ReadonlySet<string> = new Set([
  "config.validate",
  "config.diff",
  "connect.preview",
  "registries.refresh",
  "registries.search",
]);
/** Verbs that hold a server, or let it out. */
const HOLDS: Readonly<Partial<Record<VerbName, boolean>>> = {
  "servers.quarantine": true,
  "servers.unquarantine": false,
};
/** What these have done is on record definition by definition; what they were refused is told here. */
const TELL_THEMSELVES: ReadonlySet<VerbName> = new Set([
  "approvals.approve",
  "approvals.reject",
  "consents.allow",
  "consents.deny",
]);
/** The caller's mistake, before anything was tried. */
const MISTAKE = 400;

/** Verbs whose group does not say what they are. */
const SPECIAL: Readonly<Partial<Record<VerbName, (input: Fields) => Told | undefined>>> = {
  "servers.reconnect": ({ reason }) => ({ type: "server_change", action: "reconnect", details: { reason } }),
  "tools.preflight": ({ tools }) => ({
    type: "preflight",
    action: "preflight",
    details: { tools: Array.isArray(tools) ? tools.map(idOf) : [] },
  }),
  "tools.switch": (input) => ({
    type: "config_change",
    action: input.enabled === true ? "enable_tool" : "disable_tool",
    server: textOf(input.name),
    tool: textOf(input.tool),
  }),
  "tools.enable_all": ({ name }) => ({
    type: "config_change",
    action: "enable_all_tools",
    server: textOf(name),
  }),
  "tools.disable_all": ({ name }) => ({
    type: "config_change",
    action: "disable_all_tools",
    server: textOf(name),
  }),
  "servers.inspect": ({ name }) => ({ type: "security_scan", action: "inspect", server: textOf(name) }),
  "security.scan": ({ name }) => ({ type: "security_scan", action: "scan", server: textOf(name) }),
  "approvals.approve": (input) => toRefused("approve", input),
  "approvals.reject": (input) => toRefused("reject", input),
  "security.approve": ({ name, force }) => ({
    type: "quarantine_change",
    action: "approve",
    server: textOf(name),
    details: { quarantined: false, force },
  }),
  "security.reject": ({ name }) => ({
    type: "quarantine_change",
    action: "reject",
    server: textOf(name),
    details: { quarantined: true },
  }),
  "consents.allow": ({ id }) => ({ type: "policy_decision", action: "allow", details: { consent_id: id } }),
  "consents.deny": ({ id }) => ({ type: "policy_decision", action: "deny", details: { consent_id: id } }),
  "isolation.switch": ({ enabled }) => ({
    type: "config_change",
    action: "docker_isolation",
    details: { enabled },
  }),
  "secrets.move": ({ name, scope, key, secret_name }) => ({
    type: "secret_change",
    action: "move",
    server: textOf(name),
    details: { scope, key, secret_name },
  }),
  "diagnostics.fix": ({ mode, server, code, fixer_key }) =>
    mode !== "execute"
      ? undefined
      : { type: "config_change", action: "fix", server: textOf(server), details: { code, fixer_key } },
};

/** Where changes are recorded, and what carries them out. */
interface Recording {
  readonly activity: Pick<Activity, "record">;
  readonly runtime: Pick<Runtime, "settled">;
}

/**
 * Carries out a verb and, if it is one that changes something, puts it on
 * record: once, whether it was done or not. What was done shows by then.
 *
 * @throws What `work` throws.
 */
export async function recordingChange<T>(
  { activity, runtime }: Recording,
  run: VerbRun,
  work: () => T | Promise<T>,
): Promise<T> {
  const told = changeOf(run.verb, run.input);
  if (told === undefined) return await work();
  const origin = { ...run.from, caller: run.caller, requestId: run.requestId };
  try {
    const output = await work();
    await runtime.settled();
    if (TELL_THEMSELVES.has(run.verb)) return output;
    recordChange(activity, { ...told, details: { ...told.details, ...resultsIn(output) } }, origin);
    return output;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (ERROR_KINDS[error.code].status !== MISTAKE) recordChange(activity, { ...told, error }, origin);
    throw thrown;
  }
}

/** Tells what a verb changes; `undefined` if nothing. Names of fields are told and never their values. Pure. */
export function changeOf(verb: VerbName, input: unknown): Told | undefined {
  const fields = Object(input) as Fields; // each is looked at
  const special = SPECIAL[verb];
  if (special !== undefined) return special(fields);
  const [group = "", action = ""] = verb.split(".");
  const type = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
  if (type === undefined || VERBS[verb].method === "GET" || READS.has(verb)) return undefined;
  if (group === "import" && fields.preview === true) return undefined;
  if (verb === "secrets.migrate" && fields.apply !== true) return undefined;
  const changed = changedFields(fields.patch);
  if (group !== "servers") return { type, action, details: { ...namesIn(fields), ...changed } };
  const held: unknown = HOLDS[verb] ?? Reflect.get(Object(fields.patch), "quarantined");
  const server = textOf(fields.name);
  if (typeof held !== "boolean") return { type, action, server, details: changed };
  return {
    type: "quarantine_change",
    action: held ? "quarantine" : "approve",
    server,
    details: { ...changed, quarantined: held },
  };
}

function toRefused(action: string, { name, tools, kind }: Fields): Told {
  return { type: "tool_quarantine_change", action, server: textOf(name), details: { tools, kind } };
}

function changedFields(patch: unknown): { readonly changed_fields?: string[] } {
  return typeof patch === "object" && patch !== null ? { changed_fields: Object.keys(patch) } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function idOf(tool: unknown): unknown {
  return Reflect.get(Object(tool), "id");
}
