/**
 * Error codes of servers as entries, of their tools, and of calls.
 *
 * @module
 */

import { type ErrorKind, kind } from "./error_kind.ts";

/** Codes of servers, tools and calls. */
export const TOOL_ERROR_KINDS = {
  MCPX_SERVER_NOT_READY: kind(
    503,
    1,
    "A server is not ready for calls.",
    "See mcpproxy upstream list for its state and what to do",
  ),
  MCPX_CALL_TIMEOUT: kind(504, 1, "A tool call took too long.", 'Raise "call_tool_timeout" in the config'),
  MCPX_CALL_CANCELLED: kind(
    499,
    1,
    "The call was cancelled by its caller.",
    "Repeat the call if it is still wanted",
  ),
  MCPX_SERVER_NOT_FOUND: kind(404, 1, "There is no server with this name.", "See mcpproxy upstream list"),
  MCPX_SERVER_EXISTS: kind(
    409,
    1,
    "A server with this name exists.",
    "Choose another name, or remove the old one: mcpproxy upstream remove NAME",
  ),
  MCPX_SERVER_DISABLED: kind(409, 1, "The server is disabled.", "mcpproxy upstream enable NAME"),
  MCPX_SERVER_QUARANTINED: kind(
    403,
    1,
    "The server is held in quarantine until a person has reviewed it.",
    'Review it, then set "quarantined": false in its config entry',
  ),
  MCPX_TOOL_NOT_FOUND: kind(404, 1, "There is no tool with this name.", "mcpproxy tools search WORDS"),
  MCPX_TOOL_DENIED: kind(
    403,
    1,
    "The config does not allow this tool.",
    'See "enabled_tools" and "disabled_tools"',
  ),
  MCPX_QUARANTINE_PENDING_APPROVAL: kind(
    403,
    1,
    "The tool, prompt or resource is held until a person has approved it.",
    "Review it: mcpproxy tools pending",
  ),
  MCPX_QUARANTINE_TOOL_CHANGED: kind(
    403,
    1,
    "The tool, prompt or resource has changed since a person approved it.",
    "Review what has changed: mcpproxy tools diff SERVER:TOOL",
  ),
  MCPX_TOOL_BLOCKED: kind(
    403,
    1,
    "A person has refused this tool, prompt or resource.",
    "To bring it back: mcpproxy tools approve SERVER:TOOL",
  ),
  MCPX_APPROVAL_CONFLICT: kind(
    409,
    1,
    "The definition has changed since it was shown.",
    "Look at it again, then decide",
  ),
  MCPX_RULES_INVALID: kind(
    400,
    4,
    "A bundle of scan rules is not valid; the rules in force stay.",
    "Correct the bundle at the place named",
  ),
  MCPX_TOO_MANY_CALLS: kind(
    429,
    1,
    "As many calls run and wait as the limits allow.",
    'Retry in a few seconds; "max_concurrent_requests" and "queue_size" set the limits',
  ),
  MCPX_TOOL_FAILED: kind(
    200,
    1,
    "The tool itself reported a failure.",
    "Read the result and correct the arguments",
  ),
  MCPX_INTENT_REJECTED: kind(
    403,
    1,
    "The intent of the call does not match the tool.",
    'Use the variant named by "call_with"',
  ),
  MCPX_TOO_MANY_WAITING: kind(
    429,
    1,
    "Too many requests wait for servers already.",
    "Repeat the request after the time that Retry-After names, or without waiting",
  ),
  MCPX_SENSITIVE_DATA: kind(
    403,
    1,
    "A call or its result holds a secret that the policy keeps back.",
    'Leave the secret out; see "sensitive_data_detection" in the config',
  ),
  MCPX_CONSENT_REQUIRED: kind(
    403,
    1,
    "An agent that has read text of one server wants to write to another, which takes a person's consent.",
    "See what is asked: mcpproxy consent list",
  ),
  MCPX_CONSENT_NOT_FOUND: kind(
    404,
    1,
    "Nothing is asked under this id, or it is answered, used up or forgotten.",
    "See what is asked: mcpproxy consent list",
  ),
  MCPX_FLOW_BLOCKED: kind(
    403,
    1,
    "An agent that has read text of one server may not write this to another.",
    'Begin a new session for it; "session_flow" in the config has the rules',
  ),
  MCPX_OUTPUT_INVALID: kind(
    502,
    1,
    "A structured result does not fit the output schema of its tool.",
    'Report it to the author of the server; "output_validation" in the config has the rules',
  ),
} as const satisfies Readonly<Record<string, ErrorKind>>;
