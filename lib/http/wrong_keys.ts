import type { Clock, Peer } from "../platform/mod.ts";

/** Counts wrong keys by the address that they come from. */
export interface WrongKeys {
  /**
   * Counts a wrong key.
   *
   * @returns How long the address is asked to wait, in milliseconds; `undefined` while it may go on.
   * `isFirst` tells that it was not asked before.
   */
  count(peer: Peer): { readonly waitMs: number; readonly isFirst: boolean } | undefined;
}

/** Wrong keys that an address may send without being asked to wait. */
const FREE = 10;
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 300_000;
/** An address that has been quiet for so long starts anew. */
const FORGET_MS = 60_000;
const MAX_PEERS = 1_000;

interface Tally {
  readonly count: number;
  /** Until when it counts. */
  readonly until: number;
}

/**
 * Creates the count. A wrong key is answered later and later; a right one is
 * never refused, whatever its neighbours send.
 */
export function createWrongKeys(clock: Clock): WrongKeys {
  // The least recently seen address comes first, and is forgotten when there are too many.
  const tallies = new Map<string, Tally>();
  return {
    count(peer) {
      const key = addressOf(peer);
      const now = clock.monotonic();
      const before = tallies.get(key);
      const count = before === undefined || before.until <= now ? 1 : before.count + 1;
      const waitMs = count <= FREE ? 0 : Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE - 1));
      tallies.delete(key);
      const oldest = tallies.size >= MAX_PEERS ? tallies.keys().next().value : undefined;
      if (oldest !== undefined) tallies.delete(oldest);
      tallies.set(key, { count, until: now + FORGET_MS + waitMs });
      return waitMs === 0 ? undefined : { waitMs, isFirst: count === FREE + 1 };
    },
  };
}

/** Whoever has one IPv6 address usually has the whole network of it. */
function addressOf(peer: Peer): string {
  if (peer.kind === "socket") return "socket";
  const { hostname } = peer;
  return hostname.includes(":") ? hostname.split(":").slice(0, 4).join(":") : hostname;
}
