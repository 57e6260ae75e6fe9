import type { Relay } from "../calls/mod.ts";
import { concerns, type ListNews } from "./list_news.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Surface } from "./surface.ts";

/** What is told to whom. */
export interface BroadcastOptions {
  readonly relay: Pick<Relay, "onMessage">;
  readonly news: ListNews;
  readonly sessions: Pick<Sessions, "all">;
  readonly surfaceOf: (session: Session) => Surface | undefined;
  /** Tells whether a session may know of a server. */
  readonly reaches: (session: Session, server: string) => boolean;
}

/** Tells the sessions that can see a server what concerns all of them. */
export function openBroadcast({ relay, news, sessions, surfaceOf, reaches }: BroadcastOptions): Disposable {
  const told = news.subscribe((kind, servers, said) => {
    for (const session of sessions.all()) {
      const surface = surfaceOf(session);
      if (surface === undefined || !concerns(surface, kind, said)) continue;
      if (![...servers].some((server) => reaches(session, server))) continue;
      session.peer.notify({ method: `notifications/${kind}/list_changed` });
    }
  });
  const heard = relay.onMessage((server, message) => {
    for (const session of sessions.all()) if (reaches(session, server)) session.peer.notify(message);
  });
  return {
    [Symbol.dispose]() {
      told[Symbol.dispose]();
      heard[Symbol.dispose]();
    },
  };
}
