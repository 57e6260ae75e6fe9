import type { Relay } from "../calls/mod.ts";
import type { PeerMessage } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Exposure } from "./exposure.ts";
import { concerns, type ListNews } from "./list_news.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Surface } from "./surface.ts";
import { createThrottles } from "./throttle.ts";

/** What is told to whom. */
export interface BroadcastOptions {
  readonly relay: Pick<Relay, "onMessage" | "serverOfTask">;
  readonly clock: Clock;
  readonly news: ListNews;
  readonly sessions: Pick<Sessions, "all">;
  readonly surfaceOf: (session: Session) => Surface | undefined;
  /** What a session sees now. */
  readonly exposureOf: (session: Session, surface: Surface) => Exposure;
  /** Tells whether a session may know of a server. */
  readonly reaches: (session: Session, server: string) => boolean;
}

/** Speaks to sessions until it is disposed. */
export interface Broadcast extends Disposable {
  /** Tells the sessions that see another list of tools than they were told of. */
  look(): void;
}

/** What one server says to everybody; the rest is dropped, for it is kept for each client that does not read. */
const MESSAGES_PER_SECOND = 50;
const MAX_MESSAGE_CHARS = 64 * 1024;
const TASK_STATUS = "notifications/tasks/status";

/** Tells the sessions that can see a server what concerns all of them. */
export function openBroadcast(
  { relay, clock, news, sessions, surfaceOf, exposureOf, reaches }: BroadcastOptions,
): Broadcast {
  const change = (session: Session, surface: Surface) => {
    const before = session.exposure;
    const now = exposureOf(session, surface);
    session.exposure = now;
    return { before, now };
  };
  const told = news.subscribe((kind, servers, said) => {
    for (const session of sessions.all()) {
      const surface = surfaceOf(session);
      if (surface === undefined || ![...servers].some((server) => reaches(session, server))) continue;
      if (!concerns(surface, { kind, said }, () => change(session, surface))) continue;
      session.peer.notify({ method: `notifications/${kind}/list_changed` });
    }
  });
  const throttles = createThrottles(clock, MESSAGES_PER_SECOND);
  const waiting = new Set<Disposable>();
  const tell = (server: string, message: PeerMessage, concernsIt: (session: Session) => boolean) => {
    for (const session of sessions.all()) {
      if (reaches(session, server) && concernsIt(session)) session.peer.notify(message);
    }
  };
  /** What becomes of a task is for whoever started it, and the answer that says who may still be on its way. */
  const tellOwner = (server: string, message: PeerMessage, taskId: string) => {
    const timer = clock.after(0, () => {
      waiting.delete(timer);
      tell(server, message, ({ facts: { owner } }) => relay.serverOfTask(taskId, owner) === server);
    });
    waiting.add(timer);
  };
  const heard = relay.onMessage((server, message) => {
    if (!throttles.may(server) || JSON.stringify(message).length > MAX_MESSAGE_CHARS) return;
    if (message.method !== TASK_STATUS) return tell(server, message, () => true);
    const { taskId } = Object(message.params);
    if (typeof taskId === "string") tellOwner(server, message, taskId);
  });
  return {
    look() {
      for (const session of sessions.all()) {
        const surface = surfaceOf(session);
        if (surface?.adapts !== true || session.exposure === undefined) continue;
        const { before, now } = change(session, surface);
        if (before !== now) session.peer.notify({ method: "notifications/tools/list_changed" });
      }
    },
    [Symbol.dispose]() {
      told[Symbol.dispose]();
      heard[Symbol.dispose]();
      for (const timer of waiting) timer[Symbol.dispose]();
    },
  };
}
