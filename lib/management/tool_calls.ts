import {
  type ActivityRecord,
  type Caller,
  GatewayError,
  type ToolCallRecord,
  toToolId,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { activityVerbs } from "./activity.ts";
import type { AgentTools } from "./agent_tools/agent_tools.ts";
import { callVerbs } from "./calls.ts";
import type { ManagementOptions } from "./options.ts";
import { partOf, type VerbContext } from "./verb_context.ts";

/** What was refused is a call, too. */
const CALLS = ["tool_call", "policy_decision"] as const;
/** Stands in records for what must not be in them. */
const REDACTED = "***REDACTED***";

/** Verbs about calls on record. */
export function toolCallVerbs(options: ManagementOptions, agentTools: () => AgentTools) {
  const { runtime, activity, platform } = options;
  const records = activityVerbs(options);
  const calls = callVerbs(options, agentTools);

  async function find(id: string, caller: Caller): Promise<ActivityRecord> {
    const record = await records.get({ id }, caller);
    if (CALLS.some((type) => type === record.type)) return record;
    throw new GatewayError(
      "MCPX_ACTIVITY_NOT_FOUND",
      `Cannot find call "${id}": the record of this id is a ${record.type}`,
      { remedy: `See it as it is: mcpproxy activity show ${id}`, details: { id } },
    );
  }

  return {
    async list(
      { name, session_id, limit, offset, cursor }: VerbParsed<"tool_calls.list">,
      caller: Caller,
    ): Promise<VerbOutput<"tool_calls.list">> {
      if (name !== undefined) runtime.server(name);
      const filter = { type: [...CALLS], server: name, session_id, limit, offset, cursor };
      const { activities, total, next_cursor } = await records.list(filter, caller);
      return { server_name: name, tool_calls: activities.map(toToolCall), total, next_cursor };
    },

    async get({ id }: VerbParsed<"tool_calls.get">, caller: Caller): Promise<VerbOutput<"tool_calls.get">> {
      return toToolCall(await find(id, caller));
    },

    async replay(
      { id, arguments: given }: VerbParsed<"tool_calls.replay">,
      context: VerbContext,
    ): Promise<VerbOutput<"tool_calls.replay">> {
      const record = await find(id, context.caller);
      const { server_name: server = "", tool_name: tool = "", intent, request_id = id } = record;
      const part = partOf({ ...context, requestId: request_id }, platform.random.uuid());
      const result = await calls.call({
        tool_name: toToolId(server, tool),
        arguments: given ?? wholeArguments(record),
        variant: intent?.operation_type,
      }, { ...context, ...part });
      const { activities: [made] } = await activity.query({ request_id: part.requestId }, { limit: 1 });
      if (made === undefined) throw notRecorded(id);
      return {
        success: result.isError !== true,
        new_call_id: made.id,
        new_tool_call: toToolCall(made),
        replayed_from: record.id,
      };
    },
  };
}

function toToolCall(record: ActivityRecord): ToolCallRecord {
  const { duration_ms: tookMs } = record;
  return {
    id: record.id,
    server_name: record.server_name,
    tool_name: record.tool_name,
    status: record.status,
    arguments: record.arguments,
    arguments_truncated: record.arguments_truncated,
    response: record.response,
    error: record.error_message,
    error_code: record.error_code,
    duration: tookMs === undefined ? undefined : Math.round(tookMs * 1e6),
    timestamp: record.timestamp,
    request_id: record.request_id,
    parent_call_id: record.parent_id,
    execution_type: "direct",
    mcp_session_id: record.session_id,
    mcp_client_name: record.client_name,
    mcp_client_version: record.client_version,
  };
}

/** What is not as it was sent must not be sent again. */
function wholeArguments({ id, arguments: sent = {}, arguments_truncated: isCut }: ActivityRecord) {
  const isRedacted = JSON.stringify(sent).includes(REDACTED);
  if (isCut !== true && !isRedacted && typeof sent === "object" && sent !== null) {
    return sent as Readonly<Record<string, unknown>>; // arguments of a call are an object
  }
  const why = isRedacted ? "secrets were removed from its arguments" : "its arguments are not on record";
  throw new GatewayError("MCPX_INVALID_INPUT", `Cannot repeat call "${id}": ${why}`, {
    remedy: "Give the arguments anew, as an object",
    details: { id },
  });
}

function notRecorded(id: string): GatewayError {
  return new GatewayError(
    "MCPX_ACTIVITY_NOT_FOUND",
    `Cannot tell what became of call "${id}": it was repeated, and that could not be recorded`,
    { remedy: "See why in mcpproxy status" },
  );
}
