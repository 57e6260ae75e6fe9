import {
  type Caller,
  type CallVariant,
  type Config,
  type ErrorCode,
  GatewayError,
  toGatewayError,
  toMs,
  type ToolDefinition,
  type ToolRef,
  type ToolResult,
  toToolId,
} from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import { openDeadline, type Platform } from "../platform/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Storage } from "../storage/mod.ts";
import { type UpstreamConnection, UpstreamRpcError } from "../upstream/mod.ts";
import { argumentProblem } from "./arguments.ts";
import { toolNotFound } from "./inventory.ts";
import { invalidArguments, toErrorResult, toQuarantineResult, toRpcErrorResult } from "./outcome.ts";
import { intentMatches, type PendingCall, POLICIES } from "./policies.ts";

/** Where a call comes from and how it is watched. */
export interface CallContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Gets the params of each progress notification of the server. */
  readonly onProgress?: (params: Readonly<Record<string, unknown>>) => void;
}

/** What the pipeline works with. */
export interface DispatchOptions {
  readonly platform: Platform;
  readonly config: () => Config;
  readonly runtime: Runtime;
  readonly storage: Storage;
  readonly log: Logger;
}

/** One call to a server's tool. */
export interface ToolCall extends ToolRef {
  /** What the caller declared; `undefined` takes whatever suits the tool. */
  readonly variant: CallVariant | undefined;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Waiting for a server that is starting is bounded, whatever the call may take. */
const CONNECT_WAIT_MS = 30_000;

/**
 * Carries one call through policies and dispatch.
 *
 * @returns Always a result: a denial or failure is one with `isError: true`.
 * @throws Only the abort reason of the context's signal.
 */
export async function dispatchCall(
  options: DispatchOptions,
  call: ToolCall,
  context: CallContext,
): Promise<ToolResult> {
  const startedAt = options.platform.clock.monotonic();
  const result = await outcomeOf(options, call, context);
  options.log.debug("call finished", {
    requestId: context.requestId,
    server: call.server,
    tool: call.tool,
    isError: result.isError === true,
    tookMs: Math.round(options.platform.clock.monotonic() - startedAt),
  });
  return result;
}

async function outcomeOf(
  options: DispatchOptions,
  call: ToolCall,
  context: CallContext,
): Promise<ToolResult> {
  const { requestId } = context;
  try {
    const record = options.runtime.server(call.server);
    const pending: PendingCall = {
      ...call,
      record,
      config: options.config(),
      runtime: options.runtime,
      caller: context.caller,
    };
    for (const policy of POLICIES) policy(pending);
    return await send(options, pending, call, context);
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    const error = toGatewayError(thrown);
    if (error.code === "MCPX_INTERNAL") {
      options.log.error("call failed unexpectedly", {
        requestId,
        server: call.server,
        tool: call.tool,
        cause: thrown,
      });
    }
    if (error.code === "MCPX_SERVER_QUARANTINED") return toQuarantineResult(error, { ...call, requestId });
    return toErrorResult(error, { server: call.server, tool: call.tool, requestId });
  }
}

/** Sends a call, and once more if that can do no harm: nothing is sent twice that might act twice. */
async function send(
  options: DispatchOptions,
  pending: PendingCall,
  call: ToolCall,
  context: CallContext,
): Promise<ToolResult> {
  const attempt = () =>
    options.runtime.use(
      call.server,
      { signal: context.signal, waitMs: CONNECT_WAIT_MS },
      (connection) => perform(options, { connection, pending, call, context }),
    );
  try {
    return await attempt();
  } catch (error) {
    const definition = options.runtime.catalogue.get(call.server)?.byName.get(call.tool);
    if (context.signal.aborted || !mayRepeat(error, definition)) throw error;
    options.log.info("call repeated", { requestId: context.requestId, server: call.server, tool: call.tool });
    return await attempt();
  }
}

/** Failures in which the connection broke while the call was on its way. */
const BROKEN: ReadonlySet<ErrorCode> = new Set(["MCPX_UPSTREAM_CLOSED", "MCPX_STDIO_EXIT_NONZERO"]);
/** Failures in which the call cannot have reached the server. */
const NOT_SENT: ReadonlySet<ErrorCode> = new Set(["MCPX_HTTP_CONN_REFUSED", "MCPX_HTTP_DNS_FAILED"]);

function mayRepeat(error: unknown, definition: ToolDefinition | undefined): boolean {
  if (!(error instanceof GatewayError)) return false;
  if (NOT_SENT.has(error.code)) return true;
  const { readOnlyHint, idempotentHint } = definition?.annotations ?? {};
  return BROKEN.has(error.code) && (readOnlyHint === true || idempotentHint === true);
}

interface Performance {
  readonly connection: UpstreamConnection;
  readonly pending: PendingCall;
  readonly call: ToolCall;
  readonly context: CallContext;
}

async function perform(
  options: DispatchOptions,
  { connection, pending, call, context }: Performance,
): Promise<ToolResult> {
  const { runtime, storage, platform } = options;
  const definition = runtime.catalogue.get(call.server)?.byName.get(call.tool);
  if (definition === undefined) throw toolNotFound(runtime, call);
  intentMatches(pending);
  const problem = argumentProblem(definition, call.args);
  if (problem !== undefined) {
    return invalidArguments(problem, toToolId(call.server, call.tool), definition, context.requestId);
  }
  storage.statistics.record(call.server, call.tool);
  const timeoutMs = toMs(options.config().call_tool_timeout);
  using guard = openDeadline(platform.clock, timeoutMs * 10, {
    parent: context.signal,
    onExpired: () => timedOut(call, timeoutMs * 10),
  });
  try {
    return await connection.request("tools/call", { name: call.tool, arguments: call.args }, {
      signal: guard.signal,
      timeoutMs,
      onProgress: context.onProgress,
      // The server's answer is relayed as it is; only its being an object is relied on.
    }) as ToolResult;
  } catch (error) {
    return rpcFailure(error, call, definition, context);
  }
}

function rpcFailure(
  error: unknown,
  call: ToolCall,
  definition: ToolDefinition,
  { requestId }: CallContext,
): ToolResult {
  if (error instanceof UpstreamRpcError) return toRpcErrorResult(error, { ...call, definition, requestId });
  throw error;
}

function timedOut(call: ToolCall, timeoutMs: number): GatewayError {
  return new GatewayError(
    "MCPX_CALL_TIMEOUT",
    `Cannot finish call of "${toToolId(call.server, call.tool)}": no result within ${timeoutMs / 1000} s`,
    { details: { server: call.server, tool: call.tool } },
  );
}
