/**
 * The error class that carries a code of the table.
 *
 * @module
 */

import { ERROR_KINDS } from "./error_kinds.ts";

/** A stable code from {@link ERROR_KINDS}. */
export type ErrorCode = keyof typeof ERROR_KINDS;

/** Everything about a {@link GatewayError} except its code and message. */
export interface GatewayErrorOptions {
  /** What a person can type to go on; the code's own remedy when absent. */
  readonly remedy?: string;
  readonly cause?: unknown;
  /** Facts for machines (server, tool, closest names …); never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The error every part of the gateway throws for a failure it foresees.
 *
 * @example A missing command
 * ```ts
 * throw new GatewayError("MCPX_STDIO_SPAWN_ENOENT", `Cannot start server "github": command "npx" is not on PATH`);
 * ```
 */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "GatewayError";
    this.code = code;
    this.remedy = options.remedy ?? ERROR_KINDS[code].remedy;
    this.details = options.details ?? {};
  }
}

/**
 * Turns anything thrown into a {@link GatewayError}; what is not one becomes
 * `MCPX_INTERNAL` without the original text, which may hold secrets.
 */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError("MCPX_INTERNAL", "Cannot complete the request: an unexpected failure happened", {
    cause: thrown,
  });
}

/** Tells whether a text is one of the stable codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_KINDS, text);
}
