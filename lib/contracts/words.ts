/**
 * Words that options of commands name; without schemas, so that help and
 * completion do without them.
 *
 * @module
 */

/** Lengths of time that a summary can cover. */
export const ACTIVITY_PERIODS = ["1h", "24h", "7d", "30d"] as const;

/** Forms in which activity can be taken out; `json` is one object a line. */
export const EXPORT_FORMATS = ["json", "csv"] as const;

/** What can be mended: wide permissions, a server that gave up; and the last words of a server's log. */
export const FIXER_KEYS = ["modes_tighten", "server_restart", "stdio_show_last_logs"] as const;
