import { type Caller, type ClientPeer, type Era, ERROR_KINDS, GatewayError } from "../contracts/mod.ts";
import type { Scope } from "../calls/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Platform, SharedTimers } from "../platform/mod.ts";
import { answer, type Emit, type Outcome } from "./answer.ts";
import {
  CAPABILITIES_KEY,
  CLIENT_KEY,
  LOG_LEVEL_KEY,
  relayedParams,
  SERVER_KEY,
  VERSION_KEY,
} from "./era.ts";
import { isRecord, RPC, RpcFault, type RpcRequest, toError, toKey, toResult } from "./jsonrpc.ts";
import { serverInfo } from "./merged_methods.ts";
import type { MethodContext, MethodOptions } from "./method.ts";
import type { ModernClients } from "./modern_clients.ts";
import { carryOut } from "./methods.ts";
import { Conversation, type Parking, readResponses } from "./parking.ts";
import { createThrottle } from "./throttle.ts";
import { isBelowLevel, type Session } from "./sessions.ts";
import type { Surface } from "./surface.ts";

type Params = Readonly<Record<string, unknown>>;

/** What the runner works with. */
export interface RunnerOptions extends MethodOptions {
  readonly platform: Platform;
  readonly log: Logger;
  readonly parking: Parking;
  readonly timers: SharedTimers;
  readonly clients: ModernClients;
  /** Counts a fault by its code. */
  readonly count: (code: number) => void;
}

/** Where requests came from and how they are to be answered. */
export interface Hop {
  readonly caller: Caller;
  readonly requestId: string;
  readonly surface: Surface;
  readonly scope: Scope;
  readonly era: Era;
  readonly session: Session | undefined;
  readonly acceptsStream: boolean;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly isPrimed: boolean;
  /** A header of the request. */
  readonly header: (name: string) => string | null;
  /** Aborted when the client has left; asked for only where that means something. */
  readonly signal: () => AbortSignal;
  readonly asArray?: boolean;
}

/** The way back to the client. */
interface Channel {
  readonly emit: Emit;
  readonly pause: () => void;
  readonly hop: Hop;
}

/** Carries out requests that came together, and answers them together. */
export interface Runner {
  run(requests: readonly RpcRequest[], hop: Hop): Promise<Response>;
  /** Ends everything in flight; each request is still answered, with this error. */
  endAll(error: GatewayError): void;
}

/** Servers may ask for input in the middle of these. */
const MAY_ASK = new Set(["tools/call", "prompts/get", "resources/read"]);
/** Results of these say how long they may be kept; those of legacy servers may not be. */
const CACHED = /^(?:(?:tools|prompts|resources|resources\/templates)\/list|resources\/read)$/;
const UNCACHED = { ttlMs: 0, cacheScope: "private" };
/** Progress beyond this is dropped: a client cannot use it, and it costs everybody. */
const PROGRESS_PER_SECOND = 20;

/** Creates the runner. */
export function createRunner(options: RunnerOptions): Runner {
  const { platform: { clock, random }, parking } = options;

  const running = new Set<AbortController>();

  function run(requests: readonly RpcRequest[], hop: Hop): Promise<Response> {
    const controllers = requests.map(() => new AbortController());
    const abort = () =>
      controllers.forEach((one) => one.abort(new DOMException("The client went away", "AbortError")));
    // Modern: leaving the answer is how a client cancels. Legacy: it says so in a notification, and the
    // request's signal is not even asked for, since Deno makes it only then.
    const gone = hop.era === "modern" ? hop.signal() : undefined;
    gone?.addEventListener("abort", abort, { once: true });
    const { session, caller: { scope } } = hop;
    const refuse = () => controllers.forEach((one) => one.abort(scope?.ended.reason));
    scope?.ended.addEventListener("abort", refuse, { once: true });
    return answer(async (emit, pause) => {
      const outcomes = await Promise.all(
        requests.map((request, index) =>
          finish(request, controllers[index] ?? new AbortController(), { emit, pause, hop })
        ),
      );
      gone?.removeEventListener("abort", abort);
      scope?.ended.removeEventListener("abort", refuse);
      if (hop.asArray !== true) return outcomes[0];
      return {
        status: 200,
        body: outcomes.flatMap((outcome) => outcome === undefined ? [] : [outcome.body]),
      };
    }, {
      clock,
      timers: options.timers,
      requestId: hop.requestId,
      acceptsStream: hop.acceptsStream,
      headers: hop.headers,
      isPrimed: hop.isPrimed,
      ...(session === undefined ? {} : { openJournal: () => session.openJournal() }),
      onGone: gone === undefined ? () => {} : abort,
    });
  }

  function endAll(error: GatewayError): void {
    for (const controller of running) controller.abort(error);
  }

  async function finish(
    request: RpcRequest,
    controller: AbortController,
    { emit, pause, hop }: Channel,
  ): Promise<Outcome | undefined> {
    const { session } = hop;
    const key = toKey(request.id);
    running.add(controller);
    session?.inFlight.set(key, controller);
    try {
      const result = hop.era === "modern"
        ? await noted(request, controller, { emit, pause, hop })
        : await legacy(request, controller, { emit, pause, hop });
      return { status: 200, body: toResult(request.id, result) };
    } catch (thrown) {
      const { aborted, reason } = controller.signal;
      if (aborted) return endedBy(request, reason);
      const fault = toFault(thrown, hop.requestId);
      options.count(fault.code);
      return { status: statusOf(fault, hop.era), body: toError(request.id, fault) };
    } finally {
      running.delete(controller);
      session?.inFlight.delete(key);
    }
  }

  async function legacy(
    request: RpcRequest,
    controller: AbortController,
    { emit, pause, hop }: Channel,
  ): Promise<unknown> {
    const { session } = hop;
    if (session === undefined) throw new RpcFault(RPC.internalError, "Internal error: no session");
    if (request.method === "tools/call") session.calls++;
    const context = contextOf(request, controller, { emit, pause, hop, peer: session.peerFor(emit) });
    try {
      return withoutType(await carryOut(options, request, context));
    } catch (error) {
      // A handshake that failed leaves no session behind.
      if (request.method === "initialize") hop.session?.end();
      throw error;
    }
  }

  /** Keeps count of a modern client, which has no session that could. */
  async function noted(request: RpcRequest, controller: AbortController, channel: Channel): Promise<unknown> {
    const { caller: { label }, surface: { key } } = channel.hop;
    const meta = isRecord(request.params?._meta) ? request.params._meta : {};
    const client = isRecord(meta[CLIENT_KEY]) ? meta[CLIENT_KEY] : {};
    const entry = options.clients.seen(`${label}\n${key}\n${client.name}\n${client.version}`, () => ({
      client,
      protocolVersion: String(meta[VERSION_KEY]),
      endpoint: key,
      owner: label,
    }));
    if (request.method === "tools/call") entry.calls++;
    entry.inFlight++;
    try {
      return await modern(request, controller, channel);
    } finally {
      entry.inFlight--;
    }
  }

  /** A call that asks for input is parked until its client comes back with the answers. */
  async function modern(
    request: RpcRequest,
    controller: AbortController,
    { emit, pause, hop }: Channel,
  ): Promise<unknown> {
    const { params = {} } = request;
    const call = {
      owner: hop.caller.label,
      what: JSON.stringify([hop.surface.key, request.method, params.name ?? params.uri]),
      abort: (reason: unknown) => controller.abort(reason),
    };
    const resumed = MAY_ASK.has(request.method) ? parking.resume(params.requestState, call) : undefined;
    resumed?.answer(readResponses(params.inputResponses));
    const conversation = resumed ?? new Conversation();
    if (resumed === undefined) {
      const context = contextOf(request, controller, {
        emit,
        pause,
        hop,
        peer: modernPeer(request, emit, hop, conversation),
      });
      conversation.start(carryOut(options, request, context));
    }
    const turn = await conversation.next();
    const isOwn = hop.surface.mode !== "server" && !MAY_ASK.has(request.method);
    if (turn.kind === "done") return toModern(turn.result, { isOwn, method: request.method });
    const requestState = parking.park(call, conversation);
    return { resultType: "input_required", inputRequests: turn.inputRequests, requestState };
  }

  function modernPeer(request: RpcRequest, emit: Emit, hop: Hop, conversation: Conversation): ClientPeer {
    const meta = isRecord(request.params?._meta) ? request.params._meta : {};
    const capabilities = isRecord(meta[CAPABILITIES_KEY]) ? meta[CAPABILITIES_KEY] : {};
    const client = isRecord(meta[CLIENT_KEY]) ? meta[CLIENT_KEY] : {};
    const logLevel = typeof meta[LOG_LEVEL_KEY] === "string" ? meta[LOG_LEVEL_KEY] : undefined;
    const notify: ClientPeer["notify"] = (message) => {
      // Modern clients get the log messages that they ask for, and no others.
      const isLog = message.method === "notifications/message";
      if (isLog && (logLevel === undefined || isBelowLevel(logLevel, message))) return;
      emit({ jsonrpc: "2.0", method: message.method, params: message.params });
    };
    // There are no sessions: the same program with the same key is taken for the same client.
    const standingId = `modern ${JSON.stringify([hop.caller.label, client.name, client.version])}`;
    const common = { client: standingId, capabilities };
    const standing = (): ClientPeer =>
      new Conversation().peer({ ...common, id: standingId, notify: () => {} });
    return conversation.peer({ ...common, id: `request ${random.uuid()}`, notify, logLevel, standing });
  }

  function contextOf(
    request: RpcRequest,
    controller: AbortController,
    { emit, pause, hop, peer }: Channel & { readonly peer: ClientPeer },
  ): MethodContext {
    const { params = {} } = request;
    const token = isRecord(params._meta) ? params._meta.progressToken : undefined;
    return {
      era: hop.era,
      caller: hop.caller,
      requestId: hop.requestId,
      from: fromOf(request, hop),
      surface: hop.surface,
      scope: hop.scope,
      session: hop.session,
      signal: controller.signal,
      emit,
      peer,
      header: hop.header,
      onPause: pause,
      params: relayedParams(params),
      onProgress: typeof token === "string" || typeof token === "number"
        ? progressTo(emit, token)
        : undefined,
    };
  }

  function progressTo(emit: Emit, progressToken: string | number): (params: Params) => void {
    const may = createThrottle(clock, PROGRESS_PER_SECOND);
    return (params) => {
      if (!may()) return;
      emit({ jsonrpc: "2.0", method: "notifications/progress", params: { ...params, progressToken } });
    };
  }

  /** What servers sent gets a type if it has none; what the gateway says itself comes with its name as well. */
  function toModern(
    result: unknown,
    { isOwn, method }: { readonly isOwn: boolean; readonly method: string },
  ): unknown {
    if (!isRecord(result)) return result;
    const kept = CACHED.test(method) && result.ttlMs === undefined ? UNCACHED : {};
    const typed = result.resultType === undefined ? { resultType: "complete", ...kept, ...result } : result;
    if (!isOwn) return typed;
    return {
      ...typed,
      _meta: { [SERVER_KEY]: serverInfo(options), ...isRecord(result._meta) ? result._meta : {} },
    };
  }

  function toFault(thrown: unknown, requestId: string): RpcFault {
    if (thrown instanceof RpcFault) return thrown;
    options.log.error("request failed unexpectedly", { requestId, cause: thrown });
    return new RpcFault(RPC.internalError, "Internal error", {
      status: 500,
      data: { request_id: requestId },
    });
  }

  return { run, endAll };
}

/** What is told of a client; it is the client's own word, and nothing is decided by it. */
function fromOf({ params }: RpcRequest, { session, surface }: Hop): MethodContext["from"] {
  const meta = isRecord(params?._meta) ? params._meta[CLIENT_KEY] : undefined;
  const { name, version } = session?.facts.client ?? (isRecord(meta) ? meta : {});
  return {
    session: session?.label,
    clientName: typeof name === "string" ? name : undefined,
    clientVersion: typeof version === "string" ? version : undefined,
    profile: surface.profile ?? session?.profile,
  };
}

/** A request that its client has cancelled needs no answer; one that the gateway ends gets one. */
function endedBy({ id }: RpcRequest, reason: unknown): Outcome | undefined {
  if (!(reason instanceof GatewayError)) return undefined;
  const { code, message, remedy } = reason;
  return {
    status: ERROR_KINDS[code].status,
    body: toError(id, { code: RPC.internalError, message, data: { code, remedy } }),
  };
}

/** Legacy clients know of complete results only, and need not be told. */
function withoutType(result: unknown): unknown {
  if (!isRecord(result) || result.resultType !== "complete") return result;
  const { resultType: _type, ...rest } = result;
  return rest;
}

function statusOf({ code, status }: RpcFault, era: Era): number {
  if (era === "legacy" || status !== 200) return status;
  if (code === RPC.methodNotFound) return 404;
  const isRefusal = code === RPC.headerMismatch || code === RPC.missingCapability ||
    code === RPC.unsupportedVersion;
  return isRefusal ? 400 : 200;
}
