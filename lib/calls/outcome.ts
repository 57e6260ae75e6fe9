/**
 * Turns failures and refusals into tool results: an agent reads them, so each
 * says what happened and what to do, with the code in `_meta`.
 *
 * @module
 */

import {
  type ErrorCode,
  type GatewayError,
  type ToolDefinition,
  type ToolResult,
  toSentence,
} from "../contracts/mod.ts";
import type { UpstreamRpcError } from "../upstream/mod.ts";

/** Key of the gateway's own facts in `_meta` of a result. */
export const META_KEY = "io.mcpproxy/error";

const INVALID_PARAMS = -32602;
const QUARANTINE_TEXT =
  "The server is held in quarantine until a person has reviewed it. Nothing of it can be used and the call was not sent.";

/** Takes out what only the gateway may say of a result: a server could put words into its mouth. */
export function withoutOwnFacts(result: ToolResult): ToolResult {
  const { _meta: meta } = result;
  if (typeof meta !== "object" || meta === null || !(META_KEY in meta)) return result;
  const { [META_KEY]: _forged, ...rest } = meta;
  return { ...result, _meta: rest };
}

/** An answer of ours that shows tools. */
export interface ShownTools {
  readonly result: ToolResult;
  /** Their ids. */
  readonly shown: readonly string[];
}

/** Writes a value as the one text block of a result. */
export function toJsonResult(value: unknown): ToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}

/** Writes a refusal or failure of the gateway. */
export function toErrorResult(
  error: GatewayError,
  context: { readonly server?: string; readonly tool?: string; readonly requestId: string },
): ToolResult {
  const { retry_after_ms, consent_id } = error.details;
  const retry = {
    ...(typeof retry_after_ms === "number" ? { retry_after_ms } : {}),
    ...(typeof consent_id === "string" ? { status: "CONSENT_REQUIRED", consent_id } : {}),
  };
  return errorResult(
    {
      error: error.message,
      code: error.code,
      remedy: error.remedy,
      ...retry,
      ...(context.server === undefined ? {} : { server_name: context.server, tool_name: context.tool }),
      request_id: context.requestId,
    },
    { code: error.code, remedy: error.remedy, ...retry, request_id: context.requestId },
  );
}

/** Writes the hold of a quarantined server; nothing that the server says is in it. */
export function toQuarantineResult(
  error: GatewayError,
  call: {
    readonly server: string;
    readonly tool: string;
    readonly args: unknown;
    readonly requestId: string;
  },
): ToolResult {
  return errorResult(
    {
      status: "QUARANTINED_SERVER_BLOCKED",
      serverName: call.server,
      toolName: call.tool,
      requestedArgs: call.args,
      message: QUARANTINE_TEXT,
      instructions: `Ask the person to review server "${call.server}". ${error.remedy}`,
      securityHelp: "Quarantine protects against tools whose descriptions hide instructions for the agent.",
    },
    { code: error.code, remedy: error.remedy, request_id: call.requestId },
  );
}

/** Writes the hold of a tool that nobody has accepted as it is; nothing of what it says now is in it. */
export function toHoldResult(
  error: GatewayError,
  call: { readonly server: string; readonly tool: string; readonly requestId: string },
): ToolResult {
  return errorResult(
    {
      status: "TOOL_QUARANTINED",
      server_name: call.server,
      tool_name: call.tool,
      reason: HOLD_REASONS[error.code] ?? "held",
      message: `${toSentence(error.message)} The call was not sent.`,
      action: error.remedy,
      code: error.code,
      request_id: call.requestId,
    },
    { code: error.code, remedy: error.remedy, request_id: call.requestId },
  );
}

const HOLD_REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  MCPX_QUARANTINE_PENDING_APPROVAL: "new_unapproved_tool",
  MCPX_QUARANTINE_TOOL_CHANGED: "tool_description_changed",
  MCPX_TOOL_BLOCKED: "tool_blocked",
};

/**
 * Writes a JSON-RPC error of the server. Wrong arguments come with the tool's
 * whole schema, so that the agent can correct itself.
 */
export function toRpcErrorResult(
  error: UpstreamRpcError,
  call: {
    readonly server: string;
    readonly tool: string;
    readonly requestId: string;
    readonly definition: ToolDefinition;
  },
): ToolResult {
  const id = `${call.server}:${call.tool}`;
  if (error.code === INVALID_PARAMS) {
    return invalidArguments(error.message, id, call.definition, call.requestId);
  }
  return errorResult(
    {
      error: error.message,
      error_code: error.code,
      error_data: error.data,
      server_name: call.server,
      tool_name: call.tool,
      troubleshooting:
        `The server answered with an error. Check the arguments against describe_tool for "${id}".`,
    },
    { code: "MCPX_TOOL_FAILED", rpc_code: error.code, request_id: call.requestId },
  );
}

/** Writes that the arguments do not fit the schema of the tool. */
export function invalidArguments(
  problem: string,
  id: string,
  definition: ToolDefinition,
  requestId: string,
): ToolResult {
  return errorResult(
    {
      error: problem,
      error_type: "invalid_params",
      tool: id,
      hint: "Correct the arguments so that they fit the schema, then call again.",
      schema: definition.inputSchema,
    },
    {
      code: "MCPX_INVALID_INPUT",
      remedy: "Fit the arguments to the schema in the result",
      request_id: requestId,
    },
  );
}

function errorResult(body: unknown, meta: Readonly<Record<string, unknown>>): ToolResult {
  return { ...toJsonResult(body), isError: true, _meta: { [META_KEY]: meta } };
}
