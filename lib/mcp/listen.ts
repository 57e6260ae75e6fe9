/**
 * `subscriptions/listen`: the stream on which modern clients hear of changes.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28
 * @module
 */

import { type ListKind, type Scope } from "../calls/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { openStream, toEvent } from "./answer.ts";
import { isRecord, RPC, RpcFault, type RpcRequest, toResult } from "./jsonrpc.ts";
import { concerns, type ListListener } from "./list_news.ts";
import type { MethodOptions } from "./method.ts";
import type { Surface } from "./surface.ts";

const SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId";
const MAX_URIS = 1_000;

/** The filter key of each list. */
const FILTERS: Readonly<Record<ListKind, string>> = {
  tools: "toolsListChanged",
  prompts: "promptsListChanged",
  resources: "resourcesListChanged",
};

/** What a client listens for, where, and until when. */
export interface ListenContext {
  readonly clock: Clock;
  readonly scope: Scope;
  readonly surface: Surface;
  readonly owner: string;
  readonly signal: AbortSignal;
  /** Aborted when the gateway stops; listeners are told. */
  readonly stopping: AbortSignal;
  /** Calls the listener once for a burst of changes of one list. */
  readonly onListChange: (listener: ListListener) => Disposable;
}

/**
 * Serves one listening client until it leaves or the gateway stops.
 *
 * The first message says what is listened for in fact: what nobody behind the
 * endpoint can tell of is left out.
 *
 * @throws {RpcFault} For params that are none.
 */
export async function serveListen(
  { relay, exposures }: MethodOptions,
  request: RpcRequest,
  context: ListenContext,
): Promise<Response> {
  const filter = request.params?.notifications;
  if (!isRecord(filter)) {
    throw new RpcFault(RPC.invalidParams, 'Invalid params: "notifications" must be an object', {
      status: 400,
    });
  }
  const meta = { [SUBSCRIPTION_KEY]: request.id };
  await using undo = new AsyncDisposableStack();
  const { scope, clock, surface, owner } = context;
  const stream = openStream(clock, { onGone: () => void owned.disposeAsync() });
  const say = (method: string, params: unknown = {}) =>
    stream.write(toEvent({
      jsonrpc: "2.0",
      method,
      params: { ...isRecord(params) ? params : {}, _meta: { ...metaOf(params), ...meta } },
    }));
  const kinds = listened(filter, surface);
  const early: (() => void)[] = [];
  let acknowledged = false;
  const soon = (act: () => void) => acknowledged ? act() : void early.push(act);
  const look = () => exposures.of({ surface, scope, owner, profile: undefined, client: undefined });
  let seen = look();
  const change = () => ({ before: seen, now: seen = look() });
  undo.use(context.onListChange((kind, servers, said) => {
    if (!kinds.includes(kind) || ![...servers].some((name) => scope.includes(name))) return;
    if (!concerns(surface, { kind, said }, change)) return;
    soon(() => say(`notifications/${kind}/list_changed`));
  }));
  const uris = await subscribe(relay, { ...context, uris: urisIn(filter) }, {
    undo,
    onUpdate: (params) => soon(() => say("notifications/resources/updated", params)),
  });
  const stop = () => {
    stream.write(toEvent(toResult(request.id, { resultType: "complete", _meta: meta })));
    stream.close();
    void owned.disposeAsync();
  };
  context.stopping.addEventListener("abort", stop, { once: true });
  undo.defer(() => context.stopping.removeEventListener("abort", stop));
  say("notifications/subscriptions/acknowledged", { notifications: acknowledgement(filter, kinds, uris) });
  acknowledged = true;
  for (const act of early) act();
  const owned = undo.move();
  if (context.stopping.aborted) stop();
  return stream.response;
}

function listened(filter: Readonly<Record<string, unknown>>, { mode, adapts }: Surface): ListKind[] {
  const kinds: ListKind[] = ["tools", "prompts", "resources"];
  // The gateway's own tools do not change with the servers.
  const isFixed = (kind: ListKind) => kind === "tools" && mode !== "direct" && mode !== "server" && !adapts;
  return kinds.filter((kind) => filter[FILTERS[kind]] === true && !isFixed(kind));
}

function urisIn({ resourceSubscriptions }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(resourceSubscriptions)) return [];
  return resourceSubscriptions.filter((uri): uri is string => typeof uri === "string").slice(0, MAX_URIS);
}

/** Subscribes to what can be subscribed to, and gives back the URIs of that. */
async function subscribe(
  relay: MethodOptions["relay"],
  { uris, scope, signal }: {
    readonly uris: readonly string[];
    readonly scope: Scope;
    readonly signal: AbortSignal;
  },
  { undo, onUpdate }: { readonly undo: AsyncDisposableStack; readonly onUpdate: (params: unknown) => void },
): Promise<string[]> {
  const taken = await Promise.all(uris.map(async (uri) => {
    try {
      const ref = await relay.findResource(scope, uri, signal);
      const listener = (params: unknown) =>
        onUpdate(isRecord(params) && params.uri === ref.uri ? { ...params, uri } : params);
      await relay.subscriptions.add(ref, listener);
      undo.defer(() => relay.subscriptions.remove(ref, listener));
      return uri;
    } catch {
      return undefined; // the acknowledgement says that it is not listened to
    }
  }));
  return taken.filter((uri) => uri !== undefined);
}

function acknowledgement(
  filter: Readonly<Record<string, unknown>>,
  kinds: readonly ListKind[],
  uris: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    ...Object.fromEntries(kinds.map((kind) => [FILTERS[kind], true])),
    ...(filter.resourceSubscriptions === undefined ? {} : { resourceSubscriptions: uris }),
  };
}

function metaOf(params: unknown): Readonly<Record<string, unknown>> {
  return isRecord(params) && isRecord(params._meta) ? params._meta : {};
}
