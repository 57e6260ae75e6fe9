import { JsonTooDeep, parseJson } from "../contracts/mod.ts";
import { MAX_BODY_BYTES, readBodyText, UnreadableBody } from "../platform/mod.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";

/**
 * Reads a JSON body within the limit.
 *
 * @throws {RpcFault} With status 413 if it is too large, 400 if it is not JSON.
 */
export async function readJsonBody(request: Request, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const text = await readBodyText(request, maxBytes).catch((error) => refuse(error, maxBytes));
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonTooDeep) {
      throw new RpcFault(RPC.invalidRequest, `Invalid Request: ${error.message}`, { status: 400 });
    }
    throw new RpcFault(RPC.parseError, "Parse error: the body is not valid JSON", { status: 400 });
  }
}

function refuse(error: unknown, maxBytes: number): never {
  if (!(error instanceof UnreadableBody)) throw error;
  // A client that leaves in the middle of its request is no failure of ours.
  if (error.kind === "broken off") {
    throw new RpcFault(RPC.parseError, "Parse error: the body broke off", { status: 400 });
  }
  throw new RpcFault(RPC.invalidRequest, `Request body is over the limit of ${maxBytes} bytes`, {
    status: 413,
  });
}
