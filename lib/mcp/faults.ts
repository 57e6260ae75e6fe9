import type { Logger } from "../observability/mod.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";

/** Requests that were answered with an error. */
export interface Faults {
  /** How many there were, by code. */
  readonly counts: ReadonlyMap<number, number>;
  count(code: number): void;
  /** Counts whatever was thrown, and makes of it what a client may be told. */
  take(thrown: unknown, requestId: string): RpcFault;
}

/** Servers choose codes as they like; those that are many share one place. */
const MAX_CODES = 64;

/** Starts to count. */
export function createFaults(log: Logger): Faults {
  const counts = new Map<number, number>();
  const count = (code: number) => {
    const key = counts.has(code) || counts.size < MAX_CODES ? code : 0;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };

  function take(thrown: unknown, requestId: string): RpcFault {
    const fault = toFault(thrown, requestId);
    count(fault.code);
    return fault;
  }

  function toFault(thrown: unknown, requestId: string): RpcFault {
    if (thrown instanceof RpcFault) return thrown;
    log.error("request failed unexpectedly", { requestId, cause: thrown });
    return new RpcFault(RPC.internalError, "Internal error", {
      status: 500,
      data: { request_id: requestId },
    });
  }

  return { counts, count, take };
}
