import { JsonTooDeep, parseJson } from "../contracts/mod.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";

const MAX_AT_ONCE_BYTES = 64 * 1024;
/** Largest request body. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Reads a JSON body within the limit.
 *
 * @throws {RpcFault} With status 413 if it is too large, 400 if it is not JSON.
 */
export async function readJsonBody(request: Request, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const text = await readText(request, declared, maxBytes).catch(brokenOff);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonTooDeep) {
      throw new RpcFault(RPC.invalidRequest, `Invalid Request: ${error.message}`, { status: 400 });
    }
    throw new RpcFault(RPC.parseError, "Parse error: the body is not valid JSON", { status: 400 });
  }
}

async function readText(request: Request, declared: number, maxBytes: number): Promise<string> {
  // The runtime makes room for what is declared before a byte of it has come, which is worth it for short bodies only.
  const isShort = declared > 0 && declared <= MAX_AT_ONCE_BYTES;
  if (isShort || request.body === null) return await request.text();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return new TextDecoder().decode(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()); // bodies are never shared memory
}

/** A client that leaves in the middle of its request is no failure of ours. */
function brokenOff(error: unknown): never {
  if (error instanceof RpcFault) throw error;
  throw new RpcFault(RPC.parseError, "Parse error: the body broke off", { status: 400 });
}

function tooLarge(maxBytes: number): RpcFault {
  return new RpcFault(RPC.invalidRequest, `Request body is over the limit of ${maxBytes} bytes`, {
    status: 413,
  });
}
