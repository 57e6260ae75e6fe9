/**
 * The one table of stable error codes: what each means to every surface.
 *
 * @module
 */

import { CLIENT_ERROR_KINDS } from "./client_error_kinds.ts";
import { type ErrorKind, kind } from "./error_kind.ts";
import { SECRET_ERROR_KINDS } from "./secret_error_kinds.ts";
import { ISOLATION_ERROR_KINDS } from "./isolation_error_kinds.ts";

export type { ErrorKind } from "./error_kind.ts";

/** Every stable error code; codes are public interface and never change their meaning. */
export const ERROR_KINDS = {
  ...CLIENT_ERROR_KINDS,
  ...SECRET_ERROR_KINDS,
  ...ISOLATION_ERROR_KINDS,
  MCPX_STDIO_SPAWN_ENOENT: kind(
    502,
    1,
    "The command of a stdio server was not found.",
    'Install the command or set "command" to a full path',
  ),
  MCPX_STDIO_SPAWN_EACCES: kind(
    502,
    1,
    "The command of a stdio server may not be executed.",
    "Make the file executable: chmod +x FILE",
  ),
  MCPX_STDIO_EXIT_BEFORE_INITIALIZE: kind(
    502,
    1,
    "A stdio server ended before it answered initialize.",
    "Read its log: mcpproxy upstream logs NAME",
  ),
  MCPX_STDIO_EXIT_NONZERO: kind(
    502,
    1,
    "A stdio server ended while it was in use.",
    "Read its log: mcpproxy upstream logs NAME",
  ),
  MCPX_STDIO_HANDSHAKE_TIMEOUT: kind(
    504,
    1,
    "A stdio server did not answer initialize in time.",
    'Read its log (mcpproxy upstream logs NAME) or raise "init_timeout"',
  ),
  MCPX_STDIO_HANDSHAKE_INVALID: kind(
    502,
    1,
    "A stdio server answered initialize with something that is not MCP.",
    "Check that the command starts an MCP server that speaks stdio",
  ),
  MCPX_HTTP_DNS_FAILED: kind(
    502,
    1,
    "The host name of a server does not resolve.",
    'Check the host in "url" and your DNS',
  ),
  MCPX_HTTP_TLS_FAILED: kind(
    502,
    1,
    "The TLS connection to a server failed.",
    "Check the certificate of the server and the clock of this machine",
  ),
  MCPX_HTTP_CONN_REFUSED: kind(
    502,
    1,
    "A server refused the connection.",
    'Start the server or correct host and port in "url"',
  ),
  MCPX_HTTP_TIMEOUT: kind(
    504,
    1,
    "A server did not answer in time.",
    'Check the server or raise "init_timeout"',
  ),
  MCPX_HTTP_401: kind(
    502,
    1,
    "A server asks for authorization.",
    'Add an Authorization header to "headers" of the server',
  ),
  MCPX_HTTP_403: kind(
    502,
    1,
    "A server forbids the request.",
    'Check the credentials in "headers" of the server',
  ),
  MCPX_HTTP_404: kind(502, 1, "The URL of a server does not exist.", 'Check the path in "url" of the server'),
  MCPX_HTTP_4XX: kind(
    502,
    1,
    "A server rejected the request.",
    'Check "url", "protocol" and "headers" of the server',
  ),
  MCPX_HTTP_5XX: kind(502, 1, "A server failed.", "Look at the log of that server, then restart it"),
  MCPX_HTTP_HANDSHAKE_INVALID: kind(
    502,
    1,
    "A URL answered with something that is not MCP.",
    'Check that "url" is the MCP endpoint of the server, often ending in /mcp or /sse',
  ),
  MCPX_UPSTREAM_CLOSED: kind(
    502,
    1,
    "The connection to a server was lost.",
    "Repeat the request; see mcpproxy upstream list for the state of the server",
  ),
  MCPX_UPSTREAM_PROTOCOL: kind(
    502,
    1,
    "A server sent a message that breaks the protocol.",
    "Report it to the author of the server; its log has the message",
  ),
  MCPX_UPSTREAM_MESSAGE_TOO_LARGE: kind(
    502,
    1,
    "A server sent a message over the size limit.",
    "Ask the tool for less at a time",
  ),
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
  MCPX_CONFIG_PARSE_ERROR: kind(
    400,
    4,
    "The config file is not valid JSON.",
    "Correct the file at the line and column named",
  ),
  MCPX_CONFIG_INVALID: kind(
    400,
    4,
    "The config has a wrong value.",
    "Correct the value at the path named",
  ),
  MCPX_CONFIG_MISSING_SECRET: kind(
    400,
    4,
    "A secret that the config refers to is not set.",
    "Set the variable or file that the reference names",
  ),
  MCPX_CONFIG_NOT_FOUND: kind(
    404,
    4,
    "The config file does not exist.",
    "Give an existing file with --config",
  ),
  MCPX_CONFIG_UNWRITABLE: kind(
    500,
    5,
    "The config file cannot be written.",
    "Make the file and its directory writable",
  ),
  MCPX_CONFIG_CONFLICT: kind(
    412,
    1,
    "The config was changed by somebody else meanwhile.",
    "Read the config again, make the change there, and send it with the new ETag",
  ),
  MCPX_CONFIG_EXISTS: kind(
    409,
    1,
    "There is a config file already.",
    "Look at it first: mcpproxy config show",
  ),
  MCPX_FEATURE_DISABLED: kind(
    404,
    1,
    "The feature is switched off.",
    'Switch it on under "features" in the config and start mcpproxy again',
  ),
  MCPX_PORT_IN_USE: kind(
    409,
    2,
    "Another program listens on the address.",
    "Stop that program or choose another address with --listen",
  ),
  MCPX_LISTEN_DENIED: kind(
    403,
    5,
    "The address may not be listened on.",
    "Choose a port above 1023 with --listen",
  ),
  MCPX_LISTEN_INVALID: kind(
    400,
    2,
    "The listen address is not usable.",
    'Use "host:port", such as 127.0.0.1:8080',
  ),
  MCPX_DATA_DIR_LOCKED: kind(
    409,
    3,
    "Another mcpproxy uses the data directory.",
    "Stop the other daemon or choose another directory with --data-dir",
  ),
  MCPX_DATA_DIR_DENIED: kind(
    403,
    5,
    "The data directory cannot be written or is open to others.",
    "chmod 0700 the directory, or choose another with --data-dir",
  ),
  MCPX_STORAGE_FAILED: kind(
    500,
    3,
    "The database failed.",
    "See the log; free disk space or restore a backup",
  ),
  MCPX_DISK_FULL: kind(
    507,
    5,
    "The disk is full.",
    "Free space on the disk that the message names; mcpproxy then goes on by itself",
  ),
  MCPX_STORAGE_TOO_NEW: kind(
    500,
    3,
    "The database was written by a newer version.",
    "Update mcpproxy or choose another --data-dir",
  ),
  MCPX_INVALID_INPUT: kind(400, 1, "The input is not valid.", "Correct the value named in the message"),
  MCPX_USAGE: kind(400, 2, "The command line is not valid.", "See --help of the command"),
  MCPX_BODY_TOO_LARGE: kind(413, 1, "The request body is over the limit.", "Send less in one request"),
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
  MCPX_NOT_FIXABLE: kind(
    409,
    1,
    "Nothing that is safe to do by itself would mend this.",
    "mcpproxy doctor explain CODE says what a person can do",
  ),
  MCPX_SENSITIVE_DATA: kind(
    403,
    1,
    "A call or its result holds a secret that the policy keeps back.",
    'Leave the secret out; see "sensitive_data_detection" in the config',
  ),
  MCPX_OUTPUT_INVALID: kind(
    502,
    1,
    "A structured result does not fit the output schema of its tool.",
    'Report it to the author of the server; "output_validation" in the config has the rules',
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
