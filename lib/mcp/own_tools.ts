import { didYouMean, GatewayError, type ToolDefinition, type ToolResult } from "../contracts/mod.ts";
import { EVERYTHING, intersect, onlyServers, toErrorResult } from "../calls/mod.ts";
import type { Viewer } from "./exposure.ts";
import type { MethodContext, MethodOptions } from "./method.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";
import type { Surface } from "./surface.ts";

type Arguments = Readonly<Record<string, unknown>>;

const SEARCH_INSTRUCTIONS = [
  "This server stands in front of many MCP servers.",
  "To do a task, first call retrieve_tools with a few words about it.",
  "Then call the tool you chose with the tool named in its call_with (call_tool_read, call_tool_write or call_tool_destructive), passing name as server:tool and args.",
  "describe_tool gives the whole schema of a tool that came as a signature.",
].join(" ");
const DIRECT_INSTRUCTIONS =
  "This server stands in front of many MCP servers. Their tools are named server__tool; call them directly.";
const BOTH_INSTRUCTIONS = [
  "This server stands in front of other MCP servers.",
  "Their tools are listed as server__tool; call them directly.",
  "Should the list be too long one day, retrieve_tools finds tools and call_tool_read, call_tool_write or call_tool_destructive calls them.",
].join(" ");
const CODE_INSTRUCTIONS = [
  "This server stands in front of many MCP servers.",
  "Find tools with retrieve_tools; code_execution is meant to call several of them from one script.",
].join(" ");

const SET_PROFILE: ToolDefinition = {
  name: "set_profile",
  title: "Choose a profile",
  description:
    "Limit this session to the servers of a profile. An empty profile gives all servers back. Tools of other servers are then not found.",
  inputSchema: {
    type: "object",
    properties: { profile: { type: "string", description: "Name of the profile; empty for all servers" } },
    required: ["profile"],
  },
  annotations: {
    title: "Choose a profile",
    readOnlyHint: false,
    destructiveHint: false,
    openWorldHint: false,
  },
};

const CODE_EXECUTION: ToolDefinition = {
  name: "code_execution",
  title: "Run a script (disabled)",
  description: "(Disabled) Would run a script that calls several tools. It is not part of this version.",
  inputSchema: {
    type: "object",
    properties: { code: { type: "string", description: "The script" } },
    required: ["code"],
  },
  annotations: { title: "Run a script (disabled)", readOnlyHint: false, openWorldHint: true },
};

const READ_CACHE = "read_cache";
const ON_CODE = new Set(["retrieve_tools"]);

/** The gateway's own tools at an endpoint. */
export function ownTools(
  { calls, config, agentTools }: MethodOptions,
  { surface, caller }: Pick<MethodContext, "surface" | "caller">,
): readonly ToolDefinition[] {
  const { mode } = surface;
  // Where results of direct calls are shortened, the rest can be read.
  if (mode === "direct" && config().tool_response_limit_direct === 0) return [];
  if (mode === "direct") return calls.ownTools.filter(({ name }) => name === READ_CACHE);
  const choose = mayChoose(surface, caller) ? [SET_PROFILE] : [];
  if (mode !== "code") return [...calls.ownTools, ...choose, ...agentTools?.list(caller) ?? []];
  return [...calls.ownTools.filter(({ name }) => ON_CODE.has(name)), CODE_EXECUTION, ...choose];
}

/** Tells whether a name is that of one of the gateway's own tools at an endpoint. */
export function isOwnTool(
  { calls, config, agentTools }: MethodOptions,
  { mode }: Surface,
  name: string,
): boolean {
  if (mode === "direct") return name === READ_CACHE && config().tool_response_limit_direct > 0;
  return calls.isOwn(name) || agentTools?.has(name) === true || name === SET_PROFILE.name ||
    name === CODE_EXECUTION.name;
}

/** Where the endpoint or the token names the profile there is none to choose. */
function mayChoose({ profile }: Surface, { scope }: MethodContext["caller"]): boolean {
  return profile === undefined && scope?.profile === undefined;
}

/** Words for the agent; those of the config take the place of ours. */
export function instructionsFor({ config, exposures }: MethodOptions, context: MethodContext): string {
  const own = config().instructions;
  const { mode } = context.surface;
  if (own !== "") return own;
  if (mode === "direct") return DIRECT_INSTRUCTIONS;
  if (mode === "code") return CODE_INSTRUCTIONS;
  return exposures.of(toViewer(context)) === "direct" ? BOTH_INSTRUCTIONS : SEARCH_INSTRUCTIONS;
}

/** Who looks at the tools. */
export function toViewer({ surface, scope, caller, session }: MethodContext): Viewer {
  return {
    surface,
    scope,
    owner: caller.label,
    profile: session?.profile,
    client: session?.facts.client.name,
  };
}

/**
 * Calls one of the gateway's own tools.
 *
 * @throws {RpcFault} If the endpoint has no such tool.
 */
export async function callOwnTool(
  options: MethodOptions,
  context: MethodContext,
  { name, args }: { readonly name: string; readonly args: Arguments },
): Promise<ToolResult> {
  const { surface } = context;
  const { calls, agentTools } = options;
  const subject = { type: "internal_tool_call", tool_name: name, arguments: args } as const;
  if (name === SET_PROFILE.name && mayChoose(surface, context.caller)) {
    return await told(context, () => calls.watch(subject, context, () => setProfile(options, context, args)));
  }
  if (surface.mode === "code" && name === CODE_EXECUTION.name) {
    return await told(context, () => calls.watch(subject, context, codeIsDisabled));
  }
  if (surface.mode === "code" && !ON_CODE.has(name)) {
    throw unknownTool(
      options,
      context,
      { name, args },
      `Cannot find tool "${name.slice(0, 200)}" at this endpoint`,
    );
  }
  if (agentTools?.has(name)) {
    return await calls.watch(subject, context, () => agentTools.call(name, args, context));
  }
  try {
    return await calls.callOwn(name, args, context);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new RpcFault(RPC.invalidParams, error.message, {
      data: { code: error.code, remedy: error.remedy },
    });
  }
}

/** Puts a call on record that no tool is there for, and says so as the protocol wants it. */
export function unknownTool(
  { calls }: MethodOptions,
  context: MethodContext,
  { name, args }: { readonly name: string; readonly args: unknown },
  message = `Unknown tool: ${name.slice(0, 200)}`,
): RpcFault {
  const subject = { type: "internal_tool_call", tool_name: name, arguments: args } as const;
  calls.failed(subject, context, new GatewayError("MCPX_TOOL_NOT_FOUND", message));
  return new RpcFault(RPC.invalidParams, message);
}

function setProfile(
  { config, relay, activeProfile }: MethodOptions,
  { session, surface, caller }: MethodContext,
  args: Arguments,
): ToolResult {
  const reaches = ({ servers }: { readonly servers: readonly string[] }) =>
    caller.scope === undefined || servers.some((server) => caller.scope?.includes(server));
  // What is outside of a token's scope does not exist for it.
  const profiles = config().profiles.filter(reaches);
  const name = typeof args.profile === "string" ? args.profile : undefined;
  if (name === undefined) {
    throw new GatewayError("MCPX_INVALID_INPUT", 'Cannot choose a profile: "profile" must be a text', {
      remedy: "Pass the name of a profile, or an empty text for all servers",
    });
  }
  if (session === undefined) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      "Cannot choose a profile: this client has no session to keep it",
      {
        remedy: "Use the endpoint /mcp/p/<profile>",
      },
    );
  }
  const profile = profiles.find((one) => one.name === name);
  if (name !== "" && profile === undefined) throw noProfile(name, profiles.map((one) => one.name));
  if (surface.adapts === true && session.profile !== profile?.name) {
    session.peer.notify({ method: "notifications/tools/list_changed" });
  }
  session.profile = profile?.name;
  const inForce = profile ?? profiles.find((one) => one.name === activeProfile());
  const chosen = inForce === undefined ? EVERYTHING : onlyServers(inForce.servers);
  const scope = caller.scope === undefined ? chosen : intersect(chosen, caller.scope);
  return result({
    active_profile: inForce?.name ?? "",
    servers: relay.servers(scope).map((server) => server.name),
    tool_count: relay.listTools(scope).length,
  });
}

function noProfile(name: string, names: readonly string[]): GatewayError {
  const list = names.length === 0 ? "no profiles are configured" : `there are ${names.join(", ")}`;
  return new GatewayError(
    "MCPX_PROFILE_NOT_FOUND",
    `Cannot find profile "${name.slice(0, 100)}": ${list}${didYouMean(name, names)}`,
  );
}

function codeIsDisabled(): never {
  throw new GatewayError("MCPX_FEATURE_DISABLED", "Cannot run a script: it is not part of this version", {
    remedy: "Call tools one by one, at the endpoint /mcp/call",
  });
}

/** An agent reads results, not transport errors. */
async function told({ requestId }: MethodContext, work: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return toErrorResult(thrown, { requestId });
    throw thrown;
  }
}

function result(value: unknown): ToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}
