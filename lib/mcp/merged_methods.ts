/**
 * The methods of endpoints that stand for many servers.
 *
 * @module
 */

import type { ToolDefinition, ToolRef, ToolResult } from "../contracts/mod.ts";
import { BUILTIN_PROMPTS, getBuiltinPrompt, isBuiltinPrompt } from "./builtin_prompts.ts";
import { unitedCapabilities } from "./capabilities.ts";
import { decodeMirrored, MODERN_VERSIONS, negotiateLegacy } from "./era.ts";
import { isRecord, RPC, RpcFault } from "./jsonrpc.ts";
import type { Method, MethodContext, MethodOptions } from "./method.ts";
import { callOwnTool, instructionsFor, isOwnTool, ownTools, toViewer, unknownTool } from "./own_tools.ts";
import { onRecord } from "./on_record.ts";
import { pageOf } from "./pages.ts";
import { LEVELS } from "./sessions.ts";

type Params = Readonly<Record<string, unknown>>;

/** Of one session; each is told of by a server that may be asked for as many. */
const MAX_SUBSCRIPTIONS = 1_000;
/** Own tools change only with the program itself. */
const OWN_LIST_TTL_MS = 3_600_000;

/** Every method by its name. */
export const MERGED: Readonly<Record<string, Method>> = {
  "initialize": (options, context) => ({
    protocolVersion: negotiateLegacy(context.params.protocolVersion),
    capabilities: capabilities(options, context),
    serverInfo: serverInfo(options),
    instructions: instructionsFor(options, context),
  }),
  "server/discover": (options, context) => ({
    supportedVersions: MODERN_VERSIONS,
    capabilities: capabilities(options, context),
    instructions: instructionsFor(options, context),
    ttlMs: 0,
    cacheScope: "private",
  }),
  "ping": () => ({}),
  "tools/list": listTools,
  "tools/call": callTool,
  "prompts/list": listPrompts,
  "prompts/get": getPrompt,
  "resources/list": listResources("resources", "uri"),
  "resources/templates/list": listResources("resourceTemplates", "uriTemplate"),
  "resources/read": async (options, context, method) => {
    const ref = await onRecord("resource_read", options, context, () => findResource(options, context));
    return await forward(options, context, {
      server: ref.server,
      method,
      params: { ...context.params, uri: ref.uri },
    });
  },
  "resources/subscribe": async (options, context) => {
    const ref = await findResource(options, context);
    const { session } = context;
    const uri = String(context.params.uri);
    const key = `subscribe ${uri}`;
    if (session === undefined || session.subscriptions.has(key)) return {};
    if (session.subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new RpcFault(
        RPC.invalidParams,
        `Invalid params: a session has ${MAX_SUBSCRIPTIONS} subscriptions at most`,
      );
    }
    // The client knows the resource by the URI it has asked for.
    const listener = (params: unknown) =>
      session.peer.notify({
        method: "notifications/resources/updated",
        params: isRecord(params) && params.uri === ref.uri ? { ...params, uri } : params,
      });
    await options.relay.subscriptions.add(ref, listener);
    const undo = () => void options.relay.subscriptions.remove(ref, listener);
    session.subscriptions.set(key, undo);
    session.onEnd.add(undo);
    return {};
  },
  "resources/unsubscribe": (_options, { session, params }) => {
    const key = `subscribe ${typeof params.uri === "string" ? params.uri : ""}`;
    const undo = session?.subscriptions.get(key);
    if (undo !== undefined) {
      session?.subscriptions.delete(key);
      session?.onEnd.delete(undo);
      undo();
    }
    return {};
  },
  "completion/complete": complete,
  "logging/setLevel": async (options, context, method) => {
    const { params, session } = context;
    if (typeof params.level !== "string" || !LEVELS.includes(params.level)) {
      throw new RpcFault(RPC.invalidParams, `Invalid params: level must be one of ${LEVELS.join(", ")}`);
    }
    if (session !== undefined) session.logLevel = params.level;
    const able = options.relay.servers(context.scope)
      .filter(({ connection }) =>
        connection?.capabilities.logging !== undefined && connection.era === "legacy"
      );
    // Each client still gets no more than it asked for; a server that refuses loses only its own messages.
    await Promise.allSettled(
      able.map(({ name }) => forward(options, context, { server: name, method, params })),
    );
    return {};
  },
  "tasks/get": forwardTask,
  "tasks/update": forwardTask,
  "tasks/cancel": forwardTask,
  "tasks/result": forwardTask,
};

function capabilities({ relay, config }: MethodOptions, { era, scope, surface }: MethodContext) {
  const { enable_prompts, aggregate_upstream_prompts } = config();
  const isDirect = surface.mode === "direct";
  return unitedCapabilities({
    era,
    servers: relay.servers(scope),
    toolsChange: isDirect || surface.adapts === true,
    ownPrompts: enable_prompts && !isDirect,
    serverPrompts: isDirect || (enable_prompts && aggregate_upstream_prompts),
  });
}

/** Who the gateway is. */
export function serverInfo({ version }: Pick<MethodOptions, "version">) {
  return { name: "mcpproxy", title: "mcpproxy", version };
}

function listTools(options: MethodOptions, context: MethodContext): unknown {
  const { surface, scope, params, era, session } = context;
  const own = ownTools(options, context);
  const exposure = options.exposures.of(toViewer(context));
  if (session !== undefined) session.exposure = exposure;
  if (exposure === "search") return { tools: own, ...cache(era, surface.adapts ? 0 : OWN_LIST_TTL_MS) };
  const all: readonly ToolDefinition[] = [...own, ...options.relay.listTools(scope)];
  // The gateway's own come first; they are few and have an order of their own.
  const { entries, nextCursor } = pageOf(all, params, (tool) => own.includes(tool) ? "" : tool.name);
  return { tools: entries, ...(nextCursor === undefined ? {} : { nextCursor }), ...cache(era, 0) };
}

/** Lists of this gateway depend on who asks. */
function cache(era: MethodContext["era"], ttlMs: number) {
  return era === "modern" ? { ttlMs, cacheScope: "private" } : {};
}

async function callTool(options: MethodOptions, context: MethodContext): Promise<ToolResult> {
  const { params, surface, scope } = context;
  const { name, arguments: args = {} } = params;
  if (typeof name !== "string") {
    throw new RpcFault(RPC.invalidParams, 'Invalid params: "name" must be a string');
  }
  if (!isRecord(args)) throw new RpcFault(RPC.invalidParams, 'Invalid params: "arguments" must be an object');
  const isOwn = isOwnTool(options, surface, name);
  // A client may still have the list of a moment ago, so where lists change both kinds of names are taken.
  const takesDirect = surface.mode === "direct" || surface.adapts === true;
  const ref = isOwn || !takesDirect ? undefined : options.relay.findTool(scope, name);
  if (ref === undefined && surface.mode === "direct" && !isOwn) {
    throw unknownTool(options, context, { name, args });
  }
  if (ref === undefined) return await callOwnTool(options, context, { name, args });
  requireMirrored(options, context, ref);
  return options.relay.shorten(ref, await options.relay.callTool(ref, params, context), context);
}

/** Modern clients mirror some arguments into headers; what disagrees is refused before anybody acts on it. */
export function requireMirrored({ relay }: MethodOptions, context: MethodContext, ref: ToolRef): void {
  if (context.era === "legacy") return;
  const problem = relay.headerProblem(ref, context.params.arguments, (name) => {
    const value = context.header(name);
    return value === null ? null : decodeMirrored(value);
  });
  if (problem === undefined) return;
  throw new RpcFault(RPC.headerMismatch, `Bad Request: headers and body disagree: ${problem}`, {
    status: 400,
  });
}

async function listPrompts(options: MethodOptions, context: MethodContext): Promise<unknown> {
  const own = hasOwnPrompts(options, context) ? BUILTIN_PROMPTS : [];
  const servers = hasServerPrompts(options, context)
    ? await options.relay.listPrompts(context.scope, context.signal)
    : { entries: [], failed: [] };
  const all = [...own, ...servers.entries];
  const { entries, nextCursor } = pageOf(all, context.params, ({ name }) => String(name), Infinity);
  return {
    prompts: entries,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...partial(servers.failed),
    ...cache(context.era, 0),
  };
}

function hasOwnPrompts({ config }: MethodOptions, { surface }: MethodContext): boolean {
  return config().enable_prompts && surface.mode !== "direct";
}

function hasServerPrompts({ config }: MethodOptions, { surface }: MethodContext): boolean {
  return surface.mode === "direct" || (config().enable_prompts && config().aggregate_upstream_prompts);
}

async function getPrompt(options: MethodOptions, context: MethodContext, method: string): Promise<unknown> {
  const { params } = context;
  const { name, arguments: args = {} } = params;
  if (typeof name !== "string") {
    throw new RpcFault(RPC.invalidParams, 'Invalid params: "name" must be a string');
  }
  if (hasOwnPrompts(options, context)) {
    const own = isBuiltinPrompt(name)
      ? await options.calls.watch(
        { type: "prompt_get", tool_name: name, arguments: args },
        context,
        () => getBuiltinPrompt(name, isRecord(args) ? args : {}),
      )
      : undefined;
    if (own !== undefined) return own;
  }
  const ref = await onRecord("prompt_get", options, context, () => {
    if (hasServerPrompts(options, context)) {
      return options.relay.findPrompt(context.scope, name, context.signal);
    }
    throw new RpcFault(RPC.invalidParams, `Unknown prompt: ${name.slice(0, 200)}`);
  });
  return await forward(options, context, {
    server: ref.server,
    method,
    params: { ...params, name: ref.tool },
  });
}

function listResources(kind: "resources" | "resourceTemplates", field: string): Method {
  return async (options, context) => {
    const { entries, failed } = await options.relay.listResources(context.scope, kind, context.signal);
    const sorted = [...entries].sort((a, b) => compare(String(a[field]), String(b[field])));
    const page = pageOf(sorted, context.params, (entry) => String(entry[field]));
    return {
      [kind]: page.entries,
      ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
      ...partial(failed),
      ...cache(context.era, 0),
    };
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names the servers that are missing from a list, so that it is not mistaken for a whole one. */
function partial(failed: readonly { readonly name: string; readonly error: string }[]): Params {
  return failed.length === 0 ? {} : { _meta: { "io.mcpproxy/partial": { failed_servers: failed } } };
}

async function findResource(options: MethodOptions, { params, scope, signal }: MethodContext) {
  const { uri } = params;
  if (typeof uri !== "string") {
    throw new RpcFault(RPC.invalidParams, 'Invalid params: "uri" must be a string');
  }
  return await options.relay.findResource(scope, uri, signal);
}

async function complete(options: MethodOptions, context: MethodContext, method: string): Promise<unknown> {
  const { params, scope, signal } = context;
  const { ref } = params;
  if (isRecord(ref) && ref.type === "ref/prompt" && typeof ref.name === "string") {
    if (isBuiltinPrompt(ref.name)) {
      return { completion: { values: [], total: 0 } };
    }
    const { server, tool } = await options.relay.findPrompt(scope, ref.name, signal);
    return await forward(options, context, {
      server,
      method,
      params: { ...params, ref: { ...ref, name: tool } },
    });
  }
  if (isRecord(ref) && ref.type === "ref/resource" && typeof ref.uri === "string") {
    const { server, uri } = await options.relay.findResource(scope, ref.uri, signal);
    return await forward(options, context, { server, method, params: { ...params, ref: { ...ref, uri } } });
  }
  throw new RpcFault(RPC.invalidParams, "Invalid params: ref must be a ref/prompt or a ref/resource");
}

async function forwardTask(options: MethodOptions, context: MethodContext, method: string): Promise<unknown> {
  const { taskId } = context.params;
  const server = typeof taskId === "string"
    ? options.relay.serverOfTask(taskId, context.caller.label)
    : undefined;
  if (server === undefined) throw new RpcFault(RPC.invalidParams, "Invalid params: no such task");
  return await forward(options, context, { server, method, params: context.params });
}

function forward(
  { relay }: MethodOptions,
  context: MethodContext,
  request: { readonly server: string; readonly method: string; readonly params: Params },
): Promise<unknown> {
  return relay.forward(request, context);
}
