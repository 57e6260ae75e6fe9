/**
 * The one table of stable error codes: what each means to every surface.
 *
 * @module
 */

import { CLIENT_ERROR_KINDS } from "./client_error_kinds.ts";
import { type ErrorKind, kind } from "./error_kind.ts";
import { SECRET_ERROR_KINDS } from "./secret_error_kinds.ts";
import { ISOLATION_ERROR_KINDS } from "./isolation_error_kinds.ts";
import { PLACE_ERROR_KINDS } from "./place_error_kinds.ts";
import { TOOL_ERROR_KINDS } from "./tool_error_kinds.ts";
import { UPSTREAM_ERROR_KINDS } from "./upstream_error_kinds.ts";

export type { ErrorKind } from "./error_kind.ts";

/** Every stable error code; codes are public interface and never change their meaning. */
export const ERROR_KINDS = {
  ...CLIENT_ERROR_KINDS,
  ...SECRET_ERROR_KINDS,
  ...ISOLATION_ERROR_KINDS,
  ...UPSTREAM_ERROR_KINDS,
  ...PLACE_ERROR_KINDS,
  ...TOOL_ERROR_KINDS,
  MCPX_INVALID_INPUT: kind(400, 1, "The input is not valid.", "Correct the value named in the message"),
  MCPX_USAGE: kind(400, 2, "The command line is not valid.", "See --help of the command"),
  MCPX_BODY_TOO_LARGE: kind(413, 1, "The request body is over the limit.", "Send less in one request"),
  MCPX_REQUEST_TIMEOUT: kind(
    408,
    1,
    "The body of a request took too long to arrive.",
    'Send it faster, or raise "http_read_timeout" in the config',
  ),
  MCPX_UNSUPPORTED_MEDIA_TYPE: kind(
    415,
    1,
    "The request body has a media type that is not read here.",
    "Send the header Content-Type: application/json",
  ),
  MCPX_UNAUTHORIZED: kind(
    401,
    1,
    "The request has no valid key.",
    "Send the header X-API-Key; mcpproxy status --show-key prints the key",
  ),
  MCPX_FORBIDDEN: kind(403, 1, "The caller lacks a right.", "Use the admin key or the socket"),
  MCPX_RATE_LIMITED: kind(429, 1, "The caller asks too often.", "Wait as long as Retry-After says"),
  MCPX_TOKEN_NOT_FOUND: kind(404, 1, "There is no agent token with this name.", "See mcpproxy token list"),
  MCPX_TOKEN_EXISTS: kind(
    409,
    1,
    "An agent token with this name exists.",
    "Choose another name, or: mcpproxy token regenerate NAME",
  ),
  MCPX_PROFILE_NOT_FOUND: kind(404, 1, "There is no profile with this name.", "See mcpproxy profile list"),
  MCPX_PROFILE_EXISTS: kind(
    409,
    1,
    "A profile with this name exists.",
    "Choose another name, or: mcpproxy profile set NAME SERVER",
  ),
  MCPX_ACTIVITY_NOT_FOUND: kind(
    404,
    1,
    "There is no record of activity with this id.",
    "See mcpproxy activity list; old records are removed in time",
  ),
  MCPX_SESSION_NOT_FOUND: kind(404, 1, "There is no session with this id.", "See mcpproxy sessions list"),
  MCPX_HOST_FORBIDDEN: kind(
    403,
    1,
    "The Host or Origin of the request is not trusted.",
    'Add the host to "trusted_hosts" in the config',
  ),
  MCPX_ROUTE_NOT_FOUND: kind(404, 1, "There is no such route.", "The page /docs/ has all routes"),
  MCPX_METHOD_NOT_ALLOWED: kind(
    405,
    1,
    "The route does not have this method.",
    "Use a method from the Allow header",
  ),
  MCPX_NOT_FIXABLE: kind(
    409,
    1,
    "Nothing that is safe to do by itself would mend this.",
    "mcpproxy doctor explain CODE says what a person can do",
  ),
  MCPX_DAEMON_NOT_RUNNING: kind(503, 1, "No daemon answers.", "Start it: mcpproxy serve"),
  MCPX_SHUTTING_DOWN: kind(503, 1, "The daemon is shutting down.", "Repeat the request after its restart"),
  MCPX_INTERNAL: kind(500, 1, "An unexpected failure inside mcpproxy.", "See the log for the request id"),
} as const satisfies Record<string, ErrorKind>;

/** Faults of the one who asks, told as "invalid params" where a JSON-RPC error is the answer. */
const CALLERS_FAULTS: ReadonlySet<string> = new Set([
  "MCPX_INVALID_INPUT",
  "MCPX_TOOL_NOT_FOUND",
  "MCPX_SERVER_NOT_FOUND",
]);

/** Names the JSON-RPC code by which MCP clients hear of an error; in a tool result it is in `_meta` instead. */
export function rpcCodeOf(code: string): number {
  return CALLERS_FAULTS.has(code) ? -32602 : -32603;
}
