import { GatewayError } from "../lib/contracts/quick.ts";

/**
 * Makes the error for a command line that makes no sense; exit code 2.
 *
 * @param message Whole sentence in the form of every error.
 * @param command Words whose help explains it, such as `"upstream add"`.
 */
export function usageError(message: string, command = ""): GatewayError {
  return new GatewayError("MCPX_USAGE", message, {
    remedy: `See ${["mcpproxy", command, "--help"].filter((word) => word !== "").join(" ")}`,
  });
}
