import { didYouMean, GatewayError } from "../contracts/mod.ts";
import { CLIENT_NAMES, type ClientName } from "./client_configs/clients.ts";

/**
 * Finds a client by its name.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT naming all that are known.
 */
export function findClient(name: string): ClientName {
  const found = CLIENT_NAMES.find((one) => one === name);
  if (found !== undefined) return found;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot find client "${name.slice(0, 64)}": no client has this name${didYouMean(name, CLIENT_NAMES)}`,
    { remedy: `Name one of ${CLIENT_NAMES.join(", ")}`, details: { clients: CLIENT_NAMES } },
  );
}
