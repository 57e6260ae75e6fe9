import { type Caller, endOf, type GatewayError, type SessionView, toMs } from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import { createSharedTimers, type Platform } from "../platform/mod.ts";
import { readJsonBody } from "./body.ts";
import { openBroadcast } from "./broadcast.ts";
import { eraHeaders, eraOf } from "./era.ts";
import { accepted, acceptsStream, refuse, requireFew, requireTypes } from "./http_parts.ts";
import { readMessage, RPC, RpcFault, type RpcMessage, type RpcRequest } from "./jsonrpc.ts";
import type { Hop } from "./hop.ts";
import { createExposures, type Viewer } from "./exposure.ts";
import { openListNews } from "./list_news.ts";
import { notified } from "./notified.ts";
import { serveListen } from "./listen.ts";
import type { MethodOptions } from "./method.ts";
import { createParking } from "./parking.ts";
import { createFaults } from "./faults.ts";
import { createLegacySessions, SESSION_HEADER, type SessionPlace } from "./legacy_sessions.ts";
import { createModernClients } from "./modern_clients.ts";
import { createRunner } from "./runner.ts";
import { toClientView, toSessionView } from "./session_views.ts";
import { createSessions, type Session } from "./sessions.ts";
import { FIRST_PRIMED, serveStream } from "./session_stream.ts";
import { createScopes, type Surface, surfaceOf } from "./surface.ts";

/** What the MCP face is built from. */
export interface McpFaceOptions extends Omit<MethodOptions, "exposures"> {
  readonly platform: Platform;
  readonly log: Logger;
  /** Aborted when the gateway begins to stop. */
  readonly stopping: AbortSignal;
}

/** The MCP endpoints: both eras over Streamable HTTP on one URL each. */
export interface McpFace extends Disposable {
  /** Answers one HTTP request whose Host, Origin and caller were checked. */
  handle(request: Request, caller: Caller, requestId: string): Promise<Response>;
  /** Tells the clients whose list of tools is another because the config or the active profile is. */
  configChanged(): void;
  /** Tells the clients for whom the active profile counts that their lists are others. */
  profileChanged(): void;
  /** The clients there are, legacy ones first. */
  list(): SessionView[];
  /** Ends a legacy client's session; `false` if there is none. */
  close(id: string): boolean;
  /** Ends the calls in flight; each is still answered, with this error. */
  endCalls(error: GatewayError): void;
  /** Open legacy sessions. */
  readonly sessions: number;
  /** Requests that were answered with an error, by its code. */
  readonly faults: ReadonlyMap<number, number>;
}

const SWEEP_MS = 60_000;
/** For a session that nobody knows any more. */
const NOTHING = { includes: () => false };

/** Creates the face. */
export function createMcpFace(given: McpFaceOptions): McpFace {
  const { platform: { clock, random }, relay, config } = given;
  const exposures = createExposures({ relay, config, ownTools: given.calls.ownTools.length });
  const options = { ...given, exposures };
  const sessions = createSessions({ clock, random, onEnd: (session) => relay.endPeer(session.id) });
  const parking = createParking({ clock, random });
  const scopes = createScopes();
  const news = openListNews(relay, clock);
  const timers = createSharedTimers(clock);
  const faults = createFaults(given.log);
  const clients = createModernClients(clock);
  const runner = createRunner({ ...options, parking, timers, faults, clients });
  const sweep = clock.every(SWEEP_MS, () => sessions.sweep());

  const legacy = createLegacySessions(sessions, given.log);
  const scopeOf = ({ surface, caller }: SessionPlace, profile: string | undefined) =>
    scopes({
      surface,
      // Who is pinned to a profile has chosen.
      profile: profile ?? (caller.scope?.profile === undefined ? options.activeProfile() : undefined),
      config: config(),
      scope: caller.scope,
    });
  const broadcast = openBroadcast({
    relay,
    clock,
    news,
    sessions,
    reaches: (session, server) => {
      const place = legacy.placeOf(session);
      return place !== undefined && scopeOf(place, session.profile).includes(server);
    },
    surfaceOf: (session) => legacy.placeOf(session)?.surface,
    exposureOf: (session, surface) => exposures.of(viewerOf(session, surface)),
  });

  async function handle(request: Request, caller: Caller, requestId: string): Promise<Response> {
    try {
      const { scope } = caller;
      const surface = surfaceOf(request.url, {
        config: config(),
        hasServer: (name) => scope?.includes(name) !== false && relay.hasServer(name),
        scope,
      });
      switch (request.method) {
        case "POST":
          return await post(request, { surface, caller, requestId });
        case "GET":
          return get(request, surface, caller);
        case "DELETE":
          return remove(request, surface, caller);
        default:
          return refuse(new RpcFault(RPC.badRequest, "Method not allowed", { status: 405 }), null, {
            allow: "GET, POST, DELETE",
          });
      }
    } catch (thrown) {
      // A body that nobody reads would keep its connection, and with it the end of the gateway.
      if (!request.bodyUsed) await request.body?.cancel().catch(() => {});
      return refuse(faults.take(thrown, requestId), null);
    }
  }

  async function post(request: Request, place: Place): Promise<Response> {
    requireTypes(request);
    const body = await readJsonBody(request, { timers, limitMs: toMs(config().http_read_timeout) });
    if (Array.isArray(body)) requireFew(body);
    const messages = (Array.isArray(body) ? body : [body]).map(readMessage);
    const invalid = messages.find((message) => message.kind === "invalid");
    if (invalid !== undefined || messages.length === 0) {
      const problem = invalid?.problem ?? "the batch is empty";
      faults.count(RPC.invalidRequest);
      return refuse(
        new RpcFault(RPC.invalidRequest, `Invalid Request: ${problem}`, { status: 400 }),
        invalid?.id ?? null,
      );
    }
    if (!Array.isArray(body)) return await single(messages[0], request, place);
    return await batch(messages, request, place);
  }

  async function single(
    message: RpcMessage | undefined,
    request: Request,
    place: Place,
  ): Promise<Response> {
    if (message === undefined || message.kind === "invalid") return accepted();
    if (message.kind === "response") {
      legacy.find(request, place).questions.answer(message.message);
      return accepted();
    }
    const { message: rpc } = message;
    try {
      const era = eraOf(rpc, eraHeaders(request.headers));
      const session = era === "legacy" ? legacy.of(rpc, request, place) : undefined;
      if (message.kind === "notification") return notified(relay, rpc, session);
      if (era === "modern" && rpc.method === "subscriptions/listen") {
        return await listen(message.message, request, place);
      }
      return await runner.run([message.message], hopOf(request, place, { era, session }));
    } catch (thrown) {
      return refuse(faults.take(thrown, place.requestId), "id" in rpc ? rpc.id : null);
    }
  }

  /** Batches exist in legacy revisions only; their answers come as an array. */
  async function batch(messages: readonly RpcMessage[], request: Request, place: Place): Promise<Response> {
    const requests: RpcRequest[] = [];
    let session: Session | undefined;
    for (const message of messages) {
      if (message.kind === "invalid") continue;
      if (message.kind === "response") {
        legacy.find(request, place).questions.answer(message.message);
        continue;
      }
      const isModern = eraOf(message.message, eraHeaders(request.headers)) === "modern";
      if (isModern || message.message.method === "initialize") {
        throw new RpcFault(RPC.invalidRequest, "Invalid Request: this message may not be part of a batch", {
          status: 400,
        });
      }
      session = legacy.of(message.message, request, place);
      if (message.kind === "request") requests.push(message.message);
      else notified(relay, message.message, session);
    }
    if (requests.length === 0) return accepted();
    return await runner.run(requests, {
      ...hopOf(request, place, { era: "legacy", session }),
      asArray: true,
    });
  }

  function hopOf(request: Request, place: Place, who: Pick<Hop, "era" | "session">): Hop {
    const { session } = who;
    return {
      ...place,
      ...who,
      signal: () => request.signal,
      header: (name) => request.headers.get(name),
      acceptsStream: acceptsStream(request),
      scope: scopeOf(place, session?.profile),
      headers: session === undefined ? undefined : { [SESSION_HEADER]: session.id },
      isPrimed: session !== undefined && session.facts.protocolVersion >= FIRST_PRIMED,
    };
  }

  function viewerOf(session: Session, surface: Surface): Viewer {
    const { owner, client: { name } } = session.facts;
    const { profile } = session;
    const place = legacy.placeOf(session);
    const scope = place === undefined ? NOTHING : scopeOf(place, profile);
    return { surface, scope, owner, profile, client: name };
  }

  function listen(message: RpcRequest, request: Request, place: Place): Promise<Response> {
    const ended = endOf(place.caller);
    return serveListen(options, message, {
      clock,
      surface: place.surface,
      owner: place.caller.label,
      scope: scopeOf(place, undefined),
      signal: request.signal,
      stopping: ended === undefined ? options.stopping : AbortSignal.any([options.stopping, ended]),
      onListChange: (listener) => news.subscribe(listener),
    });
  }

  /** The standing stream of a session, or the rest of an answer that broke off. */
  function get(request: Request, surface: Surface, caller: Caller): Response {
    // Clients of no session ask whether there is a stream at all.
    if (request.headers.get(SESSION_HEADER) === null) {
      const fault = new RpcFault(RPC.badRequest, "Method not allowed: without a session there is no stream", {
        status: 405,
      });
      return refuse(fault, null, { allow: "POST" });
    }
    if (!acceptsStream(request)) {
      throw new RpcFault(RPC.badRequest, "Not Acceptable: accept text/event-stream", { status: 406 });
    }
    const session = legacy.find(request, { surface, caller });
    return serveStream(session, request.headers.get("last-event-id"), clock);
  }

  function remove(request: Request, surface: Surface, caller: Caller): Response {
    sessions.close(legacy.find(request, { surface, caller }).id);
    return new Response(null, { status: 204 });
  }

  // A stream that stands open would hold up the end; answers in flight may still finish.
  const onStopping = () => {
    for (const session of sessions.all()) session.standing.end();
  };
  options.stopping.addEventListener("abort", onStopping, { once: true });

  return {
    handle,
    faults: faults.counts,
    endCalls: (error) => runner.endAll(error),
    configChanged: () => broadcast.look(),
    profileChanged() {
      for (const session of sessions.all()) {
        const { profile, server } = legacy.placeOf(session)?.surface ?? {};
        if (profile !== undefined || server !== undefined || session.profile !== undefined) continue;
        for (const kind of ["tools", "prompts", "resources"]) {
          session.peer.notify({ method: `notifications/${kind}/list_changed` });
        }
      }
    },
    list: () => [...[...sessions.all()].map(toSessionView), ...clients.all().map(toClientView)],
    close: (id) => sessions.close(id),
    get sessions() {
      return sessions.size;
    },
    [Symbol.dispose]() {
      options.stopping.removeEventListener("abort", onStopping);
      for (const one of [sweep, broadcast, news, parking, timers]) one[Symbol.dispose]();
      sessions.closeAll();
    },
  };
}

interface Place extends SessionPlace {
  readonly requestId: string;
}
