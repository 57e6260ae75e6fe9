import { type Caller, type Config, type Era, GatewayError } from "../contracts/mod.ts";
import type { Calls } from "../calls/mod.ts";
import type { Emit } from "./answer.ts";
import { MODERN_VERSIONS, negotiateLegacy, SERVER_KEY } from "./era.ts";
import { isRecord, RPC, RpcFault, type RpcRequest } from "./jsonrpc.ts";

/** What the methods work with. */
export interface MethodOptions {
  readonly calls: Calls;
  readonly config: () => Config;
  readonly version: string;
}

/** The request in hand. */
export interface MethodContext {
  readonly era: Era;
  readonly caller: Caller;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

type Params = Readonly<Record<string, unknown>>;

const INSTRUCTIONS = [
  "This server stands in front of many MCP servers.",
  "To do a task, first call retrieve_tools with a few words about it.",
  "Then call the tool you chose with the tool named in its call_with (call_tool_read, call_tool_write or call_tool_destructive), passing name as server:tool and args.",
  "describe_tool gives the whole schema of a tool that came as a signature.",
].join(" ");

const CAPABILITIES = { tools: { listChanged: false } };

/** Own tools change only with the program itself. */
const LIST_TTL_MS = 3_600_000;

/**
 * Carries out one request.
 *
 * @throws {RpcFault} For a protocol fault; failed calls are results.
 */
export async function carryOut(
  options: MethodOptions,
  request: RpcRequest,
  context: MethodContext,
): Promise<unknown> {
  const { method, params = {} } = request;
  if (method === "tools/call") return await callTool(options, params, context);
  if (context.era === "modern") return modernMethod(options, method);
  return legacyMethod(options, method, params);
}

function legacyMethod(options: MethodOptions, method: string, params: Params): unknown {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: negotiateLegacy(params.protocolVersion),
        capabilities: CAPABILITIES,
        serverInfo: serverInfo(options),
        instructions: instructions(options),
      };
    case "ping":
      return {};
    case "tools/list":
      return { tools: options.calls.ownTools };
    default:
      throw methodNotFound(method);
  }
}

function modernMethod(options: MethodOptions, method: string): unknown {
  const common = { resultType: "complete", _meta: { [SERVER_KEY]: serverInfo(options) } };
  switch (method) {
    case "server/discover":
      return {
        supportedVersions: MODERN_VERSIONS,
        capabilities: CAPABILITIES,
        instructions: instructions(options),
        ttlMs: 0,
        cacheScope: "private",
        ...common,
      };
    case "tools/list":
      return { tools: options.calls.ownTools, ttlMs: LIST_TTL_MS, cacheScope: "private", ...common };
    default:
      throw methodNotFound(method);
  }
}

async function callTool(options: MethodOptions, params: Params, context: MethodContext): Promise<unknown> {
  const { name, arguments: args = {}, _meta: meta } = params;
  if (typeof name !== "string") {
    throw new RpcFault(RPC.invalidParams, 'Invalid params: "name" must be a string');
  }
  if (!isRecord(args)) throw new RpcFault(RPC.invalidParams, 'Invalid params: "arguments" must be an object');
  const token = isRecord(meta) ? meta.progressToken : undefined;
  try {
    const result = await options.calls.callOwn(name, args, {
      caller: context.caller,
      requestId: context.requestId,
      signal: context.signal,
      onProgress: isToken(token)
        ? (progress) =>
          context.emit({
            jsonrpc: "2.0",
            method: "notifications/progress",
            params: { ...progress, progressToken: token },
          })
        : undefined,
    });
    return context.era === "modern" ? { resultType: "complete", ...result } : result;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new RpcFault(RPC.invalidParams, error.message, {
      data: { code: error.code, remedy: error.remedy },
    });
  }
}

function isToken(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function methodNotFound(method: string): RpcFault {
  return new RpcFault(RPC.methodNotFound, `Method not found: ${method.slice(0, 100)}`);
}

function serverInfo({ version }: MethodOptions) {
  return { name: "mcpproxy", title: "mcpproxy", version };
}

function instructions({ config }: MethodOptions): string {
  return config().instructions || INSTRUCTIONS;
}
