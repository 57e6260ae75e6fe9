import type { Concurrency } from "../contracts/mod.ts";
import type { Limits } from "../calls/mod.ts";

/** Writes what the limits do; `undefined` if there are none and have been none. */
export function toConcurrency(limits: Limits): Concurrency | undefined {
  const { gates, shed } = limits.figures();
  if (gates.length === 0 && shed.length === 0) return undefined;
  return {
    limits: gates.map(({ scope, name, limit, active, waiting }) => ({
      scope,
      name,
      limit: Number.isFinite(limit) ? limit : undefined,
      active,
      waiting,
    })),
    rejected: shed.map(({ scope, name, reason, count }) => ({ scope, name, reason, count })),
  };
}
