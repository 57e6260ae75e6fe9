import type { ActivityHealth, GatewayError } from "../contracts/mod.ts";
import type { Activity } from "./activity.ts";

/**
 * A record of activity that is not there: nothing is kept, and whoever reads
 * is told why.
 *
 * @param onLoss Hears once that something is not recorded.
 */
export function createAbsentActivity(reason: GatewayError, onLoss: (text: string) => void): Activity {
  let lost = 0;
  const refuse = () => Promise.reject(reason);
  const health = (): ActivityHealth => ({
    level: "off",
    summary: `${reason.message}; activity is not recorded`,
    remedy: reason.remedy,
    records: 0,
    size_bytes: 0,
    pending: 0,
    lost,
    removed_early: 0,
    unreadable: 0,
  });
  return {
    record() {
      if (lost++ === 0) onLoss(`${reason.message}; this is not recorded. ${reason.remedy}`);
    },
    flush: () => Promise.resolve(),
    query: refuse,
    get: refuse,
    summary: refuse,
    usage: refuse,
    export: () => {
      throw reason;
    },
    health,
    subscribe: () => ({ [Symbol.dispose]: () => {} }),
    clean: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
