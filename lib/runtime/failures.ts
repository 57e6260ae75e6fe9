import {
  type ErrorCode,
  GatewayError,
  type ServerFailure,
  type ServerState,
  toGatewayError,
} from "../contracts/mod.ts";

const WIRE_FAILURES: ReadonlySet<ErrorCode> = new Set([
  "MCPX_SERVER_NOT_READY",
  "MCPX_UPSTREAM_CLOSED",
  "MCPX_STDIO_EXIT_NONZERO",
  "MCPX_CALL_TIMEOUT",
  "MCPX_HTTP_5XX",
  "MCPX_HTTP_CONN_REFUSED",
  "MCPX_HTTP_TIMEOUT",
]);

/** Tells failures of the wire from those of a tool, which are not the server's state. */
export function isWireFailure(error: unknown): boolean {
  return error instanceof GatewayError && WIRE_FAILURES.has(error.code);
}

/** Turns what an attempt threw into what the machine remembers. */
export function toFailure(thrown: unknown, at: number): ServerFailure {
  const { code, message, remedy } = toGatewayError(thrown);
  return { code, message, remedy, at };
}

/** Makes the error for a server that the breaker keeps calls away from. */
export function leftAlone(name: string, forMs: number): GatewayError {
  const seconds = Math.max(1, Math.ceil(forMs / 1000));
  return new GatewayError(
    "MCPX_SERVER_NOT_READY",
    `Cannot use server "${name}": most of its last calls failed, so it is left alone for ${seconds} s`,
    {
      remedy: `Try again later, or see what is wrong: mcpproxy upstream logs ${name}`,
      details: { server: name },
    },
  );
}

/** Makes the error for a server that nobody can wait for any longer. */
export function tooSlow(name: string, waitMs: number): GatewayError {
  return new GatewayError(
    "MCPX_SERVER_NOT_READY",
    `Cannot use server "${name}": it did not become ready within ${waitMs / 1000} s`,
    { details: { server: name } },
  );
}

/** Makes the error for a server that is not ready and not on its way, with the cause. */
export function notReady(
  name: string,
  state: ServerState,
  lastError: ServerFailure | undefined,
): GatewayError {
  const error = "error" in state ? state.error : lastError;
  const why = error === undefined ? `it is ${state.state}` : error.message;
  return new GatewayError("MCPX_SERVER_NOT_READY", `Cannot use server "${name}": ${why}`, {
    remedy: error?.remedy,
    details: { server: name, state: state.state, cause_code: error?.code },
  });
}

/** Tells whether a server does not run because its package is not the one that was accepted. */
export function isHeldForPackage(state: ServerState): boolean {
  return state.state === "failed" && state.error.code === "MCPX_PACKAGE_CHANGED";
}
