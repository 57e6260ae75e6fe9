import type { Clock } from "../platform/mod.ts";
import type { ClientWords } from "./client_words.ts";

/** What is known of a modern client; it says it anew with every request. */
export interface ModernFacts {
  readonly client: ClientWords;
  readonly protocolVersion: string;
  /** Path of the endpoint. */
  readonly endpoint: string;
  readonly owner: string;
}

/** A modern client that was seen lately. */
export interface ModernClient extends ModernFacts {
  readonly id: string;
  readonly since: number;
  lastSeenAt: number;
  calls: number;
  inFlight: number;
}

/** Modern clients: they have no session, so the same program with the same key is taken for the same client. */
export interface ModernClients {
  /** Notes a request. @returns The client, whose `inFlight` is the caller's to lower. */
  seen(key: string, facts: () => ModernFacts): ModernClient;
  /** Those seen in the last half hour. */
  all(): ModernClient[];
}

const MAX = 1_000;
const IDLE_MS = 30 * 60_000;

/** Creates an empty store; the one seen least lately is forgotten first. */
export function createModernClients(clock: Clock): ModernClients {
  const clients = new Map<string, ModernClient>();
  let nextId = 1;

  function add(key: string, facts: ModernFacts, now: number): ModernClient {
    const oldest = clients.size >= MAX ? clients.keys().next().value : undefined;
    if (oldest !== undefined) clients.delete(oldest);
    const added = { ...facts, id: `modern-${nextId++}`, since: now, lastSeenAt: now, calls: 0, inFlight: 0 };
    clients.set(key, added);
    return added;
  }

  return {
    seen(key, facts) {
      const now = clock.now();
      const known = clients.get(key);
      if (known === undefined || now - known.lastSeenAt > IDLE_MS) return add(key, facts(), now);
      // Within a second the order hardly matters, and moving an entry costs something.
      if (now - known.lastSeenAt > 1_000) {
        clients.delete(key);
        clients.set(key, known);
      }
      known.lastSeenAt = now;
      return known;
    },
    all: () => [...clients.values()].filter(({ lastSeenAt }) => clock.now() - lastSeenAt <= IDLE_MS),
  };
}
