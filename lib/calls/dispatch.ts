import {
  type CallVariant,
  type ErrorCode,
  GatewayError,
  toGatewayError,
  toMs,
  type ToolDefinition,
  type ToolRef,
  type ToolResult,
  toToolId,
} from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { isUnsent, type UpstreamConnection, UpstreamRpcError } from "../upstream/mod.ts";
import { argumentProblem } from "./arguments.ts";
import type { CallContext, DispatchOptions } from "./context.ts";
import { flowSources, noteHeard, passFlow } from "./flow/mod.ts";
import { ask } from "./forward.ts";
import { toEntry } from "./inspect/findings.ts";
import { inspectedError, type Inspection } from "./inspect/inspection.ts";
import type { Intent } from "./intent.ts";
import { holdError, holdOf, isHold } from "./hold.ts";
import { toolNotFound } from "./inventory.ts";
import { isTurnedAway, limited } from "./limited.ts";
import {
  invalidArguments,
  toErrorResult,
  toHoldResult,
  toQuarantineResult,
  toRpcErrorResult,
  withoutOwnFacts,
} from "./outcome.ts";
import { intentMatches, type PendingCall, POLICIES } from "./policies.ts";
import { withReach } from "./reach.ts";
import { narrow } from "./scope.ts";
import type { TrackSubject } from "./call_watch.ts";
import { CallTrack } from "./track.ts";
import { isVerified, verifiedTool } from "./verify.ts";

/** One call to a server's tool. */
export interface ToolCall extends ToolRef {
  /** What the caller declared; `undefined` takes whatever suits the tool. */
  readonly variant: CallVariant | undefined;
  /** What else the caller said about it. */
  readonly intent?: Pick<Intent, "sensitivity" | "reason">;
  readonly args: Readonly<Record<string, unknown>>;
  /**
   * The params as the client sent them, passed on as they are but for the name;
   * then the server checks its arguments itself, and its errors stay errors.
   */
  readonly relayed?: Readonly<Record<string, unknown>>;
}

/** Waiting for a server that is starting is bounded, whatever the call may take. */
const CONNECT_WAIT_MS = 30_000;

/**
 * Carries one call through policies and dispatch.
 *
 * @returns Always a result: a denial or failure is one with `isError: true`.
 * @throws {UpstreamRpcError} The server's own error, for a relayed call.
 * @throws The abort reason of the context's signal.
 */
export async function dispatchCall(
  options: DispatchOptions,
  call: ToolCall,
  context: CallContext,
): Promise<ToolResult> {
  const subject = toSubject(call);
  const track = new CallTrack(options, subject, context);
  options.onStart?.(subject, context);
  const { server, tool } = call;
  const entry = options.runtime.view().servers.get(server)?.config;
  const inspection = options.inspector?.begin({ server, tool, requestId: context.requestId }, entry);
  if (inspection !== undefined) track.append(inspection.report().then(toEntry));
  try {
    const result = await outcomeOf(options, call, { ...context, inspection, track })
      .finally(() => inspection?.finish());
    track.end(result);
    options.log.debug("call finished", {
      requestId: context.requestId,
      server,
      tool,
      isError: result.isError === true,
      tookMs: Math.round(track.tookMs),
    });
    return result;
  } catch (thrown) {
    track.fail(thrown);
    throw thrown;
  }
}

function toSubject({ server, tool, args, variant, intent }: ToolCall): TrackSubject {
  return {
    type: "tool_call",
    server_name: server,
    tool_name: tool,
    arguments: args,
    intent: variant === undefined && intent === undefined ? undefined : {
      operation_type: variant,
      data_sensitivity: intent?.sensitivity,
      reason: intent?.reason,
    },
    metadata: variant === undefined ? undefined : { tool_variant: `call_tool_${variant}` },
  };
}

/** The context of a call with what looks at it. */
interface InspectedContext extends CallContext {
  readonly inspection?: Inspection;
}

async function outcomeOf(
  options: DispatchOptions,
  call: ToolCall,
  context: InspectedContext,
): Promise<ToolResult> {
  const { requestId } = context;
  const runtime = narrow(options.runtime, context.scope);
  try {
    const decide = (): PendingCall => {
      const record = runtime.server(call.server);
      const pending = { ...call, record, config: options.config(), runtime, caller: context.caller };
      for (const policy of POLICIES) policy(pending);
      return pending;
    };
    let pending = decide();
    // Another config may have come while a call was looked at, or while its server was woken.
    const latest = () => options.config() === pending.config ? pending : pending = decide();
    context.track?.allowed();
    const sent = context.inspection === undefined ? call : await inspected(call, context.inspection);
    if (sent !== call) context.track?.sends(sent.args);
    // While a call waits for its turn its server may have been disabled, held or removed.
    const answer = await limited(
      options.limits,
      { server: call.server, context },
      (hasWaited) => {
        if (hasWaited) pending = decide();
        return send({ ...options, runtime }, latest, sent, context);
      },
    );
    if (answer.definition === undefined || context.inspection === undefined) return answer.result;
    return await context.inspection.result(answer.result, answer.definition);
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    const failure = call.relayed === undefined ? thrown : await inspectedError(thrown, context.inspection);
    if (call.relayed !== undefined && failure instanceof UpstreamRpcError) throw failure;
    const error = toGatewayError(withReach(failure, context.caller));
    context.track?.failed(error);
    if (isTurnedAway(error, context)) throw error;
    if (error.code === "MCPX_INTERNAL") {
      options.log.error("call failed unexpectedly", {
        requestId,
        server: call.server,
        tool: call.tool,
        cause: failure,
      });
    }
    if (error.code === "MCPX_SERVER_QUARANTINED") return toQuarantineResult(error, { ...call, requestId });
    if (isHold(error)) return toHoldResult(error, { ...call, requestId });
    return toErrorResult(error, { server: call.server, tool: call.tool, requestId });
  }
}

/** The call with the arguments that may be sent. */
async function inspected(call: ToolCall, inspection: Inspection): Promise<ToolCall> {
  const args = await inspection.arguments(call.args);
  if (args === call.args) return call;
  const relayed = call.relayed === undefined ? undefined : { ...call.relayed, arguments: args };
  return { ...call, args, relayed };
}

/** What came of a call. */
interface Answer {
  readonly result: ToolResult;
  /** The tool's, if the result is the server's own. */
  readonly definition?: ToolDefinition;
}

/** Sends a call, and once more if that can do no harm: nothing is sent twice that might act twice. */
async function send(
  options: DispatchOptions,
  latest: () => PendingCall,
  call: ToolCall,
  context: CallContext,
): Promise<Answer> {
  const attempt = () =>
    options.runtime.use(
      call.server,
      { signal: context.signal, waitMs: CONNECT_WAIT_MS, peer: context.peer },
      (connection) => perform(options, { connection, latest, call, context }),
    );
  try {
    return await attempt();
  } catch (error) {
    const definition = options.runtime.catalogue.get(call.server)?.byName.get(call.tool);
    if (context.signal.aborted || !mayRepeat(error, definition)) throw error;
    context.track?.repeated();
    options.log.info("call repeated", { requestId: context.requestId, server: call.server, tool: call.tool });
    return await attempt();
  }
}

/** Failures in which the connection broke while the call was on its way. */
const BROKEN: ReadonlySet<ErrorCode> = new Set([
  "MCPX_UPSTREAM_CLOSED",
  "MCPX_STDIO_EXIT_NONZERO",
  "MCPX_HTTP_CONN_REFUSED",
  "MCPX_HTTP_DNS_FAILED",
]);

function mayRepeat(error: unknown, definition: ToolDefinition | undefined): boolean {
  if (!(error instanceof GatewayError)) return false;
  if (isUnsent(error)) return true;
  const { readOnlyHint, idempotentHint } = definition?.annotations ?? {};
  return BROKEN.has(error.code) && (readOnlyHint === true || idempotentHint === true);
}

interface Performance {
  readonly connection: UpstreamConnection;
  /** The call as the policies have let it through; asks them again if the config is another one. */
  readonly latest: () => PendingCall;
  readonly call: ToolCall;
  readonly context: CallContext;
}

async function perform(
  options: DispatchOptions,
  { connection, latest, call, context }: Performance,
): Promise<Answer> {
  const { runtime, storage } = options;
  const listed = runtime.catalogue.get(call.server)?.byName.get(call.tool);
  if (listed === undefined) throw notThere(runtime, call);
  // The live definition, not the one that was found when the call was let through.
  if (!runtime.trust.isAccepted(call.server, "tool", call.tool, listed)) {
    throw holdError("changed", { server: call.server, kind: "tool", name: call.tool });
  }
  const definition = isVerified(options.config(), call.server)
    ? await verifiedTool(options, { connection, ref: call, signal: context.signal }, listed)
    : listed;
  intentMatches(latest());
  const problem = call.relayed === undefined ? argumentProblem(definition, call.args) : undefined;
  if (problem !== undefined) {
    return {
      result: invalidArguments(problem, toToolId(call.server, call.tool), definition, context.requestId),
    };
  }
  const flow = { server: call.server, definition, context };
  const sources = flowSources(options, flow);
  if (sources.length > 0) await passFlow(options, { call, sources, context });
  storage.statistics.record(call.server, call.tool);
  const timeoutMs = toMs(options.config().call_tool_timeout);
  try {
    const params = call.relayed === undefined
      ? { name: call.tool, arguments: call.args }
      : { ...call.relayed, name: call.tool };
    const request = { method: "tools/call", params };
    // The server's answer is relayed as it is; only its being an object is relied on.
    const result = await ask(connection, request, { context, timeoutMs }) as ToolResult;
    return { result: withoutOwnFacts(result), definition };
  } catch (error) {
    if (call.relayed !== undefined) throw error;
    return { result: rpcFailure(error, call, definition, context), definition };
  } finally {
    noteHeard(options, flow);
  }
}

/** The list may be another one since the call was let through. */
function notThere(runtime: Runtime, { server, tool }: ToolCall): GatewayError {
  const status = holdOf(runtime, server, tool);
  if (status !== undefined) return holdError(status, { server, kind: "tool", name: tool });
  return toolNotFound(runtime, { server, tool });
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
