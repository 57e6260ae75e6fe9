import type { Relay } from "../calls/mod.ts";
import type { Exposure } from "./exposure.ts";
import { concerns, type ListNews } from "./list_news.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Surface } from "./surface.ts";

/** What is told to whom. */
export interface BroadcastOptions {
  readonly relay: Pick<Relay, "onMessage">;
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

/** Tells the sessions that can see a server what concerns all of them. */
export function openBroadcast(
  { relay, news, sessions, surfaceOf, exposureOf, reaches }: BroadcastOptions,
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
  const heard = relay.onMessage((server, message) => {
    for (const session of sessions.all()) if (reaches(session, server)) session.peer.notify(message);
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
    },
  };
}
