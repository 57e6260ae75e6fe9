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

/**
 * Takes a name that may be given as an argument or as the option `--server`.
 *
 * @throws {GatewayError} MCPX_USAGE — both are given and differ.
 */
export function eitherName(
  argument: string | undefined,
  option: string | undefined,
  command: string,
): string | undefined {
  if (argument === undefined || option === undefined || argument === option) return argument ?? option;
  throw usageError(
    `Cannot choose a server: the argument says "${argument}" and --server "${option}", wanted one of them`,
    command,
  );
}
