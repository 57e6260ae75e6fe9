/**
 * Puts on record what verbs change. Verbs that are not named here put
 * themselves on record, with `recordChange`.
 *
 * @module
 */

import { type Caller, ERROR_KINDS, toGatewayError, type VerbName, VERBS } from "../contracts/mod.ts";
import { type Activity, type Change, recordChange } from "../activity/mod.ts";

/** One verb on its way. */
export interface VerbRun {
  readonly verb: VerbName;
  /** Checked against the schema of the verb. */
  readonly input: unknown;
  readonly caller: Caller;
  readonly requestId: string;
}

type Told = Pick<Change, "type" | "action" | "server" | "details">;

/** Groups of which every verb that is no GET is a change. */
const GROUPS: Readonly<Record<string, Change["type"]>> = {
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
/** The caller's mistake, before anything was tried. */
const MISTAKE = 400;

/**
 * Carries out a verb and puts it on record, if it is one that changes
 * something: once, whether it was done or not.
 *
 * @throws What `work` throws.
 */
export async function recordingChange<T>(
  activity: Pick<Activity, "record">,
  run: VerbRun,
  work: () => T | Promise<T>,
): Promise<T> {
  const told = changeOf(run.verb, run.input);
  if (told === undefined) return await work();
  const { caller, requestId } = run;
  try {
    const output = await work();
    recordChange(activity, { ...told, details: { ...told.details, ...verdictOf(output) } }, {
      caller,
      requestId,
    });
    return output;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (ERROR_KINDS[error.code].status !== MISTAKE) {
      recordChange(activity, { ...told, error }, { caller, requestId });
    }
    throw thrown;
  }
}

/** Tells what a verb changes; `undefined` if nothing. Names of fields are told and never their values. Pure. */
export function changeOf(verb: VerbName, input: unknown): Told | undefined {
  const [group = "", action = ""] = verb.split(".");
  if (verb === "tools.preflight") {
    const tools: unknown = Reflect.get(Object(input), "tools");
    return { type: "preflight", action, details: { tools: Array.isArray(tools) ? tools.map(idOf) : [] } };
  }
  const type = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
  if (type === undefined || VERBS[verb].method === "GET" || READS.has(verb)) return undefined;
  // Each is looked at.
  const { name, patch, preview, apply } = Object(input) as Readonly<Record<string, unknown>>;
  if (group === "import" && preview === true) return undefined;
  if (verb === "secrets.migrate" && apply !== true) return undefined;
  const named = typeof name === "string" ? name : undefined;
  const fields = typeof patch === "object" && patch !== null ? { changed_fields: Object.keys(patch) } : {};
  if (group !== "servers") return { type, action, details: { ...(named && { name: named }), ...fields } };
  const held: unknown = HOLDS[verb] ?? Reflect.get(Object(patch), "quarantined");
  if (typeof held !== "boolean") return { type, action, server: named, details: fields };
  return {
    type: "quarantine_change",
    action: held ? "quarantine" : "approve",
    server: named,
    details: { ...fields, quarantined: held },
  };
}

function idOf(tool: unknown): unknown {
  return Reflect.get(Object(tool), "id");
}

/** What a check has found. */
function verdictOf(output: unknown): { readonly verdict?: string } {
  const verdict: unknown = Reflect.get(Object(output), "verdict");
  return typeof verdict === "string" ? { verdict } : {};
}
