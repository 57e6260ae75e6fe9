/**
 * Error codes of what the gateway stands on: config file, data directory, database, address.
 *
 * @module
 */

import { type ErrorKind, kind } from "./error_kind.ts";

/** Codes of config, data directory, database and address. */
export const PLACE_ERROR_KINDS = {
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
    "Name a file that exists",
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
} as const satisfies Readonly<Record<string, ErrorKind>>;
