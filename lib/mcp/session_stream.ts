import type { Clock } from "../platform/mod.ts";
import { openStream } from "./answer.ts";
import { readEventId } from "./journal.ts";
import type { Session } from "./sessions.ts";

/** From this revision on clients know events without a message. */
export const FIRST_PRIMED = "2025-11-25";

const SESSION_HEADER = "mcp-session-id";

/**
 * Serves the standing stream of a session, or the rest of an answer that broke
 * off behind the event that the client had last.
 */
export function serveStream(session: Session, lastEventId: string | null, clock: Clock): Response {
  const last = readEventId(lastEventId ?? "");
  const journal = (last === undefined ? undefined : session.journal(last.name)) ?? session.standing;
  const stream = openStream(clock, {
    headers: { [SESSION_HEADER]: session.id },
    onGone: () => journal.detach(stream),
  });
  stream.write(": open\n\n");
  if (session.facts.protocolVersion >= FIRST_PRIMED && last === undefined) {
    stream.write(`retry: 1000\n${journal.priming()}`);
  }
  journal.attach(stream, last?.seq);
  return stream.response;
}
