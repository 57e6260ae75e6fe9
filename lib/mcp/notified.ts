import type { Relay } from "../calls/mod.ts";
import { accepted } from "./http_parts.ts";
import { type RpcNotification, toKey } from "./jsonrpc.ts";
import type { Session } from "./sessions.ts";

/** Takes what a client says without wanting an answer. */
export function notified(
  relay: Pick<Relay, "notifyFor">,
  { method, params }: RpcNotification,
  session: Session | undefined,
): Response {
  if (session === undefined) return accepted();
  switch (method) {
    case "notifications/cancelled":
      session.inFlight.get(toKey(params?.requestId))
        ?.abort(new DOMException("The client cancelled the request", "AbortError"));
      break;
    case "notifications/progress":
      session.questions.progress(params);
      break;
    case "notifications/initialized":
      break;
    default:
      relay.notifyFor(session.id, method, params);
  }
  return accepted();
}
