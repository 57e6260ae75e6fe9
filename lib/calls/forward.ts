import { type ClientPeer, type ErrorCode, GatewayError, toMs } from "../contracts/mod.ts";
import { type UpstreamConnection, UpstreamRpcError } from "../upstream/mod.ts";
import { acceptedList, type ListWhole, refuseHeld } from "./accepted.ts";
import type { CallContext, DispatchOptions } from "./context.ts";
import { noteHeard } from "./flow/mod.ts";
import { toEntry } from "./inspect/findings.ts";
import { inspectedError, type Inspection } from "./inspect/inspection.ts";
import { isExposed } from "./inventory.ts";
import { isHeldBack, liveEntry } from "./live_entry.ts";
import { narrow } from "./scope.ts";

type Params = Readonly<Record<string, unknown>>;

/** A request for one server, with the names that the server knows. */
export interface ForwardRequest {
  readonly server: string;
  readonly method: string;
  readonly params: Params;
}

/** Waiting for a server that is starting is bounded, whatever the request may take. */
const CONNECT_WAIT_MS = 30_000;
/** A server that asks again and again is not followed for ever. */
const MAX_ROUNDS = 16;
/** Requests that change nothing may be sent once more when the connection broke. */
const SAFE =
  /^(?:(?:tools|prompts|resources|resources\/templates)\/list|prompts\/get|resources\/read|completion\/complete|tasks\/get|server\/discover)$/;
const BROKEN: ReadonlySet<ErrorCode> = new Set([
  "MCPX_UPSTREAM_CLOSED",
  "MCPX_STDIO_EXIT_NONZERO",
  "MCPX_HTTP_CONN_REFUSED",
]);

/**
 * Passes a request on to its server and gives the result as the server sent it.
 *
 * @throws {UpstreamRpcError} If the server answered with an error.
 * @throws {GatewayError} If the caller may not, or the server cannot be reached.
 */
export async function forward(
  options: DispatchOptions,
  request: ForwardRequest,
  context: CallContext,
): Promise<unknown> {
  const runtime = narrow(options.runtime, context.scope);
  const record = runtime.server(request.server);
  const refuseHidden = () => {
    const isHeld = isHeldBack(options.config(), request.server);
    if (isExposed(record) && !isHeld) return;
    const isDisabled = liveEntry(options.config(), request.server)?.enabled === false;
    throw hidden(request.server, record.quarantined || isHeld && !isDisabled);
  };
  refuseHidden();
  const listWhole: ListWhole = (offers) =>
    runtime.use(
      request.server,
      { signal: context.signal, waitMs: CONNECT_WAIT_MS, peer: context.peer },
      (connection) => connection.listOffers(offers, context.signal),
    );
  await refuseHeld(runtime, request, listWhole);
  refuseHidden();
  context.track?.allowed();
  const { server, method: tool } = request;
  const inspection = INSPECTED.has(tool)
    ? options.inspector?.begin({ server, tool, requestId: context.requestId }, record.config)
    : undefined;
  if (inspection !== undefined) context.track?.append(inspection.report().then(toEntry));
  if (inspection === undefined) {
    const result = await sendOn({ ...options, runtime }, request, context);
    if (INSPECTED.has(tool)) noteHeard(options, { server, context });
    return await acceptedList(runtime, request, result, listWhole);
  }
  try {
    const params = await inspected(request.params, inspection);
    const result = await sendOn({ ...options, runtime }, { ...request, params }, context);
    noteHeard(options, { server, context });
    return isRecord(result) ? await inspection.result(result) : result;
  } catch (error) {
    throw await inspectedError(error, inspection);
  } finally {
    inspection.finish();
  }
}

/** Requests whose params bring data to a server, or whose results bring data back. */
const INSPECTED: ReadonlySet<string> = new Set([
  "prompts/get",
  "resources/read",
  "completion/complete",
  "tasks/get",
  "tasks/result",
  "tasks/update",
]);

async function inspected(params: Params, inspection: Inspection): Promise<Params> {
  const { arguments: args } = params;
  if (!isRecord(args)) return params;
  const sent = await inspection.arguments(args);
  return sent === args ? params : { ...params, arguments: sent };
}

async function sendOn(
  { runtime, config }: DispatchOptions,
  request: ForwardRequest,
  context: CallContext,
): Promise<unknown> {
  const attempt = () =>
    runtime.use(
      request.server,
      { signal: context.signal, waitMs: CONNECT_WAIT_MS, peer: context.peer },
      (connection) => ask(connection, request, { context, timeoutMs: toMs(config().call_tool_timeout) }),
    );
  try {
    return await attempt();
  } catch (error) {
    const mayRepeat = error instanceof GatewayError && BROKEN.has(error.code) && SAFE.test(request.method);
    if (context.signal.aborted || !mayRepeat) throw error;
    return await attempt();
  }
}

/** How long and for whom. */
export interface AskOptions {
  readonly context: CallContext;
  readonly timeoutMs: number;
}

/**
 * Sends a request on a connection. A modern server may answer that it needs
 * input; where the client cannot take that, it is asked here and the request
 * is sent again with its answers.
 */
export async function ask(
  connection: UpstreamConnection,
  { method, params }: Pick<ForwardRequest, "method" | "params">,
  { context, timeoutMs }: AskOptions,
): Promise<unknown> {
  const { peer, signal, onProgress, onPause } = context;
  const options = { signal, timeoutMs, onProgress, onPause, peer };
  context.track?.sent();
  let result = await connection.request(method, params, options);
  if (connection.era === "legacy" || peer === undefined || peer.takesInputRequired) return result;
  for (let round = 0; isInputRequired(result); round++) {
    if (round === MAX_ROUNDS) {
      throw new UpstreamRpcError(-32603, "The server asks for input without end", undefined);
    }
    const { inputRequests, requestState } = result;
    const inputResponses = await gather(peer, inputRequests, signal);
    const again = { ...params, inputResponses, ...(requestState === undefined ? {} : { requestState }) };
    result = await connection.request(method, again, options);
  }
  return result;
}

interface InputRequired {
  readonly resultType: "input_required";
  readonly inputRequests?: unknown;
  readonly requestState?: unknown;
}

function isInputRequired(result: unknown): result is InputRequired {
  return isRecord(result) && result.resultType === "input_required";
}

async function gather(peer: ClientPeer, requests: unknown, signal: AbortSignal): Promise<Params> {
  const entries = isRecord(requests) ? Object.entries(requests) : [];
  const answered = entries.map(async ([key, request]) => {
    const { method, params } = isRecord(request) ? request : {};
    if (typeof method !== "string") {
      throw new UpstreamRpcError(-32603, "The server asks for nothing", undefined);
    }
    return [key, await peer.request(method, params, { signal })] as const;
  });
  return Object.fromEntries(await Promise.all(answered));
}

/** A server that is held or disabled looks like one that is not there, but a person is told how to change that. */
function hidden(server: string, quarantined: boolean): GatewayError {
  return quarantined
    ? new GatewayError("MCPX_SERVER_QUARANTINED", `Cannot use server "${server}": it is in quarantine`, {
      remedy: `A person reviews it, then types: mcpproxy upstream approve ${server}`,
      details: { server },
    })
    : new GatewayError("MCPX_SERVER_DISABLED", `Cannot use server "${server}": it is disabled`, {
      remedy: `mcpproxy upstream enable ${server}`,
      details: { server },
    });
}

function isRecord(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
