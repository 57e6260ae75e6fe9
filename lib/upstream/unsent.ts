import { type ErrorCode, GatewayError } from "../contracts/mod.ts";
import { HttpFailure } from "./http_status.ts";

/** The name of the mark in the details of a failure. */
const MARK = "reached_server";
/** Failures in which not even a connection was made. */
const NOT_CONNECTED: ReadonlySet<ErrorCode> = new Set(["MCPX_HTTP_CONN_REFUSED", "MCPX_HTTP_DNS_FAILED"]);

/**
 * Marks a failure as that of a request which has certainly not reached the
 * server, so that sending it again can do no harm.
 */
export function toUnsent(failure: GatewayError): GatewayError {
  const { code, message, remedy, cause, details } = failure;
  return new GatewayError(code, message, { remedy, cause, details: { ...details, [MARK]: false } });
}

/** Tells whether a request has certainly not reached the server. */
export function isUnsent(error: unknown): boolean {
  return error instanceof GatewayError && error.details[MARK] === false;
}

/**
 * Marks the failure of a request if what the wire threw shows that the server
 * has not taken it: nothing listens, or the session is refused.
 */
export function markUnsent(failure: GatewayError, thrown: unknown): GatewayError {
  const isRefused = failure.code === "MCPX_UPSTREAM_CLOSED" && thrown instanceof HttpFailure;
  return isRefused || NOT_CONNECTED.has(failure.code) ? toUnsent(failure) : failure;
}
