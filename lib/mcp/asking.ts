import type { PeerRequestOptions } from "../contracts/mod.ts";
import { isRecord, RPC, RpcFault, type RpcResponse } from "./jsonrpc.ts";

/** Sends a message to the client; `false` if there is no way to it now. */
export type Send = (message: unknown) => boolean;

interface Question {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: PeerRequestOptions["onProgress"];
}

type Params = Readonly<Record<string, unknown>>;

/** What a client must say it can do before it is asked. */
const NEEDS: Readonly<Record<string, string>> = {
  "sampling/createMessage": "sampling",
  "elicitation/create": "elicitation",
  "roots/list": "roots",
};

/**
 * Tells why a client cannot be asked; `undefined` if it can. Pure.
 *
 * @param capabilities What the client said it can do.
 */
export function cannotAnswer(method: string, params: unknown, capabilities: Params): RpcFault | undefined {
  const need = Object.hasOwn(NEEDS, method) ? NEEDS[method] : undefined;
  if (need === undefined) return undefined;
  const has = capabilities[need];
  if (!isRecord(has)) {
    return new RpcFault(RPC.methodNotFound, `Method not found: the client has no capability "${need}"`, {
      data: { requiredCapabilities: { [need]: {} } },
    });
  }
  const mode = need === "elicitation" && isRecord(params) && params.mode === "url" ? "url" : "form";
  // Before there were modes, the bare capability meant forms.
  const isForm = mode === "form" && (has.form !== undefined || has.url === undefined);
  if (mode === "url" && isRecord(params) && params.url !== undefined) {
    const problem = problemOfAddress(params.url);
    if (problem !== undefined) {
      return new RpcFault(RPC.invalidParams, `Invalid params: the address ${problem}`);
    }
  }
  if (need !== "elicitation" || isForm || has[mode] !== undefined) return undefined;
  return new RpcFault(
    RPC.invalidParams,
    `Invalid params: the client takes no elicitation of mode "${mode}"`,
    {
      data: { requiredCapabilities: { elicitation: { [mode]: {} } } },
    },
  );
}

/** Programs of this machine may ask for a visit over plain HTTP. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Tells what is wrong with an address that a person is to visit; clients show it, and people click. */
function problemOfAddress(address: unknown): string | undefined {
  if (typeof address !== "string" || !URL.canParse(address)) return "is none";
  // Letters that look like others belong into a host only in their plain form, which nobody takes for another.
  if (!/^[!-~]+$/.test(address)) {
    return "has other characters than ASCII; hosts go as punycode, the rest percent-encoded";
  }
  const { protocol, hostname, username, password } = new URL(address);
  const isFit = protocol === "https:" || protocol === "http:" && LOOPBACK.test(hostname);
  if (!isFit) return `has the scheme "${protocol.slice(0, 20)}", wanted https`;
  return username === "" && password === "" ? undefined : "has a user name in front of its host";
}

/** The questions put to one client that wait for an answer. */
export class Questions {
  readonly #open = new Map<number, Question>();
  #nextId = 1;

  /**
   * Asks the client.
   *
   * @throws {RpcFault} The client's own error, or that it cannot be reached or has gone.
   * @throws The reason of the signal.
   */
  ask(
    send: Send,
    method: string,
    params: unknown,
    { signal, onProgress }: PeerRequestOptions,
  ): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#open.delete(id);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        settle();
        send({
          jsonrpc: "2.0",
          method: "notifications/cancelled",
          params: { requestId: id, reason: "The server no longer waits" },
        });
        reject(signal.reason);
      };
      this.#open.set(id, {
        onProgress,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal.addEventListener("abort", onAbort, { once: true });
      const message = { jsonrpc: "2.0", id, method, params: withToken(params, id, onProgress) };
      if (send(message)) return;
      settle();
      reject(new RpcFault(RPC.internalError, "The client has no stream open on which it could be asked"));
    });
  }

  /** Takes an answer; one to a question nobody put is dropped. */
  answer({ id, result, error }: RpcResponse): void {
    const question = typeof id === "number" || typeof id === "string"
      ? this.#open.get(Number(id))
      : undefined;
    if (question === undefined) return;
    if (!isRecord(error)) return question.resolve(result);
    const { code, message, data } = error;
    question.reject(
      new RpcFault(
        typeof code === "number" ? code : RPC.internalError,
        typeof message === "string" ? message : "The client gave no reason",
        { data },
      ),
    );
  }

  /** Takes progress of the client on a question. */
  progress(params: Params | undefined): void {
    const token = params?.progressToken;
    if (typeof token === "number") this.#open.get(token)?.onProgress?.(params ?? {});
  }

  /** The client has gone: nothing will be answered any more. */
  close(): void {
    for (const question of [...this.#open.values()]) {
      question.reject(new RpcFault(RPC.internalError, "The client has gone"));
    }
  }
}

/** The server's own token would not be the only one of its kind. */
function withToken(params: unknown, id: number, onProgress: PeerRequestOptions["onProgress"]): unknown {
  if (onProgress === undefined || !isRecord(params)) return params;
  const meta = isRecord(params._meta) ? params._meta : {};
  return { ...params, _meta: { ...meta, progressToken: id } };
}
