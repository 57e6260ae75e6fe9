import {
  didYouMean,
  ERROR_KINDS,
  type ErrorCode,
  GatewayError,
  isErrorCode,
} from "../../lib/contracts/quick.ts";

/** Reads an error code that a person typed, in any case. */
export function toCode(text: string): ErrorCode {
  const code = text.toUpperCase();
  if (isErrorCode(code)) return code;
  const hint = didYouMean(code, Object.keys(ERROR_KINDS));
  throw new GatewayError("MCPX_USAGE", `Cannot use code "${text}": there is no such code${hint}`, {
    remedy: "mcpproxy doctor list-codes",
  });
}
