/**
 * The bridge from servers that ask questions in the middle of a call to
 * clients that are told "input required" and call again with the answers.
 *
 * The call to the server is parked while the client gathers its answers; the
 * `requestState` that the client brings back names it. It is signed, good for
 * a few minutes and once, and only for the same caller and the same request.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 * @module
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { ClientPeer, PeerRequestOptions } from "../contracts/mod.ts";
import type { Clock, Random } from "../platform/mod.ts";
import { cannotAnswer } from "./asking.ts";
import { isRecord, RPC, RpcFault } from "./jsonrpc.ts";

type Params = Readonly<Record<string, unknown>>;

/** The call of a modern client, as far as this bridge is concerned. */
export interface ParkedCall {
  /** The request that the client will send again: its method and the thing it names. */
  readonly what: string;
  readonly owner: string;
  /** Ends the call when nobody comes back for it. */
  readonly abort: (reason: unknown) => void;
}

/** What a call has come to: its end, or questions. */
export type Turn =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "asks"; readonly inputRequests: Params };

interface Question {
  readonly method: string;
  readonly params: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One call with the questions its server has put so far. */
export class Conversation {
  readonly #questions = new Map<string, Question>();
  #nextKey = 1;
  #news = Promise.withResolvers<void>();
  #end: Promise<Turn> | undefined;
  #controller: AbortController | undefined;
  #isParked = false;
  /** Why a question of the server was not put: the client has not said that it can answer. */
  #refused: RpcFault | undefined;

  /** The client as the server meets it. */
  peer(
    facts: Pick<ClientPeer, "id" | "client" | "capabilities" | "notify" | "logLevel" | "standing">,
  ): ClientPeer {
    const { capabilities } = facts;
    const isParked = () => this.#isParked;
    return {
      ...facts,
      takesInputRequired: true,
      get isWaiting() {
        return !isParked();
      },
      request: (method, params, options) => {
        const problem = cannotAnswer(method, params, capabilities);
        if (problem !== undefined) return Promise.reject(this.#refused = problem);
        return this.#ask(method, params, options);
      },
    };
  }

  /** Starts the call, which `controller` ends. It may reject; then {@link next} does. */
  start(work: Promise<unknown>, controller?: AbortController): void {
    this.#controller = controller;
    this.#end = work.then((result) => ({ kind: "done", result }), (error) => {
      throw this.#toFault(error);
    });
    this.#end.catch(() => {}); // next() tells
  }

  /** Ends the call, whichever request of its client it waits for. */
  end(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  /** Waits for the end or for questions, whichever comes first. */
  async next(): Promise<Turn> {
    const asks = this.#news.promise.then((): Turn => ({ kind: "asks", inputRequests: this.#open() }));
    this.#isParked = false;
    const turn = await Promise.race([this.#end ?? asks, asks]);
    this.#isParked = turn.kind === "asks";
    return turn;
  }

  /** Takes the client's answers; questions without one stay open. */
  answer(responses: Params): void {
    for (const [key, response] of Object.entries(responses)) this.#questions.get(key)?.resolve(response);
    this.#news = Promise.withResolvers<void>();
    if (this.#questions.size > 0) this.#news.resolve();
  }

  /** A request that failed for want of an answer failed for want of a capability. */
  #toFault(error: unknown): unknown {
    const data = this.#refused?.data;
    if (!isRecord(data) || !(error instanceof RpcFault)) return error;
    const { requiredCapabilities } = data;
    return new RpcFault(
      RPC.missingCapability,
      `The server needs an answer that this client has not said it can give: ${error.message}`,
      { data: { requiredCapabilities } },
    );
  }

  #open(): Params {
    return Object.fromEntries(
      [...this.#questions].map(([key, { method, params }]) => [key, { method, params: params ?? {} }]),
    );
  }

  #ask(method: string, params: unknown, { signal }: PeerRequestOptions): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const key = `q${this.#nextKey++}`;
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#questions.delete(key);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        settle();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#questions.set(key, {
        method,
        params,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject,
      });
      this.#news.resolve();
    });
  }
}

interface Parked extends ParkedCall {
  readonly conversation: Conversation;
  readonly expiry: Disposable;
}

/** The calls that wait for their clients to come back. */
export interface Parking extends Disposable {
  /** Parks a call. @returns The `requestState` for the client. @throws {RpcFault} If there are too many. */
  park(call: ParkedCall, conversation: Conversation): string;
  /**
   * Takes a call up again.
   *
   * @returns `undefined` if the state is none of ours, so that it is the server's.
   * @throws {RpcFault} If it is ours and not good for this.
   */
  resume(state: unknown, by: Pick<ParkedCall, "what" | "owner">): Conversation | undefined;
  readonly size: number;
}

const PREFIX = "mcpproxy1.";
const LIMITS = { max: 1_000, maxOfOwner: 500, expireMs: 5 * 60_000 };

/** Opens the place for calls that wait. */
export function createParking(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  limits: { readonly max: number; readonly maxOfOwner?: number; readonly expireMs: number } = LIMITS,
): Parking {
  const parked = new Map<string, Parked>();
  const key = random.uuid() + random.uuid();
  const sign = (id: string) => createHmac("sha256", key).update(id).digest("base64url");

  function drop(id: string): Parked | undefined {
    const entry = parked.get(id);
    parked.delete(id);
    entry?.expiry[Symbol.dispose]();
    return entry;
  }

  return {
    park(call, conversation) {
      const ofOwner = [...parked.values()].filter(({ owner }) => owner === call.owner).length;
      // One client must not take the place of all others.
      if (parked.size >= limits.max || ofOwner >= (limits.maxOfOwner ?? limits.max)) {
        throw new RpcFault(RPC.internalError, "Too many calls wait for input of their clients");
      }
      const id = random.uuid();
      const expiry = clock.after(limits.expireMs, () => {
        drop(id)?.abort(new DOMException("The client did not come back with its input", "TimeoutError"));
      });
      parked.set(id, { ...call, conversation, expiry });
      return `${PREFIX}${id}.${sign(id)}`;
    },
    resume(state, by) {
      if (typeof state !== "string" || !state.startsWith(PREFIX)) return undefined;
      const [id = "", signature = ""] = state.slice(PREFIX.length).split(".");
      const entry = isSame(signature, sign(id)) ? parked.get(id) : undefined;
      if (entry === undefined || entry.owner !== by.owner || entry.what !== by.what) {
        throw new RpcFault(
          RPC.invalidParams,
          "Invalid params: requestState is not known, has expired, or belongs to another request",
          { data: { remedy: "Send the request again without requestState" } },
        );
      }
      drop(id);
      return entry.conversation;
    },
    get size() {
      return parked.size;
    },
    [Symbol.dispose]() {
      for (const id of [...parked.keys()]) {
        drop(id)?.abort(new DOMException("mcpproxy is shutting down", "AbortError"));
      }
    },
  };
}

/** Reads the answers that a client brings. */
export function readResponses(value: unknown): Params {
  return isRecord(value) ? value : {};
}

function isSame(found: string, wanted: string): boolean {
  const [a, b] = [new TextEncoder().encode(found), new TextEncoder().encode(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
