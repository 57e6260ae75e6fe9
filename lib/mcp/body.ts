import { JsonTooDeep, parseJson } from "../contracts/mod.ts";
import { type BodyLimits, MAX_BODY_BYTES, readBodyText, UnreadableBody } from "../platform/mod.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";

/**
 * Reads a JSON body within the limits.
 *
 * @throws {RpcFault} With status 413 if it is too large, 408 if it takes too long, 400 if it is not JSON.
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const text = await readBodyText(request, limits).catch((error) => refuse(error, limits));
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonTooDeep) {
      throw new RpcFault(RPC.invalidRequest, `Invalid Request: ${error.message}`, { status: 400 });
    }
    throw new RpcFault(RPC.parseError, "Parse error: the body is not valid JSON", { status: 400 });
  }
}

function refuse(error: unknown, { limitMs, maxBytes = MAX_BODY_BYTES }: BodyLimits): never {
  if (!(error instanceof UnreadableBody)) throw error;
  // A client that leaves in the middle of its request is no failure of ours.
  if (error.kind === "broken off") {
    throw new RpcFault(RPC.parseError, "Parse error: the body broke off", { status: 400 });
  }
  if (error.kind === "too slow") {
    throw new RpcFault(RPC.invalidRequest, `Request body did not arrive within ${limitMs / 1000} s`, {
      status: 408,
    });
  }
  throw new RpcFault(RPC.invalidRequest, `Request body is over the limit of ${maxBytes} bytes`, {
    status: 413,
  });
}
