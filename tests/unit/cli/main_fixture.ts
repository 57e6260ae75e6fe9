import { type ErrorCode, GatewayError } from "../../../lib/contracts/mod.ts";
import { serverView } from "./fakes.ts";

export const LIST = () => ({ servers: [serverView("b"), serverView("a")], stats: {} });

export function fail(code: ErrorCode, details = {}): () => never {
  return () => {
    throw new GatewayError(code, "Cannot do it", { remedy: "Try this", details });
  };
}
