import { type ErrorKind, kind } from "./error_kind.ts";

/** Codes of servers that are to run confined, or as they were when a person let them in. */
export const ISOLATION_ERROR_KINDS = {
  MCPX_ISOLATION_UNAVAILABLE: kind(
    502,
    1,
    "A server is to run isolated, and this machine cannot do that now; it was not started.",
    "See what the machine can do: mcpproxy doctor",
  ),
  MCPX_ISOLATION_REFUSED: kind(
    400,
    1,
    "Settings of a server would undo its isolation; it was not started.",
    'Change "isolation" of the server, or set "allow_dangerous" in it if you mean it',
  ),
  MCPX_PACKAGE_CHANGED: kind(
    403,
    1,
    "A server is fetched from a registry, and what the registry gives now is not what a person has accepted.",
    "Look at it with mcpproxy upstream inspect NAME; mcpproxy upstream approve NAME accepts it",
  ),
} as const satisfies Readonly<Record<string, ErrorKind>>;
