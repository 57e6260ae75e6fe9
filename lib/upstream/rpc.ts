import type { ClientPeer, GatewayError, PeerMessage } from "../contracts/mod.ts";
import { type Clock, createSharedTimers, type SharedTimers } from "../platform/mod.ts";
import type { RequestOptions } from "./request_options.ts";
import { brokeOff, noResult, timedOut, UpstreamRpcError } from "./rpc_error.ts";
import { addresseeOf } from "./addressee.ts";
import { type Asked, ServerRequests } from "./server_requests.ts";
import { tell } from "./tell.ts";
import type { Transport, WireMessage } from "./transport.ts";
import { markUnsent, toUnsent } from "./unsent.ts";

type Params = Readonly<Record<string, unknown>>;

/** What the correlation works with. */
export interface RpcOptions {
  readonly clock: Clock;
  /** Name of the server, for errors. */
  readonly name: string;
  /** The one client of the connection, where it has only one. */
  readonly peer?: ClientPeer;
  /** What the server says to nobody in particular. */
  readonly onNotification: (message: PeerMessage) => void;
  /** What the server said to one of several clients, and it is not known to which. */
  readonly onStray?: (method: string) => void;
  /** An answer to a request that was never made has come, and how many such there were. */
  readonly onForged?: (count: number) => void;
  /** Makes a gateway error of what the wire threw. */
  readonly toFailure: (thrown: unknown) => GatewayError;
}

interface Pending {
  readonly peer: ClientPeer | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Rejects, and takes no more of the answer. */
  readonly abandon: (reason: unknown) => void;
  readonly onProgress: (params: Params) => void;
  /** Ends with the request. */
  readonly done: AbortSignal;
  /** Requests of the server to the client that the answer waits for. */
  asked: number;
}

/** Adds to the params of a message what the revision asks for. */
export type Decorate = (params: Params | undefined, peer: ClientPeer | undefined) => Params | undefined;

const DEFAULT_TIMEOUT_MS = 60_000;
/** After this many times its time a request gets no more, whatever progress comes. */
const MAX_REARMED = 9;
/** Said to everybody who listens, wherever on the wire it was said. */
const PUBLIC =
  /^notifications\/(?:(?:tools|prompts|resources)\/list_changed|resources\/updated|subscriptions\/acknowledged)$/;

/**
 * Matches answers to requests over a transport. Ids are its own: they never
 * meet those of the gateway's clients.
 */
export class Rpc {
  readonly #options: RpcOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #asked: ServerRequests;
  readonly #timers: SharedTimers;
  #transport: Transport | undefined;
  #nextId = 1;
  #forged = 0;
  #closed: GatewayError | undefined;
  #decorate: Decorate = (params) => params;

  constructor(options: RpcOptions) {
    this.#options = options;
    this.#timers = createSharedTimers(options.clock);
    this.#asked = new ServerRequests({
      name: options.name,
      // If the wire fails here, the requests of ours that wait on it say so.
      send: (message) => void this.#transport?.send(message).catch(() => {}),
    });
  }

  attach(transport: Transport): void {
    this.#transport = transport;
  }

  decorateWith(decorate: Decorate): void {
    this.#decorate = decorate;
  }

  /** Takes one message of the server; `related` is the request of ours on whose exchange it came. */
  receive(message: WireMessage, related?: number): void {
    const { id, method, params } = message;
    if (typeof method !== "string") return this.#onResponse(message);
    if (id !== undefined) return this.#asked.take({ id, method, params }, this.#addressee(related));
    if (method === "notifications/progress") return this.#onProgress(params);
    if (method === "notifications/cancelled") return this.#asked.cancel(params);
    this.#onNotification({ method, params }, related);
  }

  /** Tells whether a request is in flight; without an id, whether any is. */
  awaits(id: number | undefined): boolean {
    return id === undefined ? this.#pending.size > 0 : this.#pending.has(id);
  }

  /** Fails the request whose answer was lost; one that is not known is none of ours. */
  fail(id: number | undefined, failure: GatewayError): void {
    if (id !== undefined) this.#pending.get(id)?.abandon(failure);
  }

  /** Why nothing works any more; `undefined` as long as it does. */
  get closed(): GatewayError | undefined {
    return this.#closed;
  }

  /** Fails everything to come; what is in flight comes to its own end, or to that of `close`. */
  retire(failure: GatewayError): void {
    this.#closed ??= failure;
  }

  /** Fails everything in flight and everything to come. */
  close(failure: GatewayError): void {
    this.#closed ??= failure;
    for (const pending of [...this.#pending.values()]) pending.abandon(this.#closed);
    this.#asked.close();
    this.#timers[Symbol.dispose]();
  }

  async notify(method: string, params?: Params): Promise<void> {
    const decorated = this.#decorate(params, undefined);
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
    if (this.#closed !== undefined) return Promise.reject(toUnsent(this.#closed));
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
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    const exchange = new AbortController();
    const rearmUntil = clock.monotonic() + MAX_REARMED * timeoutMs;
    let isLast = false;
    const settle = (finish: () => void): boolean => {
      if (!this.#pending.delete(id)) return false;
      signal?.removeEventListener("abort", onAbort);
      timer?.[Symbol.dispose]();
      finish();
      return true;
    };
    const give = (reason: unknown) => {
      if (settle(() => call.reject(reason))) this.#cancel(id, method, exchange);
    };
    const onAbort = () => give(signal?.reason);
    const onTimer = () => {
      // A person who was asked may take longer than any server.
      if (pending.asked > 0) {
        timer = wait();
        return;
      }
      const what = isLast ? "it sends progress but no answer" : `no answer within ${timeoutMs / 1000} s`;
      give(timedOut(this.#options.name, method, what));
    };
    const wait = () => timeoutMs === Infinity ? undefined : this.#timers.after(timeoutMs, onTimer);
    let timer = wait();
    const pending: Pending = {
      peer: options.peer,
      asked: 0,
      done: exchange.signal,
      resolve: (result) =>
        settle(() => {
          call.resolve(result);
          if (pending.asked > 0) exchange.abort(new DOMException("The call has ended", "AbortError"));
        }),
      reject: (reason) => settle(() => call.reject(reason)),
      abandon: (reason) =>
        settle(() => {
          call.reject(reason);
          exchange.abort(reason);
        }),
      onProgress: (params) => {
        isLast = clock.monotonic() > rearmUntil;
        if (!isLast) {
          timer?.[Symbol.dispose]();
          timer = wait();
        }
        if (options.onProgress !== undefined) tell(options.onProgress, params);
      },
    };
    this.#pending.set(id, pending);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#send(id, this.#toMessage(id, method, call), exchange.signal, options);
  }

  /** Tool calls always ask for progress: it shows that a long call is alive. */
  #toMessage(
    id: number,
    method: string,
    { params, options }: { readonly params?: Params; readonly options: RequestOptions },
  ): WireMessage {
    const decorated = this.#decorate(params, options.peer);
    if (method !== "tools/call" && options.onProgress === undefined) {
      return { jsonrpc: "2.0", id, method, ...(decorated === undefined ? {} : { params: decorated }) };
    }
    const meta = decorated?._meta as Params | undefined; // our own envelope, or that of the caller
    return { jsonrpc: "2.0", id, method, params: { ...decorated, _meta: { ...meta, progressToken: id } } };
  }

  #send(
    id: number,
    message: WireMessage,
    signal: AbortSignal,
    { headers, onPause }: RequestOptions,
  ): void {
    const onEnd = () => this.fail(id, brokeOff(this.#options.name));
    const sent = this.#transport?.send(message, { signal, onEnd, onPause, headers });
    if (this.#pending.size === 1) this.#options.clock.pause(); // nothing else may come until it is answered
    sent?.catch((thrown: unknown) =>
      this.#pending.get(id)?.reject(markUnsent(this.#options.toFailure(thrown), thrown))
    );
  }

  #cancel(id: number, method: string, exchange: AbortController): void {
    // The handshake must not be cancelled; everything else may be, as far as the wire still works.
    if (method !== "initialize" && this.#transport?.leavingCancels !== true) {
      this.notify("notifications/cancelled", { requestId: id, reason: "The caller no longer waits" }).catch(
        () => {},
      );
    }
    exchange.abort(new DOMException("The caller no longer waits", "AbortError"));
  }

  #onResponse(message: WireMessage): void {
    const id = toId(message.id);
    const pending = this.#pending.get(id);
    if (pending === undefined) return this.#onStrayAnswer(id);
    const { error, result } = message;
    if (isRecord(result) && !isRecord(error)) return pending.resolve(result);
    if (!isRecord(error)) return pending.reject(noResult(this.#options.name));
    const { code, message: text, data } = error;
    pending.reject(
      new UpstreamRpcError(
        typeof code === "number" ? code : 0,
        typeof text === "string" ? text : "The server gave no reason",
        data,
      ),
    );
  }

  /** One that comes late, or twice, is no news; one that nobody asked for is. */
  #onStrayAnswer(id: number): void {
    if (!(id >= 1 && id < this.#nextId)) this.#options.onForged?.(++this.#forged);
  }

  #onProgress(params: unknown): void {
    if (isRecord(params)) this.#pending.get(toId(params.progressToken))?.onProgress(params);
  }

  #onNotification(message: PeerMessage, related: number | undefined): void {
    if (PUBLIC.test(message.method)) return this.#options.onNotification(message);
    const { peer, isAmbiguous } = this.#addressee(related);
    if (isAmbiguous) return this.#options.onStray?.(message.method);
    if (peer === undefined) return this.#options.onNotification(message);
    peer.notify(message);
  }

  #addressee(related: number | undefined): Asked {
    return addresseeOf(
      this.#pending.values(),
      related === undefined ? undefined : this.#pending.get(related),
      this.#options.peer,
    );
  }
}

/** Some servers give a number back as text; in any other notation it is not the one that was sent. */
function toId(id: unknown): number {
  if (typeof id === "string") return /^-?(?:0|[1-9]\d{0,15})$/.test(id) ? Number(id) : NaN;
  return typeof id === "number" ? id : NaN;
}

function isRecord(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
