import type { ClientPeer } from "../contracts/mod.ts";
import type { WireMessage } from "./transport.ts";

/** Whom a request of a server concerns. */
export interface Asked {
  readonly peer: ClientPeer | undefined;
  /** The request of ours that it belongs to, as far as that is known. */
  readonly request: { readonly done: AbortSignal; asked: number } | undefined;
  /** It concerns one of several clients, and nobody can tell which. */
  readonly isAmbiguous: boolean;
}

interface ServerRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: unknown;
}

type Params = Readonly<Record<string, unknown>>;

const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;
/** A server that asks without end is not asked back without end. */
const MAX_OPEN = 1_000;

/** Passes requests of one server on to clients, and their answers back; each gets exactly one answer. */
export class ServerRequests {
  readonly #name: string;
  readonly #send: (message: WireMessage) => void;
  readonly #open = new Map<string, AbortController>();

  constructor(options: { readonly name: string; readonly send: (message: WireMessage) => void }) {
    this.#name = options.name;
    this.#send = options.send;
  }

  take(request: ServerRequest, asked: Asked): void {
    if (request.method === "ping") return this.#answer(request.id, { result: {} });
    const refusal = this.#refusal(request, asked);
    if (refusal !== undefined) return this.#answer(request.id, { error: refusal });
    void this.#relay(request, asked);
  }

  /** The server takes a request of its own back. */
  cancel(params: unknown): void {
    const key = isRecord(params) ? toKey(params.requestId) : "";
    this.#open.get(key)?.abort(new DOMException("The server no longer waits", "AbortError"));
  }

  close(): void {
    for (const controller of this.#open.values()) {
      controller.abort(new DOMException("The connection was closed", "AbortError"));
    }
    this.#open.clear();
  }

  #refusal({ method }: ServerRequest, { peer, isAmbiguous }: Asked) {
    if (isAmbiguous) {
      const message =
        `Cannot pass "${method}" on: several clients have calls in flight on server "${this.#name}", and it is not known which one is meant; set "connection": "session" for this server`;
      return { code: INTERNAL_ERROR, message };
    }
    if (peer === undefined) {
      return { code: METHOD_NOT_FOUND, message: `Cannot pass "${method}" on: no client is waiting` };
    }
    if (this.#open.size < MAX_OPEN) return undefined;
    return { code: INTERNAL_ERROR, message: `Cannot pass "${method}" on: too many requests are open` };
  }

  async #relay({ id, method, params }: ServerRequest, { peer, request }: Asked): Promise<void> {
    const controller = new AbortController();
    const key = toKey(id);
    this.#open.set(key, controller);
    const onDone = () => controller.abort(new DOMException("The call has ended", "AbortError"));
    request?.done.addEventListener("abort", onDone, { once: true });
    if (request !== undefined) request.asked++;
    try {
      const result = await peer?.request(method, params, {
        signal: controller.signal,
        onProgress: this.#progressFor(params),
      });
      this.#answer(id, { result });
    } catch (thrown) {
      this.#answer(id, { error: toError(thrown) });
    } finally {
      if (request !== undefined) request.asked--;
      request?.done.removeEventListener("abort", onDone);
      if (this.#open.get(key) === controller) this.#open.delete(key);
    }
  }

  #progressFor(params: unknown): ((progress: Params) => void) | undefined {
    const meta = isRecord(params) && isRecord(params._meta) ? params._meta : {};
    const { progressToken } = meta;
    if (progressToken === undefined) return undefined;
    return (progress) =>
      this.#send({
        jsonrpc: "2.0",
        method: "notifications/progress",
        params: { ...progress, progressToken },
      });
  }

  #answer(id: unknown, outcome: { readonly result: unknown } | { readonly error: unknown }): void {
    this.#send({ jsonrpc: "2.0", id, ...outcome });
  }
}

function toError(
  thrown: unknown,
): { readonly code: number; readonly message: string; readonly data?: unknown } {
  if (!(thrown instanceof Error)) return { code: INTERNAL_ERROR, message: "The client gave no answer" };
  const { message } = thrown;
  const code = "code" in thrown && typeof thrown.code === "number" ? thrown.code : INTERNAL_ERROR;
  const data = "data" in thrown ? thrown.data : undefined;
  return { code, message, ...(data === undefined ? {} : { data }) };
}

/** Ids of different types are different ids. */
function toKey(id: unknown): string {
  return JSON.stringify(id) ?? "";
}

function isRecord(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
