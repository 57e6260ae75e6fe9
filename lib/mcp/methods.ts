import { type Era, GatewayError, rpcCodeOf } from "../contracts/mod.ts";
import { isUpstreamError } from "../calls/mod.ts";
import { isRecord, RPC, RpcFault, type RpcRequest } from "./jsonrpc.ts";
import { MERGED } from "./merged_methods.ts";
import { MIRRORED, passOn, passTo } from "./mirrored_methods.ts";
import type { Method, MethodContext, MethodOptions } from "./method.ts";

/**
 * Carries out one request.
 *
 * @throws {RpcFault} For a protocol fault, a server's own errors among them; failed calls are results.
 */
export async function carryOut(
  options: MethodOptions,
  { method }: RpcRequest,
  context: MethodContext,
): Promise<unknown> {
  if (!isOfEra(method, context.era)) throw methodNotFound(method);
  const isMirrored = context.surface.mode === "server";
  const methods = isMirrored ? MIRRORED : MERGED;
  const known = Object.hasOwn(methods, method) ? methods[method] : undefined;
  try {
    return await (known ?? (isMirrored ? passOn : passToOnly))(options, context, method);
  } catch (error) {
    throw toFault(error, context.era);
  }
}

/** Methods that exist in one era only. */
const ONLY: Readonly<Record<string, Era>> = {
  "initialize": "legacy",
  "ping": "legacy",
  "logging/setLevel": "legacy",
  "resources/subscribe": "legacy",
  "resources/unsubscribe": "legacy",
  "server/discover": "modern",
};

function isOfEra(method: string, era: Era): boolean {
  return !Object.hasOwn(ONLY, method) || ONLY[method] === era;
}

/** What names no server can only mean the one server there is. */
const passToOnly: Method = (options, context, method) => {
  const [only, another] = options.relay.servers(context.scope);
  if (only === undefined || another !== undefined) throw methodNotFound(method);
  return passTo(options, context, { server: only.name, method });
};

function methodNotFound(method: string): RpcFault {
  return new RpcFault(RPC.methodNotFound, `Method not found: ${method.slice(0, 100)}`);
}

/** What a server answered stays as it said it; what the gateway found comes with code and remedy. */
function toFault(error: unknown, era: Era): unknown {
  if (isUpstreamError(error)) {
    // A resource that is missing has another code in each era.
    const code = era === "modern" && error.code === RPC.resourceNotFound ? RPC.invalidParams : error.code;
    return new RpcFault(code, error.message, { data: error.data });
  }
  if (!(error instanceof GatewayError)) return error;
  const { code, message, remedy, details } = error;
  const rpcCode =
    code === "MCPX_INVALID_INPUT" && message.startsWith("Cannot find resource") && era === "legacy"
      ? RPC.resourceNotFound
      : rpcCodeOf(code);
  return new RpcFault(rpcCode, message, { data: { code, remedy, ...pick(details, "server") } });
}

function pick(details: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return isRecord(details) && details[key] !== undefined ? { [key]: details[key] } : {};
}
