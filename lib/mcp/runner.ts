import { type Era, ERROR_KINDS, GatewayError } from "../contracts/mod.ts";
import type { SharedTimers } from "../platform/mod.ts";
import { answer, type Outcome } from "./answer.ts";
import type { Faults } from "./faults.ts";
import { type Channel, contextOf, type Hop } from "./hop.ts";
import { isRecord, RPC, RpcFault, type RpcRequest, toError, toKey, toResult } from "./jsonrpc.ts";
import { carryOut } from "./methods.ts";
import { createModernCalls, type ModernCallOptions } from "./modern_calls.ts";

/** What the runner works with. */
export interface RunnerOptions extends ModernCallOptions {
  readonly timers: SharedTimers;
  readonly faults: Faults;
}

/** Carries out requests that came together, and answers them together. */
export interface Runner {
  run(requests: readonly RpcRequest[], hop: Hop): Promise<Response>;
  /** Ends everything in flight; each request is still answered, with this error. */
  endAll(error: GatewayError): void;
}

/** Creates the runner. */
export function createRunner(options: RunnerOptions): Runner {
  const { platform: { clock } } = options;
  const modern = createModernCalls(options);
  const running = new Set<AbortController>();

  function run(requests: readonly RpcRequest[], hop: Hop): Promise<Response> {
    const controllers = requests.map(() => new AbortController());
    const abort = () =>
      controllers.forEach((one) => one.abort(new DOMException("The client went away", "AbortError")));
    // Modern: leaving the answer is how a client cancels. Legacy: it says so in a notification, and the
    // request's signal is not even asked for, since Deno makes it only then.
    const gone = hop.era === "modern" ? hop.signal() : undefined;
    gone?.addEventListener("abort", abort, { once: true });
    const { session, caller: { scope } } = hop;
    const refuse = () => controllers.forEach((one) => one.abort(scope?.ended.reason));
    scope?.ended.addEventListener("abort", refuse, { once: true });
    return answer(async (emit, pause) => {
      const finishing = requests.map((request, index) =>
        finish(request, controllers[index] ?? new AbortController(), { emit, pause, hop })
      );
      // Nearly always there is one.
      const outcomes = finishing.length === 1 ? [await finishing[0]] : await Promise.all(finishing);
      gone?.removeEventListener("abort", abort);
      scope?.ended.removeEventListener("abort", refuse);
      if (hop.asArray !== true) return outcomes[0];
      return {
        status: 200,
        body: outcomes.flatMap((outcome) => outcome === undefined ? [] : [outcome.body]),
      };
    }, {
      clock,
      timers: options.timers,
      requestId: hop.requestId,
      acceptsStream: hop.acceptsStream,
      headers: hop.headers,
      isPrimed: hop.isPrimed,
      ...(session === undefined ? {} : { openJournal: () => session.openJournal() }),
      onGone: gone === undefined ? () => {} : abort,
    });
  }

  function endAll(error: GatewayError): void {
    for (const controller of running) controller.abort(error);
  }

  async function finish(
    request: RpcRequest,
    controller: AbortController,
    { emit, pause, hop }: Channel,
  ): Promise<Outcome | undefined> {
    const { session } = hop;
    const key = toKey(request.id);
    running.add(controller);
    session?.inFlight.set(key, controller);
    try {
      const result = hop.era === "modern"
        ? await modern(request, controller, { emit, pause, hop })
        : await legacy(request, controller, { emit, pause, hop });
      return { status: 200, body: toResult(request.id, result) };
    } catch (thrown) {
      const { aborted, reason } = controller.signal;
      if (aborted) return endedBy(request, reason);
      const fault = options.faults.take(thrown, hop.requestId);
      return { status: statusOf(fault, hop.era), body: toError(request.id, fault) };
    } finally {
      running.delete(controller);
      session?.inFlight.delete(key);
    }
  }

  async function legacy(
    request: RpcRequest,
    controller: AbortController,
    { emit, pause, hop }: Channel,
  ): Promise<unknown> {
    const { session } = hop;
    if (session === undefined) throw new RpcFault(RPC.internalError, "Internal error: no session");
    if (request.method === "tools/call") session.calls++;
    const context = contextOf(request, controller, {
      emit,
      pause,
      hop,
      clock,
      peer: session.peerFor(emit),
    });
    try {
      return withoutType(await carryOut(options, request, context));
    } catch (error) {
      // A handshake that failed leaves no session behind.
      if (request.method === "initialize") hop.session?.end();
      throw error;
    }
  }

  return { run, endAll };
}

/** A request that its client has cancelled needs no answer; one that the gateway ends gets one. */
function endedBy({ id }: RpcRequest, reason: unknown): Outcome | undefined {
  if (!(reason instanceof GatewayError)) return undefined;
  const { code, message, remedy } = reason;
  return {
    status: ERROR_KINDS[code].status,
    body: toError(id, { code: RPC.internalError, message, data: { code, remedy } }),
  };
}

/** Legacy clients know of complete results only, and need not be told. */
function withoutType(result: unknown): unknown {
  if (!isRecord(result) || result.resultType !== "complete") return result;
  const { resultType: _type, ...rest } = result;
  return rest;
}

function statusOf({ code, status }: RpcFault, era: Era): number {
  if (era === "legacy" || status !== 200) return status;
  if (code === RPC.methodNotFound) return 404;
  const isRefusal = code === RPC.headerMismatch || code === RPC.missingCapability ||
    code === RPC.unsupportedVersion;
  return isRefusal ? 400 : 200;
}
