/**
 * Words that options of commands and the page name; without schemas, so that
 * help, completion and the page do without them.
 *
 * @module
 */

/** What a record can be about. The order is stored: new ones go to the end. */
export const ACTIVITY_TYPES = [
  "tool_call",
  "internal_tool_call",
  "policy_decision",
  "config_change",
  "server_change",
  "quarantine_change",
  "tool_quarantine_change",
  "prompt_get",
  "resource_read",
  "preflight",
  "security_scan",
  "secret_change",
  "token_change",
  "system_start",
  "system_stop",
] as const;

/**
 * How it ended: `error` the server or the tool failed, `blocked` a policy said
 * no, `rejected` there was no room, `cancelled` the caller gave up. The order
 * is stored: new ones go to the end.
 */
export const ACTIVITY_STATUSES = ["success", "error", "blocked", "rejected", "cancelled"] as const;

/** Lengths of time that a summary can cover. */
export const ACTIVITY_PERIODS = ["1h", "24h", "7d", "30d"] as const;

/** Forms in which activity can be taken out; `json` is one object a line. */
export const EXPORT_FORMATS = ["json", "csv"] as const;

/** What can be mended: wide permissions, a server that gave up; and the last words of a server's log. */
export const FIXER_KEYS = ["modes_tighten", "server_restart", "stdio_show_last_logs"] as const;
