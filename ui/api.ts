/**
 * Asks the gateway over REST, as the command line does.
 *
 * @module
 */

import type { VerbName, VerbOutput } from "../lib/contracts/mod.ts";

interface Answer {
  readonly success: boolean;
  readonly data?: unknown;
  readonly error?: string;
  readonly remedy?: string;
  readonly code?: string;
}

/** What the gateway does not do, and what helps. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  /** Nobody is signed in any more; the page asks for the key, which says enough. */
  readonly isSignedOut: boolean;

  constructor(status: number, { error, code, remedy }: Partial<Answer>, isSignedOut = false) {
    super(error ?? `The gateway answered with status ${status}`);
    this.status = status;
    this.code = code ?? "";
    this.remedy = remedy ?? "";
    this.isSignedOut = isSignedOut;
  }
}

/** The way to the gateway. */
export interface Api {
  /**
   * Asks for a verb; the name only says which type the answer has.
   *
   * @throws {Refusal}
   */
  ask<N extends VerbName>(method: string, path: string, body?: unknown): Promise<VerbOutput<N>>;
  /** Opens a stream. @throws {Refusal} */
  open(path: string, options: OpenOptions): Promise<ReadableStream<string>>;
  /** Forgets the key and ends the session of the cookie. */
  signOut(): Promise<void>;
  useKey(key: string): void;
  /** Takes the code of a link, which gives a cookie that no script can read. @throws {Refusal} */
  redeem(code: string): Promise<void>;
}

/** How a stream is opened. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_HEADERS = { "content-type": "application/json" };

/** Creates the way to the gateway; a key that was typed lives in here only. */
export function createApi(onSignedOut: () => void): Api {
  let key = "";

  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (key !== "") headers.set("x-api-key", key);
    const response = await fetch(path, { ...init, headers });
    if (response.ok) return response;
    const answer: Partial<Answer> = await response.json().catch(() => ({}));
    const isSignedOut = response.status === 401 && path !== "/ui/sign-in";
    if (isSignedOut) onSignedOut();
    throw new Refusal(response.status, answer, isSignedOut);
  }

  return {
    async ask<N extends VerbName>(method: string, path: string, body?: unknown): Promise<VerbOutput<N>> {
      const isWrite = method !== "GET";
      const response = await send(`/api/v1${path}`, {
        method,
        headers: isWrite ? JSON_HEADERS : {},
        body: isWrite ? JSON.stringify(body ?? {}) : undefined,
      });
      const { data }: Answer = await response.json();
      // The daemon and this page are of one version, so the contract type holds.
      return data as VerbOutput<N>;
    },
    async open(path, { signal, headers: more = {} }) {
      const { body } = await send(path, { signal, headers: more, cache: "no-store" });
      if (body === null) throw new Refusal(0, { error: "The gateway sent no stream" });
      return body.pipeThrough(new TextDecoderStream());
    },
    async signOut() {
      key = "";
      await send("/ui/sign-out", { method: "POST", headers: JSON_HEADERS, body: "{}" });
    },
    useKey(typed) {
      key = typed;
    },
    async redeem(code) {
      await send("/ui/sign-in", { method: "POST", headers: JSON_HEADERS, body: JSON.stringify({ code }) });
    },
  };
}

/** Writes a name as one step of a path. */
export function step(name: string): string {
  return encodeURIComponent(name);
}
