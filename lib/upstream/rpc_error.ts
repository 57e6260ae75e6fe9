import { GatewayError } from "../contracts/mod.ts";

const METHOD_NOT_FOUND = -32601;

/** A JSON-RPC error that the server answered with; its words are kept as they came. */
export class UpstreamRpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.name = "UpstreamRpcError";
    this.code = code;
    this.data = data;
  }
}

/** Tells whether the server answered that it does not know the method. */
export function isUnknownMethod(error: unknown): boolean {
  return error instanceof UpstreamRpcError && error.code === METHOD_NOT_FOUND;
}

/** The error for a request whose time ran out. */
export function timedOut(server: string, method: string, what: string): GatewayError {
  return new GatewayError("MCPX_CALL_TIMEOUT", `Cannot finish "${method}" of server "${server}": ${what}`, {
    details: { server },
  });
}

/** The error for an answer that ended before it was there. */
export function brokeOff(server: string): GatewayError {
  return new GatewayError(
    "MCPX_UPSTREAM_CLOSED",
    `Cannot finish the request to server "${server}": its answer broke off`,
    { details: { server } },
  );
}

/** The error for an answer that is none. */
export function noResult(server: string): GatewayError {
  return new GatewayError(
    "MCPX_UPSTREAM_PROTOCOL",
    `Cannot use the answer of server "${server}": it has neither result nor error, wanted one of them`,
    { details: { server } },
  );
}
