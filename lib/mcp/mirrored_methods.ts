/**
 * The methods of an endpoint that stands for one server: everything goes
 * there as it is, and comes back as it is.
 *
 * @module
 */

import type { ToolAnnotations, ToolResult } from "../contracts/mod.ts";
import { mirroredCapabilities } from "./capabilities.ts";
import { MODERN_VERSIONS, negotiateLegacy, SERVER_KEY } from "./era.ts";
import { requireHarmless } from "./harmless.ts";
import { isRecord, RPC, RpcFault } from "./jsonrpc.ts";
import { MERGED, requireMirrored } from "./merged_methods.ts";
import type { Method, MethodContext, MethodOptions } from "./method.ts";
import { ownTasksOf, requireOwnTask } from "./own_tasks.ts";
import { unknownTool } from "./own_tools.ts";

/** The methods that need more than being passed on. */
export const MIRRORED: Readonly<Record<string, Method>> = {
  "initialize": async (options, context) => {
    const facts = await factsOf(options, context);
    const words = wordsOf(options, facts.instructions);
    return {
      protocolVersion: negotiateLegacy(context.params.protocolVersion),
      capabilities: mirroredCapabilities(facts.capabilities, facts.era, "legacy"),
      serverInfo: facts.serverInfo,
      ...(words === undefined ? {} : { instructions: words }),
    };
  },
  "server/discover": async (options, context) => {
    const facts = await factsOf(options, context);
    const words = wordsOf(options, facts.instructions);
    return {
      supportedVersions: MODERN_VERSIONS,
      capabilities: mirroredCapabilities(facts.capabilities, facts.era, "modern"),
      ...(words === undefined ? {} : { instructions: words }),
      ttlMs: 0,
      cacheScope: "private",
      _meta: { [SERVER_KEY]: facts.serverInfo },
    };
  },
  "ping": () => ({}),
  "tools/list": listTools,
  "tools/call": callTool,
  // Shared by all clients of a server, so they go the same way as everywhere.
  "resources/subscribe": asEverywhere,
  "resources/unsubscribe": asEverywhere,
  "logging/setLevel": asEverywhere,
};

/** The server decides what it knows: a method of tomorrow is passed on today. */
export const passOn: Method = (options, context, method) =>
  passTo(options, context, { server: serverOf(context), method });

/** Passes a method of which nothing is known here on to a server. */
export async function passTo(
  { relay }: MethodOptions,
  context: MethodContext,
  { server, method }: { readonly server: string; readonly method: string },
): Promise<unknown> {
  const { scope, params, caller } = context;
  requireHarmless(scope, method);
  const question = { relay, caller, server, method };
  requireOwnTask(question, params.taskId);
  return ownTasksOf(question, await relay.forward({ server, method, params }, context));
}

function serverOf({ surface }: MethodContext): string {
  return surface.server ?? "";
}

function factsOf({ relay }: MethodOptions, context: MethodContext) {
  return relay.facts(serverOf(context), context);
}

/** The words of whoever runs the gateway come before those of the server. */
function wordsOf({ config }: MethodOptions, theirs: string | undefined): string | undefined {
  const own = config().instructions;
  if (own === "") return theirs;
  return theirs === undefined ? own : `${own}\n\n${theirs}`;
}

/** The server's own list, without what the client may not use; what is known of it while it is down. */
async function listTools(options: MethodOptions, context: MethodContext, method: string): Promise<unknown> {
  const { relay } = options;
  const server = serverOf(context);
  const result = await relay.forward({ server, method, params: context.params }, context).catch((error) => {
    const known = context.params.cursor === undefined ? relay.knownTools(context.scope, server) : undefined;
    if (known === undefined || context.signal.aborted || !relay.isDown(server)) throw error;
    return { tools: known };
  });
  if (!isRecord(result) || !Array.isArray(result.tools)) return result;
  const isVisible = (tool: unknown) =>
    isRecord(tool) && typeof tool.name === "string" &&
    relay.isVisibleTool(context.scope, server, { name: tool.name, annotations: annotationsOf(tool) });
  return result.tools.every(isVisible) ? result : { ...result, tools: result.tools.filter(isVisible) };
}

function annotationsOf({ annotations }: Readonly<Record<string, unknown>>): ToolAnnotations | undefined {
  return isRecord(annotations) ? annotations : undefined;
}

async function callTool(options: MethodOptions, context: MethodContext): Promise<ToolResult> {
  const { relay } = options;
  const { params, scope } = context;
  const server = serverOf(context);
  const { name } = params;
  if (typeof name !== "string") {
    throw new RpcFault(RPC.invalidParams, 'Invalid params: "name" must be a string');
  }
  // A tool that is not in the list is not there, whatever the server would do with its name.
  if (relay.hasTool(scope, { server, tool: name }) === false) {
    throw unknownTool(options, context, { name, args: params.arguments });
  }
  const ref = { server, tool: name };
  requireMirrored(options, context, ref);
  return await relay.callTool(ref, params, context);
}

function asEverywhere(options: MethodOptions, context: MethodContext, method: string): unknown {
  return MERGED[method]?.(options, context, method);
}
