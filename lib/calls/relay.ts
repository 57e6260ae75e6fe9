import {
  type Config,
  didYouMean,
  GatewayError,
  type ToolDefinition,
  type ToolRef,
  type ToolResult,
  toToolId,
} from "../contracts/mod.ts";
import type { ConnectionFacts, Runtime } from "../runtime/mod.ts";
import type { Offer, OfferKind } from "../upstream/mod.ts";
import { withAcceptedWords } from "./accepted.ts";
import { createDirectTools } from "./direct.ts";
import { clientOf, type Discoveries } from "./discoveries.ts";
import type { CallContext, DispatchOptions } from "./context.ts";
import { dispatchCall } from "./dispatch.ts";
import type { ForwardRequest } from "./forward.ts";
import { forwardTracked } from "./forward_tracked.ts";
import { isAllowed, isExposed, visibleTools } from "./inventory.ts";
import { LIST_CHANGED, type ListChangeListener, onListChange } from "./list_changes.ts";
import { type ListCost, listCost } from "./list_cost.ts";
import { shapeDirect } from "./long_results.ts";
import { createNameMap, type NameMap } from "./names.ts";
import { type KnownOffer, openOffers } from "./offers.ts";
import { headerProblem } from "./header_problem.ts";
import { interfacesOf } from "./interfaces.ts";
import { locateResource, type ResourceRef, withUniqueUris } from "./resources.ts";
import { narrow, type Scope } from "./scope.ts";
import { openSubscriptions, type Subscriptions } from "./subscriptions.ts";
import { createTasks } from "./tasks.ts";

type Params = Readonly<Record<string, unknown>>;

/** A list put together from several servers. */
export interface MergedList {
  readonly entries: readonly Offer[];
  /** Servers that could not be asked, so that a short list is never mistaken for a whole one. */
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** What of a listed tool decides whether it is shown. */
export type ListedTool = Pick<ToolDefinition, "name" | "annotations">;

/** A server in view. */
export interface ServerFacts {
  readonly name: string;
  /** `undefined` as long as it is not ready. */
  readonly connection: ConnectionFacts | undefined;
}

/**
 * What servers offer, passed on to clients and back: many servers as if they
 * were one, or one as it is.
 */
export interface Relay extends Disposable {
  /** The servers of a scope that clients may know of. */
  servers(scope: Scope): readonly ServerFacts[];
  /** Tells whether there is a server of this name that clients may know of. */
  hasServer(name: string): boolean;
  /** Facts of one server, woken if need be. @throws {GatewayError} */
  facts(server: string, context: CallContext): Promise<ConnectionFacts>;
  /** Every tool under its direct name. */
  listTools(scope: Scope): readonly ToolDefinition[];
  /** What listing every tool costs, as far as it is not more than `most` tokens. */
  listCost(scope: Scope, most: number): ListCost;
  /** The tool behind a direct name; `undefined` if there is none. */
  findTool(scope: Scope, name: string): ToolRef | undefined;
  /**
   * Checks the headers that mirror arguments of a tool.
   *
   * @param read Gives the text that a header mirrors, `null` if it is absent, `undefined` if it is broken.
   * @returns Words about what is wrong; `undefined` if nothing is.
   */
  headerProblem(
    ref: ToolRef,
    args: unknown,
    read: (header: string) => string | null | undefined,
  ): string | undefined;
  /** Tells whether a tool of a server may be listed. */
  isVisibleTool(scope: Scope, server: string, tool: ListedTool): boolean;
  /** Calls a tool with the client's own params. @throws {UpstreamRpcError} The server's own error. */
  callTool(ref: ToolRef, params: Params, context: CallContext): Promise<ToolResult>;
  /** Shortens a result that is too long for a direct call, if the config sets a limit for those. */
  shorten(ref: ToolRef, result: ToolResult, context: CallContext): ToolResult;
  /** The last known tools of a server, as far as they are allowed; `undefined` if nobody has listed them. */
  knownTools(scope: Scope, server: string): readonly ToolDefinition[] | undefined;
  /** Tells whether a server has a tool that may be used; `undefined` if nobody has listed its tools. */
  hasTool(scope: Scope, ref: ToolRef): boolean | undefined;
  /** Tells whether a server cannot be reached now. */
  isDown(server: string): boolean;
  /** The server of a task that this caller has started. */
  serverOfTask(taskId: string, owner: string): string | undefined;
  listPrompts(scope: Scope, signal: AbortSignal): Promise<MergedList>;
  /** @throws {GatewayError} MCPX_INVALID_INPUT if there is no prompt of this name. */
  findPrompt(scope: Scope, name: string, signal: AbortSignal): Promise<ToolRef>;
  listResources(
    scope: Scope,
    kind: "resources" | "resourceTemplates",
    signal: AbortSignal,
  ): Promise<MergedList>;
  /** @throws {GatewayError} MCPX_INVALID_INPUT if it belongs to no server, or to several. */
  findResource(scope: Scope, uri: string, signal: AbortSignal): Promise<ResourceRef>;
  /** Passes any request on. @throws {UpstreamRpcError | GatewayError} */
  forward(request: ForwardRequest, context: CallContext): Promise<unknown>;
  readonly subscriptions: Subscriptions;
  /** Told of each list that may have changed. */
  onListChange(listener: ListChangeListener): Disposable;
  /** Told of everything else that servers say to nobody in particular. */
  onMessage(listener: (server: string, message: { method: string; params?: unknown }) => void): Disposable;
  /** Tells the servers that hold a connection of their own for this client. */
  notifyFor(peerId: string, method: string, params?: Params): void;
  /** A client has gone. */
  endPeer(peerId: string): void;
}

const CHANGE_OF_RESOURCE = "notifications/resources/updated";

/** What the relay is built from. */
export interface RelayOptions extends DispatchOptions {
  /** Hears of calls by names from the list of all tools; nobody when absent. */
  readonly discoveries?: Pick<Discoveries, "called">;
}

/** Opens the relay. */
export function openRelay(options: RelayOptions): Relay {
  const { runtime, platform } = options;
  const limit = () => nameLimit(options.config());
  const direct = createDirectTools(limit);
  const offers = openOffers({ runtime, clock: platform.clock });
  const subscriptions = openSubscriptions(runtime);
  const tasks = createTasks();

  const within = (scope: Scope): Runtime => narrow(runtime, scope);

  async function promptNames(
    scope: Scope,
    signal: AbortSignal,
  ): Promise<{ names: NameMap; offers: readonly KnownOffer[]; failed: MergedList["failed"] }> {
    const list = await offers.list(within(scope), "prompts", signal);
    return { names: createNameMap(list.offers.map(toRef), limit()), ...list };
  }

  async function resourceFacts(scope: Scope, signal: AbortSignal) {
    const runtime = within(scope);
    const ask = async (kind: OfferKind) => (await offers.list(runtime, kind, signal)).offers;
    const [resources, templates] = await Promise.all([ask("resources"), ask("resourceTemplates")]);
    const servers = [...runtime.view().servers]
      .filter(([, record]) => isExposed(record) && record.connection?.capabilities.resources !== undefined)
      .map(([name]) => name);
    return { resources, templates, servers, interfaces: interfacesOf(visibleTools(runtime)) };
  }

  return {
    servers: (scope) =>
      [...within(scope).view().servers]
        .filter(([, record]) => isExposed(record))
        .map(([name, { connection }]) => ({ name, connection })),
    hasServer(name) {
      const record = runtime.view().servers.get(name);
      return record !== undefined && isExposed(record);
    },
    async facts(server, context) {
      const runtime = narrow(options.runtime, context.scope);
      if (!isExposed(runtime.server(server))) throw notThere(server);
      const connection = await runtime.use(
        server,
        { signal: context.signal, waitMs: 30_000, peer: context.peer },
        (connection) => Promise.resolve(connection),
      );
      return await withAcceptedWords(runtime, server, connection);
    },
    listTools: (scope) => direct.list(within(scope)),
    listCost: (scope, most) => listCost(within(scope), most),
    findTool: (scope, name) => direct.find(within(scope), name),
    headerProblem(ref, args, read) {
      const definition = runtime.catalogue.get(ref.server)?.byName.get(ref.tool);
      return definition === undefined ? undefined : headerProblem(definition, args, read);
    },
    isVisibleTool: (scope, server, tool) => {
      const record = within(scope).view().servers.get(server);
      if (record === undefined || !isExposed(record) || !isAllowed(record.config, tool.name)) return false;
      return scope.permits?.(tool.annotations) ?? true;
    },
    async callTool(ref, params, context) {
      const call = { ...ref, variant: undefined, args: toArguments(params), relayed: params };
      options.discoveries?.called(clientOf(context), toToolId(ref.server, ref.tool), "listed");
      const result = await dispatchCall(options, call, context);
      tasks.learn(result, ref.server, context.caller.label);
      return result;
    },
    shorten: (ref, result, context) => shapeDirect(options, result, { ...ref, context }),
    knownTools(scope, server) {
      const record = within(scope).view().servers.get(server);
      if (record === undefined || !isExposed(record)) return undefined;
      return within(scope).catalogue.get(server)?.tools.filter((tool) => isAllowed(record.config, tool.name));
    },
    hasTool(scope, { server, tool }) {
      const record = within(scope).view().servers.get(server);
      const listed = within(scope).catalogue.get(server);
      if (record === undefined || !isExposed(record) || listed === undefined) return undefined;
      return listed.byName.has(tool) && isAllowed(record.config, tool);
    },
    isDown: (server) => runtime.view().servers.get(server)?.state.state !== "ready",
    serverOfTask: (taskId, owner) => tasks.serverOf(taskId, owner),
    async listPrompts(scope, signal) {
      const { names, offers, failed } = await promptNames(scope, signal);
      const entries = offers.map((one) => ({ ...one.offer, name: names.nameOf(toRef(one)) ?? "" }));
      return { entries: entries.sort(byName), failed };
    },
    async findPrompt(scope, name, signal) {
      const { names } = await promptNames(scope, signal);
      const ref = names.byName.get(name);
      if (ref !== undefined) return ref;
      throw notFound("prompt", name, didYouMean(name, names.byName.keys()));
    },
    async listResources(scope, kind, signal) {
      const list = await offers.list(within(scope), kind, signal);
      const entries = withUniqueUris(list.offers, kind === "resources" ? "uri" : "uriTemplate");
      return { entries, failed: list.failed };
    },
    async findResource(scope, uri, signal) {
      const found = locateResource(uri, await resourceFacts(scope, signal));
      const [first, second] = found;
      if (first === undefined) throw notFound("resource", uri, "");
      if (second === undefined) return first;
      const servers = found.map(({ server }) => `"${server}"`).join(" and ");
      throw new GatewayError(
        "MCPX_INVALID_INPUT",
        `Cannot read resource "${uri.slice(0, 300)}": servers ${servers} have it`,
        {
          remedy: "Use the URI that resources/list gives, which names the server",
        },
      );
    },
    async forward(request, context) {
      const result = await forwardTracked(options, request, context);
      tasks.learn(result, request.server, context.caller.label);
      return result;
    },
    subscriptions,
    onListChange: (listener) => onListChange(runtime, listener),
    onMessage: (listener) =>
      runtime.onMessage((server, message) => {
        if (LIST_CHANGED.test(message.method) || message.method === CHANGE_OF_RESOURCE) return;
        listener(server, message);
      }),
    notifyFor: (peerId, method, params) => runtime.notifyFor(peerId, method, params),
    endPeer: (peerId) => runtime.endPeer(peerId),
    [Symbol.dispose]() {
      offers[Symbol.dispose]();
      subscriptions[Symbol.dispose]();
    },
  };
}

function nameLimit(config: Config): number {
  return config.tool_name_limit;
}

function toArguments({ arguments: args }: Params): Params {
  return typeof args === "object" && args !== null ? args as Params : {}; // checked where it was read
}

function toRef({ server, offer }: KnownOffer): ToolRef {
  return { server, tool: String(offer.name) };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function notFound(what: string, name: string, hint: string): GatewayError {
  return new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot find ${what} "${name.slice(0, 300)}": no server has it${hint}`,
  );
}

function notThere(server: string): GatewayError {
  return new GatewayError(
    "MCPX_SERVER_NOT_FOUND",
    `Cannot find server "${server}": no server has this name`,
    {
      details: { server },
    },
  );
}
