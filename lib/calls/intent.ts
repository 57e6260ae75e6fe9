import { type CallVariant, GatewayError, type ToolAnnotations } from "../contracts/mod.ts";

const SENSITIVITIES = ["public", "internal", "private", "unknown"];
const MAX_REASON_CHARS = 1_000;

/** What a caller says about its call. */
export interface Intent {
  readonly variant: CallVariant;
  readonly sensitivity?: string;
  readonly reason?: string;
}

/**
 * Reads the intent parameters of a call.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT if a value is not allowed.
 */
export function parseIntent(variant: CallVariant, args: Readonly<Record<string, unknown>>): Intent {
  const sensitivity = optionalText(args, "intent_data_sensitivity");
  const reason = optionalText(args, "intent_reason");
  if (sensitivity !== undefined && !SENSITIVITIES.includes(sensitivity)) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      `Cannot read "intent_data_sensitivity": found "${sensitivity.slice(0, 40)}", wanted one of ${
        SENSITIVITIES.join(", ")
      }`,
    );
  }
  if (reason !== undefined && reason.length > MAX_REASON_CHARS) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      `Cannot read "intent_reason": it has ${reason.length} characters, wanted at most ${MAX_REASON_CHARS}`,
    );
  }
  return { variant, sensitivity, reason };
}

function optionalText(args: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = args[key];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot read "${key}": found ${typeof value}, wanted a string`,
  );
}

/**
 * Tells why a variant may not call a tool.
 *
 * A tool that says it is destructive takes only the destructive variant when
 * the check is strict; every other pair is allowed.
 *
 * @returns The reason, or `undefined` if the call may go on.
 */
export function intentConflict(
  variant: CallVariant,
  annotations: ToolAnnotations | undefined,
  strict: boolean,
): string | undefined {
  if (!strict || annotations?.destructiveHint !== true || variant === "destructive") return undefined;
  return `the tool says it is destructive, but the call came as call_tool_${variant}`;
}
