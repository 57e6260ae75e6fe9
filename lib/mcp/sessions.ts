import type { Clock, Random } from "../platform/mod.ts";
import type { RequestId } from "./jsonrpc.ts";

/** A legacy client's session. */
export interface Session {
  readonly id: string;
  readonly protocolVersion: string;
  readonly client: Readonly<Record<string, unknown>>;
  readonly openedAt: number;
  /** Requests in flight, for cancellation. */
  readonly inFlight: Map<RequestId, AbortController>;
  lastSeenAt: number;
}

/** The sessions of legacy clients; bounded, so that clients who never say goodbye cost little. */
export interface Sessions {
  open(protocolVersion: string, client: Readonly<Record<string, unknown>>): Session;
  /** Finds a session and marks it as seen. */
  find(id: string): Session | undefined;
  close(id: string): boolean;
  readonly size: number;
}

const MAX_SESSIONS = 10_000;
const IDLE_MS = 30 * 60_000;

/** Creates an empty store; idle sessions go after 30 minutes, the least recently used when there are too many. */
export function createSessions(
  clock: Clock,
  random: Random,
  limits: { readonly max: number; readonly idleMs: number } = { max: MAX_SESSIONS, idleMs: IDLE_MS },
): Sessions {
  // In order of last use: the first is the one to go.
  const sessions = new Map<string, Session>();

  function sweep(now: number): void {
    for (const [id, session] of sessions) {
      const isIdle = now - session.lastSeenAt > limits.idleMs && session.inFlight.size === 0;
      if (!isIdle && sessions.size < limits.max) return;
      sessions.delete(id);
    }
  }

  return {
    open(protocolVersion, client) {
      const now = clock.now();
      sweep(now);
      const id = random.uuid();
      const session = { id, protocolVersion, client, openedAt: now, inFlight: new Map(), lastSeenAt: now };
      sessions.set(id, session);
      return session;
    },
    find(id) {
      const session = sessions.get(id);
      if (session === undefined) return undefined;
      session.lastSeenAt = clock.now();
      sessions.delete(id);
      sessions.set(id, session);
      return session;
    },
    close(id) {
      for (const controller of sessions.get(id)?.inFlight.values() ?? []) {
        controller.abort(new DOMException("The session was closed", "AbortError"));
      }
      return sessions.delete(id);
    },
    get size() {
      return sessions.size;
    },
  };
}
