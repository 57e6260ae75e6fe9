import type { ClientPeer, PeerMessage } from "../contracts/mod.ts";
import type { Clock, Random } from "../platform/mod.ts";
import { cannotAnswer, Questions, type Send } from "./asking.ts";
import type { Exposure } from "./exposure.ts";
import type { ClientWords } from "./client_words.ts";
import { Journal } from "./journal.ts";
import { isRecord } from "./jsonrpc.ts";

type Params = Readonly<Record<string, unknown>>;

/** Who opens a session, and where. */
export interface SessionFacts {
  readonly protocolVersion: string;
  readonly client: ClientWords;
  readonly capabilities: Params;
  /** The endpoint; a session is worth nothing at another one. */
  readonly surface: string;
  /** Whose key opened it; with another key there is no such session. */
  readonly owner: string;
}

/** Streams of a session that are kept for whoever lost one. */
const MAX_JOURNALS = 16;
const STANDING = "0";
/** Most of a client that never reads what is said outside of answers. */
const MAX_STANDING_CHARS = 1024 * 1024;

/** A legacy client's session. */
export class Session {
  readonly id: string;
  /** Names the session for people and records; unlike the id, it lets nobody speak in it. */
  readonly label: string;
  readonly facts: SessionFacts;
  readonly openedAt: number;
  /** Requests in flight by their key, for cancellation. */
  readonly inFlight = new Map<string, AbortController>();
  readonly questions = new Questions();
  /** What is said outside of any answer. */
  readonly standing = new Journal(STANDING, MAX_STANDING_CHARS);
  /** What ends each subscription. */
  readonly subscriptions = new Map<string, () => void>();
  /** Undone when the session ends. */
  readonly onEnd = new Set<() => void>();
  lastSeenAt: number;
  /** Tools that were called. */
  calls = 0;
  profile: string | undefined;
  /** What the client was last told that it sees, where that changes. */
  exposure: Exposure | undefined;
  logLevel: string | undefined;
  readonly #journals = new Map<string, Journal>([[STANDING, this.standing]]);
  /** Journals that had ended when the session was last tidied. */
  #ended: ReadonlySet<Journal> = new Set();
  #nextJournal = 1;
  #standingPeer: ClientPeer | undefined;

  constructor(
    { id, label }: { readonly id: string; readonly label: string },
    facts: SessionFacts,
    now: number,
  ) {
    this.id = id;
    this.label = label;
    this.facts = facts;
    this.openedAt = now;
    this.lastSeenAt = now;
  }

  /** Opens the journal of one answer; `undefined` if too many streams are open. */
  openJournal(): Journal | undefined {
    if (this.#journals.size >= MAX_JOURNALS) this.#dropEnded();
    if (this.#journals.size >= MAX_JOURNALS) return undefined;
    const name = (this.#nextJournal++).toString(36);
    const journal = new Journal(name);
    this.#journals.set(name, journal);
    return journal;
  }

  /** Drops the journals that had ended already at the time before; whoever lost one has been back since. */
  tidy(): void {
    for (const [name, journal] of this.#journals) if (this.#ended.has(journal)) this.#journals.delete(name);
    this.#ended = new Set([...this.#journals.values()].filter(({ ended }) => ended));
  }

  journal(name: string): Journal | undefined {
    return this.#journals.get(name);
  }

  /** The client outside of any request. */
  get peer(): ClientPeer {
    this.#standingPeer ??= this.#createPeer((message) => {
      this.standing.append(message);
      return true;
    });
    return this.#standingPeer;
  }

  /** The client while it waits for an answer; `send` tells when that is over. */
  peerFor(send: Send): ClientPeer {
    return this.#createPeer((message) => send(message) || this.peerSend(message));
  }

  /** Sends outside of any answer; a message for a client that reads nothing waits for it. */
  peerSend(message: unknown): boolean {
    this.standing.append(message);
    return true;
  }

  /** Ends everything that belongs to the session. */
  end(): void {
    for (const controller of this.inFlight.values()) {
      controller.abort(new DOMException("The session was closed", "AbortError"));
    }
    this.questions.close();
    for (const journal of this.#journals.values()) journal.end();
    for (const undo of this.onEnd) undo();
    this.onEnd.clear();
  }

  #createPeer(send: Send): ClientPeer {
    const { capabilities } = this.facts;
    return {
      id: this.id,
      client: this.id,
      logLevel: this.logLevel,
      capabilities,
      takesInputRequired: false,
      standing: () => this.peer,
      request: (method, params, options) => {
        const problem = cannotAnswer(method, params, capabilities);
        if (problem !== undefined) return Promise.reject(problem);
        return this.questions.ask(send, method, params, options);
      },
      notify: ({ method, params }) => {
        if (this.logLevel !== undefined && isBelowLevel(this.logLevel, { method, params })) return;
        send({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) });
      },
    };
  }

  #dropEnded(): void {
    for (const [name, journal] of this.#journals) {
      if (!journal.ended) continue;
      this.#journals.delete(name);
      return;
    }
  }
}

/** Levels of log messages, least important first. */
export const LEVELS: readonly string[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

/** Tells whether a message is a log message less important than a client wants. */
export function isBelowLevel(level: string, { method, params }: PeerMessage): boolean {
  if (method !== "notifications/message" || !isRecord(params)) return false;
  const [wanted, given] = [LEVELS.indexOf(level), LEVELS.findIndex((one) => one === params.level)];
  return given >= 0 && given < wanted;
}

/** The sessions of legacy clients; bounded, so that clients who never say goodbye cost little. */
export interface Sessions {
  open(facts: SessionFacts): Session;
  /** Finds a session and marks it as seen. */
  find(id: string): Session | undefined;
  close(id: string): boolean;
  closeAll(): void;
  /** Closes those that were idle for too long, and drops what the others keep for nobody. */
  sweep(): void;
  all(): Iterable<Session>;
  readonly size: number;
}

/** Bounds of the sessions. */
export interface SessionLimits {
  readonly max: number;
  /** Of one caller, whose own oldest goes then; as many as of all when absent. */
  readonly maxOfOwner?: number;
  readonly idleMs: number;
}

const LIMITS: SessionLimits = { max: 10_000, maxOfOwner: 5_000, idleMs: 30 * 60_000 };

/** Creates an empty store; idle sessions go after 30 minutes, the least recently used when there are too many. */
export function createSessions(
  options: { readonly clock: Clock; readonly random: Random; readonly onEnd?: (session: Session) => void },
  limits: SessionLimits = LIMITS,
): Sessions {
  const { clock, random } = options;
  // In order of last use: the first is the one to go.
  const sessions = new Map<string, Session>();

  const counts = new Map<string, number>();
  /** The one that was used last, and is the last in order. */
  let latest: Session | undefined;

  function count({ facts: { owner } }: Session, change: number): void {
    const now = (counts.get(owner) ?? 0) + change;
    if (now === 0) counts.delete(owner);
    else counts.set(owner, now);
  }

  /** Whoever opens one session after the other pushes out none but their own. */
  function makeRoomFor(owner: string): void {
    if ((counts.get(owner) ?? 0) < (limits.maxOfOwner ?? limits.max)) return;
    for (const session of sessions.values()) if (session.facts.owner === owner) return end(session);
  }

  function end(session: Session): void {
    if (sessions.delete(session.id)) count(session, -1);
    session.end();
    options.onEnd?.(session);
  }

  function sweep(room: number): void {
    const now = clock.now();
    for (const session of sessions.values()) {
      const isIdle = now - session.lastSeenAt > limits.idleMs && session.inFlight.size === 0 &&
        !session.standing.isRead;
      if (!isIdle && sessions.size + room <= limits.max) return;
      end(session);
    }
  }

  return {
    open(facts) {
      makeRoomFor(facts.owner);
      sweep(1);
      const label = `s-${random.uuid().slice(0, 8)}`;
      const session = new Session({ id: random.uuid(), label }, facts, clock.now());
      sessions.set(session.id, session);
      latest = session;
      count(session, 1);
      return session;
    },
    find(id) {
      const session = sessions.get(id);
      if (session === undefined) return undefined;
      session.lastSeenAt = clock.now();
      if (session === latest) return session;
      sessions.delete(id);
      sessions.set(id, session);
      latest = session;
      return session;
    },
    close(id) {
      const session = sessions.get(id);
      if (session !== undefined) end(session);
      return session !== undefined;
    },
    closeAll: () => [...sessions.values()].forEach(end),
    sweep() {
      sweep(0);
      for (const session of sessions.values()) session.tidy();
    },
    all: () => sessions.values(),
    get size() {
      return sessions.size;
    },
  };
}
