import { ERROR_KINDS, type GatewayError } from "../contracts/mod.ts";
import type { CallContext } from "./context.ts";
import type { Limits } from "./limits.ts";

/**
 * Does the work of a call once the limits let it, and gives its slots back however it ends.
 *
 * @param work Is told whether the call has waited: what was decided before may not be so any more.
 * @throws {GatewayError} MCPX_TOO_MANY_CALLS
 */
export async function limited<T>(
  limits: Limits | undefined,
  { server, context }: { readonly server: string; readonly context: CallContext },
  work: (hasWaited: boolean) => Promise<T>,
): Promise<T> {
  const { caller, from, signal } = context;
  const entered = limits?.enter({ server, caller, client: from?.clientName, signal });
  if (entered === undefined) return await work(false);
  const hasWaited = typeof entered !== "function";
  const release = hasWaited ? await entered : entered;
  try {
    return await work(hasWaited);
  } finally {
    release();
  }
}

/** Tells whether a call failed for want of a place, and its surface has a status of its own for that. */
export function isTurnedAway({ code }: GatewayError, { throwsWhenBusy }: CallContext): boolean {
  return throwsWhenBusy === true && ERROR_KINDS[code].status === TOO_MANY;
}

const TOO_MANY = 429;
