import { GatewayError } from "../contracts/mod.ts";
import { type Clock, openDeadline } from "../platform/mod.ts";
import { tell } from "./tell.ts";
import type { Transport, WireMessage } from "./transport.ts";

/** A JSON-RPC error that the server answered with; its words are kept as they came. */
export class UpstreamRpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.name = "UpstreamRpcError";
    this.code = code;
    this.data = data;
  }
}

/** Tells whether the server answered that it does not know the method. */
export function isUnknownMethod(error: unknown): boolean {
  return error instanceof UpstreamRpcError && error.code === METHOD_NOT_FOUND;
}

type Params = Readonly<Record<string, unknown>>;

/** How one request is to be carried out. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Longest time without an answer or progress; with progress, up to ten times as long in all. */
  readonly timeoutMs?: number;
  readonly onProgress?: (params: Params) => void;
}

/** What the correlation works with. */
export interface RpcOptions {
  readonly clock: Clock;
  /** Name of the server, for errors. */
  readonly name: string;
  readonly onNotification: (message: { readonly method: string; readonly params?: unknown }) => void;
  /** Makes a gateway error of what the wire threw. */
  readonly toFailure: (thrown: unknown) => GatewayError;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Rejects, and takes no more of the answer. */
  readonly abandon: (reason: unknown) => void;
  readonly onProgress: (params: Params) => void;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** After this many times its time a request gets no more, whatever progress comes. */
const MAX_REARMED = 9;
const METHOD_NOT_FOUND = -32601;

/**
 * Matches answers to requests over a transport. Ids are its own: they never
 * meet those of the gateway's clients.
 */
export class Rpc {
  readonly #options: RpcOptions;
  readonly #pending = new Map<number, Pending>();
  #transport: Transport | undefined;
  #nextId = 1;
  #closed: GatewayError | undefined;
  /** Adds to the params of every message what the revision asks for. */
  #decorate: (params: Params | undefined) => Params | undefined = (params) => params;

  constructor(options: RpcOptions) {
    this.#options = options;
  }

  attach(transport: Transport): void {
    this.#transport = transport;
  }

  decorateWith(decorate: (params: Params | undefined) => Params): void {
    this.#decorate = decorate;
  }

  /** Takes one message of the server. */
  receive(message: WireMessage): void {
    const { id, method, params } = message;
    if (typeof method !== "string") return this.#onResponse(message);
    if (id !== undefined) return this.#onRequest(method, id);
    if (method === "notifications/progress") return this.#onProgress(params);
    this.#options.onNotification({ method, params });
  }

  /** Fails the request whose answer was lost; one that is not known is none of ours. */
  fail(id: number | undefined, failure: GatewayError): void {
    if (id !== undefined) this.#pending.get(id)?.abandon(failure);
  }

  /** Why nothing works any more; `undefined` as long as it does. */
  get closed(): GatewayError | undefined {
    return this.#closed;
  }

  /** Fails everything in flight and everything to come. */
  close(failure: GatewayError): void {
    this.#closed ??= failure;
    for (const pending of [...this.#pending.values()]) pending.reject(this.#closed);
  }

  async notify(method: string, params?: Params): Promise<void> {
    const decorated = this.#decorate(params);
    await this.#transport?.send({
      jsonrpc: "2.0",
      method,
      ...(decorated === undefined ? {} : { params: decorated }),
    });
  }

  /**
   * Sends a request and gives its result as the server sent it.
   *
   * @throws {UpstreamRpcError} If the server answered with an error.
   * @throws {GatewayError} If the wire failed or the time ran out.
   */
  request(method: string, params?: Params, options: RequestOptions = {}): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => this.#start({ id, method, params, options, resolve, reject }));
  }

  #start(call: {
    readonly id: number;
    readonly method: string;
    readonly params: Params | undefined;
    readonly options: RequestOptions;
    readonly resolve: (result: unknown) => void;
    readonly reject: (reason: unknown) => void;
  }): void {
    const { id, method, options } = call;
    const { clock } = this.#options;
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const exchange = new AbortController();
    const rearmUntil = clock.monotonic() + MAX_REARMED * timeoutMs;
    let isLast = false;
    const deadline = openDeadline(clock, timeoutMs, {
      parent: options.signal,
      onExpired: () =>
        this.#timedOut(
          method,
          isLast ? "it sends progress but no answer" : `no answer within ${timeoutMs / 1000} s`,
        ),
    });
    const settle = (finish: () => void) => {
      if (!this.#pending.delete(id)) return;
      deadline.signal.removeEventListener("abort", onAbort);
      deadline[Symbol.dispose]();
      finish();
    };
    const onAbort = () => {
      settle(() => call.reject(deadline.signal.reason));
      this.#cancel(id, method, exchange);
    };
    this.#pending.set(id, {
      resolve: (result) => settle(() => call.resolve(result)),
      reject: (reason) => settle(() => call.reject(reason)),
      abandon: (reason) =>
        settle(() => {
          call.reject(reason);
          exchange.abort(reason);
        }),
      onProgress: (params) => {
        isLast = clock.monotonic() > rearmUntil;
        if (!isLast) deadline.rearm();
        if (options.onProgress !== undefined) tell(options.onProgress, params);
      },
    });
    deadline.signal.addEventListener("abort", onAbort, { once: true });
    this.#send(id, this.#toMessage(id, method, call.params), exchange.signal);
  }

  /** Tool calls always ask for progress: it shows that a long call is alive. */
  #toMessage(id: number, method: string, params: Params | undefined): WireMessage {
    const decorated = this.#decorate(params);
    if (method !== "tools/call") {
      return { jsonrpc: "2.0", id, method, ...(decorated === undefined ? {} : { params: decorated }) };
    }
    const meta = decorated?._meta as Params | undefined; // our own envelope, or that of the caller
    return { jsonrpc: "2.0", id, method, params: { ...decorated, _meta: { ...meta, progressToken: id } } };
  }

  #send(id: number, message: WireMessage, signal: AbortSignal): void {
    const onEnd = () =>
      this.fail(
        id,
        new GatewayError(
          "MCPX_UPSTREAM_CLOSED",
          `Cannot finish the request to server "${this.#options.name}": its answer broke off`,
          { details: { server: this.#options.name } },
        ),
      );
    const sent = this.#transport?.send(message, { signal, onEnd });
    sent?.catch((thrown: unknown) => this.#pending.get(id)?.reject(this.#options.toFailure(thrown)));
  }

  #cancel(id: number, method: string, exchange: AbortController): void {
    // The handshake must not be cancelled; everything else may be, as far as the wire still works.
    if (method !== "initialize") {
      this.notify("notifications/cancelled", { requestId: id, reason: "The caller no longer waits" }).catch(
        () => {},
      );
    }
    exchange.abort(new DOMException("The caller no longer waits", "AbortError"));
  }

  #timedOut(method: string, what: string): GatewayError {
    return new GatewayError(
      "MCPX_CALL_TIMEOUT",
      `Cannot finish "${method}" of server "${this.#options.name}": ${what}`,
      { details: { server: this.#options.name } },
    );
  }

  #onResponse(message: WireMessage): void {
    const pending = this.#pending.get(toId(message.id));
    if (pending === undefined) return;
    const { error, result } = message;
    if (isRecord(result) && !isRecord(error)) return pending.resolve(result);
    if (!isRecord(error)) return pending.reject(this.#noResult());
    const { code, message: text, data } = error;
    pending.reject(
      new UpstreamRpcError(
        typeof code === "number" ? code : 0,
        typeof text === "string" ? text : "The server gave no reason",
        data,
      ),
    );
  }

  #onProgress(params: unknown): void {
    if (isRecord(params)) this.#pending.get(toId(params.progressToken))?.onProgress(params);
  }

  #noResult(): GatewayError {
    const { name } = this.#options;
    return new GatewayError(
      "MCPX_UPSTREAM_PROTOCOL",
      `Cannot use the answer of server "${name}": it has neither result nor error, wanted one of them`,
      { details: { server: name } },
    );
  }

  #onRequest(method: string, id: unknown): void {
    const answer = method === "ping"
      ? { result: {} }
      : { error: { code: METHOD_NOT_FOUND, message: `Method not found: ${method}` } };
    // If the wire fails here, the requests of ours that wait on it say so.
    this.#transport?.send({ jsonrpc: "2.0", id, ...answer }).catch(() => {});
  }
}

/** Some servers give a number back as text. */
function toId(id: unknown): number {
  return typeof id === "number" || typeof id === "string" ? Number(id) : NaN;
}

function isRecord(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
