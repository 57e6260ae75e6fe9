/**
 * Error codes of connections to servers.
 *
 * @module
 */

import { type ErrorKind, kind } from "./error_kind.ts";

/** Codes of starting servers and talking with them. */
export const UPSTREAM_ERROR_KINDS = {
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
} as const satisfies Readonly<Record<string, ErrorKind>>;
