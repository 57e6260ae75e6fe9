import { type Caller, endOf } from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import { briefClient, readCapabilities } from "./client_words.ts";
import { LEGACY_VERSIONS, negotiateLegacy } from "./era.ts";
import { RPC, RpcFault, type RpcNotification, type RpcRequest } from "./jsonrpc.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Surface } from "./surface.ts";

/** The header that names a session. */
export const SESSION_HEADER = "mcp-session-id";

/** Where a session was opened, and by whom. */
export interface SessionPlace {
  readonly surface: Surface;
  readonly caller: Caller;
}

/** Finds the session that a message of a legacy client belongs to. */
export interface LegacySessions {
  /**
   * Gives the session of a message; `initialize` opens one.
   *
   * @throws {RpcFault} If the message names no session, or one that is not this caller's.
   */
  of(message: RpcRequest | RpcNotification, request: Request, place: SessionPlace): Session;
  /** Gives the session that a request names. @throws {RpcFault} as `of` does. */
  find(request: Request, place: SessionPlace): Session;
  placeOf(session: Session): SessionPlace | undefined;
}

/** Ties sessions to the places where they were opened. */
export function createLegacySessions(sessions: Sessions, log: Logger): LegacySessions {
  const places = new WeakMap<Session, SessionPlace>();

  function of(message: RpcRequest | RpcNotification, request: Request, place: SessionPlace): Session {
    if (message.method === "initialize" && "id" in message) return openSession(message, place);
    const session = find(request, place);
    const version = request.headers.get("mcp-protocol-version");
    if (version !== null && !LEGACY_VERSIONS.some((known) => known === version)) {
      throw new RpcFault(
        RPC.badRequest,
        `Bad Request: unsupported protocol version ${version.slice(0, 40)}`,
        {
          status: 400,
        },
      );
    }
    return session;
  }

  /** A session of somebody else, or of another endpoint, is as unknown as one that never was. */
  function find(request: Request, { surface, caller }: SessionPlace): Session {
    const id = request.headers.get(SESSION_HEADER);
    if (id === null) {
      throw new RpcFault(
        RPC.badRequest,
        "Bad Request: the header Mcp-Session-Id is missing; send initialize first",
        { status: 400 },
      );
    }
    const session = sessions.find(id);
    if (session?.facts.surface === surface.key && session.facts.owner === caller.label) return session;
    throw new RpcFault(RPC.sessionNotFound, "Session not found: send initialize again", { status: 404 });
  }

  function openSession({ params }: RpcRequest, { surface, caller }: SessionPlace): Session {
    const client = briefClient(params?.clientInfo);
    log.debug("session opened", { client: client.name, version: client.version, at: surface.key });
    const session = sessions.open({
      protocolVersion: negotiateLegacy(params?.protocolVersion),
      client,
      capabilities: readCapabilities(params?.capabilities),
      surface: surface.key,
      owner: caller.label,
    });
    places.set(session, { surface, caller });
    const ended = endOf(caller);
    if (ended === undefined) return session;
    // A key that ends takes its sessions with it, open streams included.
    const onEnded = () => {
      for (const one of session.inFlight.values()) one.abort(ended.reason);
      sessions.close(session.id);
    };
    ended.addEventListener("abort", onEnded, { once: true });
    session.onEnd.add(() => ended.removeEventListener("abort", onEnded));
    return session;
  }

  return { of, find, placeOf: (session) => places.get(session) };
}
