import {
  CALL_VARIANTS,
  type CallVariant,
  type Config,
  GatewayError,
  permissionFor,
  SENSITIVITIES,
  type ToolAnnotations,
  variantOf,
} from "../contracts/mod.ts";

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
  if (sensitivity !== undefined && !SENSITIVITIES.some((one) => one === sensitivity)) {
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

/** Rules for the intent of calls. */
export type IntentRules = Config["intent_declaration"];

/**
 * The variant that a tool is to be called with. What a tool does not say of
 * itself counts for harmless or for unsafe, as the rules say.
 */
export function variantFor(annotations: ToolAnnotations | undefined, rules: IntentRules): CallVariant {
  return rules.missing_annotations === "unsafe" ? permissionFor(annotations) : variantOf(annotations);
}

/**
 * Tells what speaks against a variant: it is milder than what the tool says of
 * itself. A stronger one always fits.
 *
 * @returns The reason, or `undefined` if there is none.
 */
export function intentConflict(
  variant: CallVariant,
  annotations: ToolAnnotations | undefined,
  rules: IntentRules,
): string | undefined {
  const right = variantFor(annotations, rules);
  if (CALL_VARIANTS.indexOf(variant) >= CALL_VARIANTS.indexOf(right)) return undefined;
  const came = `the call came as call_tool_${variant}`;
  if (right === "write") return `the tool does not say that it only reads, but ${came}`;
  return annotations?.destructiveHint === true
    ? `the tool says it is destructive, but ${came}`
    : `the tool does not say that it is harmless, but ${came}`;
}
