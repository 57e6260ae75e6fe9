import type { ErrorCode, Health, ServerConfig, ServerFailure, ServerState } from "../contracts/mod.ts";
import { isHeldForPackage } from "./failures.ts";

const ACTIONS: Partial<Record<ErrorCode, Health["action"]>> = {
  MCPX_CONFIG_MISSING_SECRET: "set_secret",
  MCPX_HTTP_401: "configure",
  MCPX_HTTP_403: "configure",
  MCPX_HTTP_404: "configure",
  MCPX_HTTP_DNS_FAILED: "configure",
  MCPX_HTTP_HANDSHAKE_INVALID: "configure",
  MCPX_STDIO_SPAWN_ENOENT: "configure",
  MCPX_STDIO_SPAWN_EACCES: "configure",
  MCPX_CONFIG_INVALID: "configure",
  MCPX_STDIO_EXIT_BEFORE_INITIALIZE: "view_logs",
  MCPX_STDIO_HANDSHAKE_TIMEOUT: "view_logs",
  MCPX_STDIO_HANDSHAKE_INVALID: "view_logs",
  MCPX_STDIO_EXIT_NONZERO: "view_logs",
};

const SUMMARIES: Partial<Record<ErrorCode, string>> = {
  MCPX_CONFIG_MISSING_SECRET: "Missing secret",
  MCPX_HTTP_401: "Authentication required",
  MCPX_HTTP_403: "Access forbidden",
  MCPX_HTTP_404: "URL not found",
  MCPX_HTTP_DNS_FAILED: "Host not found",
  MCPX_HTTP_CONN_REFUSED: "Connection refused",
  MCPX_HTTP_TLS_FAILED: "Certificate error",
  MCPX_HTTP_TIMEOUT: "Connection timeout",
  MCPX_HTTP_HANDSHAKE_INVALID: "Not an MCP server",
  MCPX_HTTP_5XX: "Server error",
  MCPX_STDIO_SPAWN_ENOENT: "Command not found",
  MCPX_STDIO_SPAWN_EACCES: "Command not executable",
  MCPX_STDIO_EXIT_BEFORE_INITIALIZE: "Exited at start",
  MCPX_STDIO_EXIT_NONZERO: "Process exited",
  MCPX_STDIO_HANDSHAKE_TIMEOUT: "No answer to initialize",
  MCPX_STDIO_HANDSHAKE_INVALID: "Not an MCP server",
  MCPX_UPSTREAM_CLOSED: "Connection lost",
};

/** What the health of a server is derived from. */
export interface HealthFacts {
  readonly config: Pick<ServerConfig, "enabled">;
  readonly quarantined: boolean;
  readonly state: ServerState;
  /** The failure since which the server has not been ready. */
  readonly lastError?: ServerFailure;
  /** Pause before the server is asked for tools that it announces all the time. */
  readonly unrestMs?: number;
}

/** Says what is done about a server that announces other tools all the time. */
export function toUnrest(pauseMs: number): string {
  return "It says again and again that its tools have changed; it is asked for them every " +
    `${Math.round(pauseMs / 1_000)} s at most`;
}

/**
 * Derives a server's health from what is wanted and what is. Pure; never stored.
 *
 * @param held Tools that wait until a person accepts them; they are not among `tools`.
 */
export function healthOf(
  { config, quarantined, state, lastError, unrestMs }: HealthFacts,
  tools: number,
  held = 0,
): Health {
  if (!config.enabled) {
    return { level: "healthy", admin_state: "disabled", summary: "Disabled", action: "enable" };
  }
  if (quarantined && isHeldForPackage(state)) {
    return {
      level: "degraded",
      admin_state: "quarantined",
      summary: "Its package has changed, held for review",
      detail: lastError?.message,
      action: "approve",
    };
  }
  if (quarantined) {
    return {
      level: "healthy",
      admin_state: "quarantined",
      summary: "Quarantined for review",
      action: "approve",
    };
  }
  const health = { admin_state: "enabled" as const, ...stateHealth(state, { tools, held }, lastError) };
  if (unrestMs === undefined || state.state !== "ready") return health;
  return { ...health, level: "degraded", detail: toUnrest(unrestMs), action: "view_logs" };
}

function stateHealth(
  state: ServerState,
  { tools, held }: { readonly tools: number; readonly held: number },
  lastError: ServerFailure | undefined,
): Omit<Health, "admin_state"> {
  switch (state.state) {
    case "ready":
      return {
        level: "healthy",
        summary: `Connected (${tools} ${tools === 1 ? "tool" : "tools"}${toHeld(held)})`,
        action: "",
      };
    case "connecting":
      // A server that hangs spends most of its time here; that must not look well.
      return lastError === undefined
        ? { level: "healthy", summary: "Connecting...", action: "" }
        : { ...failureHealth(lastError), level: "degraded" };
    case "authenticating":
      return { level: "degraded", summary: "Sign-in required", action: "login" };
    case "stopping":
      return { level: "healthy", summary: "Stopping", action: "" };
    case "idle":
      return { level: "healthy", summary: state.reason === "asleep" ? "Asleep" : "Not started", action: "" };
    case "backoff":
    case "failed":
      return failureHealth(state.error);
    default:
      return state satisfies never;
  }
}

function toHeld(count: number): string {
  return count === 0 ? "" : `, ${count} ${count === 1 ? "waits" : "wait"} for approval`;
}

function failureHealth({ code, message }: ServerFailure): Omit<Health, "admin_state"> {
  return {
    level: "unhealthy",
    summary: SUMMARIES[code] ?? "Not connected",
    detail: message,
    action: ACTIONS[code] ?? "restart",
  };
}
