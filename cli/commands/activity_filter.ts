import type { Command } from "@commander-js/extra-typings";
import type { VerbInput } from "../../lib/contracts/mod.ts";
import { usageError } from "../usage.ts";

/** Adds the options by which records are found. */
export function addFilters<A extends unknown[]>(command: Command<A>) {
  return command
    .option("-t, --type <types>", "tool_call, policy_decision, config_change …, with commas between")
    .option("-s, --server <name>", "server")
    .option("--tool <name>", "tool, prompt or resource")
    .option("--status <words>", "success, error, blocked, rejected or cancelled, with commas between")
    .option("--session <label>", "MCP session")
    .option("--request-id <id>", "request")
    .option("--correlation-id <id>", "what the client called it by X-Correlation-ID")
    .option("--parent-id <id>", "what belongs to this request")
    .option("--intent-type <type>", "read, write or destructive")
    .option("--start-time <time>", "from this time on, such as 2026-01-31T08:00:00Z")
    .option("--end-time <time>", "before this time")
    .option("--agent <name>", "agent token")
    .option("--auth-type <type>", "admin, agent or anonymous")
    .option("--profile <name>", "profile")
    .option("--client <name>", "MCP client")
    .option("--error-code <code>", "code of the error")
    .option("--sensitive-data", "only with sensitive data in it")
    .option("--detection-type <type>", "kind of sensitive data")
    .option("--severity <severity>", "low, medium, high or critical");
}

/** What {@link addFilters} reads. */
export interface FilterOptions {
  readonly type?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly status?: string;
  readonly session?: string;
  readonly requestId?: string;
  readonly correlationId?: string;
  readonly parentId?: string;
  readonly intentType?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly agent?: string;
  readonly authType?: string;
  readonly profile?: string;
  readonly client?: string;
  readonly errorCode?: string;
  readonly sensitiveData?: true;
  readonly detectionType?: string;
  readonly severity?: string;
}

/** Writes the options as a filter; the service checks the words. */
export function toFilter(options: FilterOptions): VerbInput<"activity.list"> {
  const filter = {
    type: options.type,
    server: options.server,
    tool: options.tool,
    status: options.status,
    session_id: options.session,
    request_id: options.requestId,
    correlation_id: options.correlationId,
    parent_id: options.parentId,
    intent_type: options.intentType,
    start_time: options.startTime,
    end_time: options.endTime,
    agent: options.agent,
    auth_type: options.authType,
    profile: options.profile,
    client: options.client,
    error_code: options.errorCode,
    sensitive_data: options.sensitiveData,
    detection_type: options.detectionType,
    severity: options.severity,
  };
  // Words that the schema does not know are refused by it, in its own words.
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** Reads a whole number of an option. @throws {GatewayError} MCPX_USAGE */
export function toCount(text: string, option: string, bounds: { min: number; max: number }): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count >= bounds.min && count <= bounds.max) return count;
  throw usageError(
    `Cannot read ${option} "${text}": wanted a whole number from ${bounds.min} to ${bounds.max}`,
    "activity",
  );
}
