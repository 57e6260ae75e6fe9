import type { ClientPeer } from "../contracts/mod.ts";
import type { Asked } from "./server_requests.ts";

/** A request of ours that waits for its answer, as far as its client is concerned. */
interface Waiting extends NonNullable<Asked["request"]> {
  readonly peer: ClientPeer | undefined;
}

/**
 * Tells whom a message of a server concerns. Where the wire does not say, and
 * several clients have requests in flight, nobody can know: it must not reach
 * the wrong one.
 *
 * @param waiting The requests in flight, oldest first.
 * @param related The one on whose exchange the message came.
 * @param fallback The one client of the connection, where it has only one.
 */
export function addresseeOf(
  waiting: Iterable<Waiting>,
  related: Waiting | undefined,
  fallback: ClientPeer | undefined,
): Asked {
  if (related?.peer !== undefined) return { peer: related.peer, request: related, isAmbiguous: false };
  let only: Waiting | undefined;
  for (const request of waiting) {
    if (request.peer === undefined) continue;
    if (only !== undefined && only.peer?.client !== request.peer.client) {
      return { peer: undefined, request: undefined, isAmbiguous: true };
    }
    // Of several requests of one client the newest that it still waits for.
    if (only === undefined || request.peer.isWaiting !== false) only = request;
  }
  return { peer: only?.peer ?? fallback, request: only, isAmbiguous: false };
}
