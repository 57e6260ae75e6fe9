import type { ClientPeer } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Emit } from "./answer.ts";
import { withCacheHints } from "./cache_hints.ts";
import { briefClient } from "./client_words.ts";
import { CAPABILITIES_KEY, CLIENT_KEY, LOG_LEVEL_KEY, SERVER_KEY, VERSION_KEY } from "./era.ts";
import { type Channel, contextOf, type Hop } from "./hop.ts";
import { isRecord, type RpcRequest } from "./jsonrpc.ts";
import { serverInfo } from "./merged_methods.ts";
import type { MethodOptions } from "./method.ts";
import { carryOut } from "./methods.ts";
import type { ModernClients } from "./modern_clients.ts";
import { Conversation, type Parking, readResponses } from "./parking.ts";
import { isBelowLevel } from "./sessions.ts";

/** What requests of modern clients are carried out with. */
export interface ModernCallOptions extends MethodOptions {
  readonly platform: Pick<Platform, "clock" | "random">;
  readonly parking: Parking;
  readonly clients: ModernClients;
}

/** Carries out one request of a modern client; `controller` ends it. */
export type ModernCall = (
  request: RpcRequest,
  controller: AbortController,
  channel: Channel,
) => Promise<unknown>;

/** Servers may ask for input in the middle of these. */
const MAY_ASK = new Set(["tools/call", "prompts/get", "resources/read"]);

/** Creates what carries out the requests of modern clients. */
export function createModernCalls(options: ModernCallOptions): ModernCall {
  const { platform: { clock, random }, parking } = options;

  /** Keeps count of a modern client, which has no session that could. */
  async function noted(request: RpcRequest, controller: AbortController, channel: Channel): Promise<unknown> {
    const { caller: { label }, surface: { key } } = channel.hop;
    const meta = isRecord(request.params?._meta) ? request.params._meta : {};
    const client = briefClient(meta[CLIENT_KEY]);
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
      abort: (reason: unknown) => conversation.end(reason),
    };
    const resumed = MAY_ASK.has(request.method) ? parking.resume(params.requestState, call) : undefined;
    resumed?.answer(readResponses(params.inputResponses));
    const conversation = resumed ?? new Conversation();
    if (resumed === undefined) {
      const context = contextOf(request, controller, {
        emit,
        pause,
        hop,
        clock,
        peer: modernPeer(request, emit, hop, conversation),
      });
      conversation.start(carryOut(options, request, context), controller);
    } else {
      // The call began with another request, and ends with this one.
      controller.signal.addEventListener("abort", () => resumed.end(controller.signal.reason), {
        once: true,
      });
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
    const client = briefClient(meta[CLIENT_KEY]);
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

  /** What servers sent gets a type if it has none; what the gateway says itself comes with its name as well. */
  function toModern(
    result: unknown,
    { isOwn, method }: { readonly isOwn: boolean; readonly method: string },
  ): unknown {
    if (!isRecord(result)) return result;
    const typed = withCacheHints(
      method,
      result.resultType === undefined ? { resultType: "complete", ...result } : result,
    );
    if (!isOwn) return typed;
    return {
      ...typed,
      _meta: { [SERVER_KEY]: serverInfo(options), ...isRecord(result._meta) ? result._meta : {} },
    };
  }

  return noted;
}
