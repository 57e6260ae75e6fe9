import { didYouMean, GatewayError } from "../../contracts/mod.ts";
import { UPSTREAM_SERVERS } from "./definitions.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** Fields of an entry that an agent may state; each also comes as JSON text. */
const FIELDS = [
  "command",
  "args",
  "env",
  "working_dir",
  "url",
  "headers",
  "protocol",
  "enabled",
  "init_timeout",
  "isolation",
  "oauth",
  "expose_prompts",
] as const;
const AS_TEXT: Readonly<Record<string, string>> = {
  args_json: "args",
  env_json: "env",
  headers_json: "headers",
  isolation_json: "isolation",
  oauth_json: "oauth",
};
/** Trust is given by a person, never by an agent. */
const TRUST: ReadonlySet<string> = new Set([
  "quarantined",
  "trust_mode",
  "skip_quarantine",
  "auto_approve_tool_changes",
]);
/** What decides which program runs, or where calls and their secrets go. */
const RISKY: ReadonlySet<string> = new Set([
  "command",
  "args",
  "env",
  "working_dir",
  "url",
  "headers",
  "protocol",
  "isolation",
  "oauth",
]);

/**
 * Reads the fields of an entry from the arguments of an agent.
 *
 * @throws {GatewayError} MCPX_FORBIDDEN — it asks for trust; MCPX_INVALID_INPUT — a field is unknown, or not JSON.
 */
export function readFields(args: Arguments): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(args)) {
    if (key === "operation" || key === "name") continue;
    if (TRUST.has(key)) refuseTrust(key, value);
    else if (Object.hasOwn(AS_TEXT, key)) fields[AS_TEXT[key] ?? key] = parse(key, value);
    else if (FIELDS.some((one) => one === key)) fields[key] = value;
    else throw unknownField(key);
  }
  return fields;
}

/** Tells whether a change makes a server something that a person has not seen. */
export function isRisky(fields: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(fields).some((key) => RISKY.has(key));
}

/** What takes nothing of a person's say is let pass. */
function refuseTrust(key: string, value: unknown): void {
  if (
    (key === "quarantined" && value === true) || (key === "trust_mode" && value === "manual") ||
    value === null
  ) {
    return;
  }
  throw new GatewayError(
    "MCPX_FORBIDDEN",
    `Cannot set "${key}": trust in a server is given by a person, not by an agent`,
    { remedy: "A person reviews the server, then types: mcpproxy upstream approve NAME" },
  );
}

function parse(key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw new GatewayError("MCPX_INVALID_INPUT", `Cannot read "${key}": it is not valid JSON`, { cause });
  }
}

function unknownField(key: string): GatewayError {
  const known = Object.keys(Object(UPSTREAM_SERVERS.inputSchema.properties));
  return new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot use "${key.slice(0, 100)}": upstream_servers has no such argument${didYouMean(key, known)}`,
  );
}
