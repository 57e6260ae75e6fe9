/**
 * The errors of the store of secrets.
 *
 * @module
 */

import { kind } from "./error_kind.ts";

/** Codes of what goes wrong with secrets that are kept by name. */
export const SECRET_ERROR_KINDS = {
  MCPX_SECRET_NOT_FOUND: kind(
    404,
    1,
    "No secret of this name is kept.",
    "mcpproxy secrets list shows those that are",
  ),
  MCPX_SECRET_EXISTS: kind(
    409,
    1,
    "Another secret is kept under this name.",
    "Choose another name",
  ),
  MCPX_SECRET_STORE: kind(
    503,
    1,
    "The store of secrets cannot be read or changed.",
    "Unlock the keyring, or keep secrets in a file: MCPPROXY_SECRET_STORE=file",
  ),
} as const;
