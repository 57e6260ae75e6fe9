import type { Scope } from "../calls/mod.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";

/** Methods that do no more than a caller may who only reads. */
const HARMLESS =
  /^(?:tools\/list|prompts\/(?:list|get)|resources\/(?:list|read|templates\/list)|completion\/complete|tasks\/(?:get|list|result|cancel|update))$/;

/**
 * Refuses methods of which nobody here knows what they do, for callers who may
 * not do everything.
 *
 * @throws {RpcFault} As if the method were unknown.
 */
export function requireHarmless({ permits }: Scope, method: string): void {
  const mayAnything = permits === undefined || permits(undefined);
  if (mayAnything || HARMLESS.test(method)) return;
  throw new RpcFault(RPC.methodNotFound, `Method not found: ${method.slice(0, 100)}`);
}
