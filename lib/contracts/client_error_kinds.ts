/**
 * Error codes about the config files of MCP clients, and about registries of servers.
 *
 * @module
 */

import { kind } from "./error_kind.ts";

/** A part of the table of codes. */
export const CLIENT_ERROR_KINDS = {
  MCPX_CLIENT_FILE_NOT_FOUND: kind(
    404,
    1,
    "There is no such file of a client.",
    "mcpproxy upstream import, without a path, says which files there are",
  ),
  MCPX_CLIENT_FILE_UNREADABLE: kind(
    400,
    1,
    "The config file of a client cannot be understood; nothing was changed.",
    "Correct the file, or name its client with --format",
  ),
  MCPX_CLIENT_FILE_DENIED: kind(
    403,
    5,
    "The system does not let mcpproxy read or write the config file of a client.",
    "Make the file readable and writable for you, then try again",
  ),
  MCPX_CLIENT_FILE_CHANGED: kind(
    412,
    1,
    "The config file of a client has changed since it was looked at.",
    "Look at it again, then decide",
  ),
  MCPX_CLIENT_ENTRY_EXISTS: kind(
    409,
    1,
    "A client has an entry of this name that leads elsewhere.",
    "Choose another name with --name, or replace the entry with --force",
  ),
  MCPX_REGISTRY_NOT_FOUND: kind(404, 1, "There is no registry with this id.", "See mcpproxy registry list"),
  MCPX_REGISTRY_EXISTS: kind(
    409,
    1,
    "A registry with this id exists.",
    "Choose another id, or remove the old one: mcpproxy registry remove ID",
  ),
  MCPX_REGISTRY_UNAVAILABLE: kind(
    502,
    1,
    "A registry cannot be read.",
    "Check its address in mcpproxy registry list, or try again later",
  ),
  MCPX_REGISTRY_SERVER_NOT_FOUND: kind(
    404,
    1,
    "A registry lists no server with this id.",
    "mcpproxy registry search WORDS",
  ),
  MCPX_REGISTRY_NO_INSTALL: kind(
    400,
    1,
    "A registry does not say how to run a server.",
    "See the repository of the server, then: mcpproxy upstream add NAME",
  ),
  MCPX_REGISTRY_MISSING_INPUT: kind(
    400,
    1,
    "A server needs values that were not given.",
    "Give them with --env",
  ),
} as const;
