/**
 * Streamable HTTP, the client's side, for both eras.
 *
 * Each message is a POST of its own. Its answer is JSON, or an event stream
 * that may be taken up again where it broke off. In the legacy era there is a
 * session, and a standing stream for what the server says by itself.
 *
 * @see https://modelcontextprotocol.io/specification
 * @module
 */

import type { ExchangeAnswer, HttpExchange } from "../platform/mod.ts";
import { createHttpTimers, type HttpTimers } from "./http_timers.ts";
import type { HttpOptions } from "./http.ts";
import { answerIn, endsConnection, StreamRefused } from "./http_status.ts";
import {
  delayOf,
  isStream,
  messagesIn,
  type Place,
  readMessages,
  readWithin,
  RETRY,
  toFailure,
} from "./http_answers.ts";
import { type HttpTarget, toTarget } from "./http_target.ts";
import { standardHeaders } from "./param_headers.ts";
import { readSse } from "./sse_reader.ts";
import type { SendOptions, Transport, WireMessage } from "./transport.ts";
import { isUnaskedText } from "./unasked.ts";
import { settledWithin } from "./within.ts";

/** Best effort when saying goodbye; the server may be gone. */
const GOODBYE_MS = 2_000;
/** Longest that requests in flight may take to come to their own end when the wire is lost. */
const LAST_WORDS_MS = 1_000;
/** With these a server refuses the stream of a session that it has forgotten. */
const STREAM_GONE = new Set([400, 404, 410]);
const FIRST_MODERN = "2026";

const SESSION = "mcp-session-id";
const POST_HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** Opens a Streamable HTTP transport. Nothing is sent yet. */
export function openStreamable(options: HttpOptions): Transport {
  return new Streamable(options, toTarget(options.server));
}

class Streamable implements Transport {
  readonly wire = "streamable-http";
  readonly pid = undefined;
  readonly #options: HttpOptions;
  readonly #timers: HttpTimers;
  readonly #http: HttpExchange;
  readonly #ended = new AbortController();
  readonly #common: Record<string, string>;
  #session: string | undefined;
  #usual: Readonly<Record<string, string>> | undefined;
  #version = "";
  #hadStream = false;
  #closing: Promise<void> | undefined;
  #inFlight = 0;
  /** Hears when nothing is in flight any more. */
  #onQuiet: (() => void) | undefined;

  constructor(options: HttpOptions, target: HttpTarget) {
    this.#options = options;
    this.#http = options.platform.network.openExchange(target.url);
    this.#timers = createHttpTimers(options.platform.clock);
    this.#common = Object.fromEntries(target.headers);
  }

  get leavingCancels(): boolean {
    return this.#isModern;
  }

  setProtocolVersion(version: string): void {
    this.#version = version;
    this.#usual = undefined;
  }

  async send(message: WireMessage, options: SendOptions = {}): Promise<void> {
    this.#inFlight++;
    try {
      await this.#post(message, options);
    } catch (error) {
      if (this.#ended.signal.aborted || options.signal?.aborted === true) throw error;
      const hasSession = this.#session !== undefined;
      const answer = answerIn(error, message.id);
      const isOver = endsConnection(error, hasSession);
      if (answer !== undefined && !(isOver && hasSession)) return this.#options.onMessage(answer);
      if (isOver) this.#lost(error);
      throw error;
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#onQuiet?.();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#sayGoodbye().then(() => this.#release());
    return this.#closing;
  }

  get #isModern(): boolean {
    return this.#version >= FIRST_MODERN;
  }

  async #post(message: WireMessage, options: SendOptions): Promise<void> {
    const response = await this.#fetch("POST", {
      body: JSON.stringify(message),
      headers: this.#postHeaders(message, options),
      signal: options.signal,
    });
    if (!response.ok) throw await toFailure(response);
    const session = response.headers.get(SESSION) ?? this.#session;
    if (session !== this.#session) this.#usual = undefined;
    this.#session = session;
    await this.#take(message, response, options);
  }

  /** The same object as long as nothing changes, so that the client need not write it again. */
  #postHeaders(message: WireMessage, { headers }: SendOptions): Readonly<Record<string, string>> {
    const usual = this.#usual ??= this.#withSession({ ...this.#common, ...POST_HEADERS });
    return this.#isModern || headers !== undefined
      ? { ...usual, ...this.#isModern ? standardHeaders(message) : {}, ...headers }
      : usual;
  }

  #withSession(headers: Record<string, string>): Record<string, string> {
    if (this.#session !== undefined) headers[SESSION] = this.#session;
    if (this.#version !== "") headers["mcp-protocol-version"] = this.#version;
    return headers;
  }

  async #take(message: WireMessage, response: ExchangeAnswer, options: SendOptions): Promise<void> {
    const id = typeof message.id === "number" && message.method !== undefined ? message.id : undefined;
    // The body is asked for only where it is needed: a stream is made for whoever looks at it.
    if (id === undefined || response.status === 202) {
      await response.body?.cancel();
      if (message.method === "notifications/initialized" && !this.#isModern) void this.#stand();
      if (id !== undefined) options.onEnd?.();
      return;
    }
    const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
    if (type === "text/event-stream" && response.body !== null) {
      return await this.#takeStream(id, response.body, options);
    }
    if (type !== "application/json") {
      await response.body?.cancel();
      throw new Error(`The answer has content type "${type.slice(0, 60)}", wanted JSON or an event stream`);
    }
    const { maxMessageBytes, onOversize } = this.#options;
    const text = await readWithin(response, maxMessageBytes, (sizeBytes) => onOversize(id, sizeBytes));
    this.#takeText(text, id);
  }

  #takeText(text: string | undefined, related: number | undefined): void {
    if (text === undefined) return;
    for (const message of readMessages(text)) this.#options.onMessage(message, related);
  }

  async #takeStream(
    id: number,
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    options: SendOptions,
  ): Promise<void> {
    const place: Place = { lastId: undefined, retryMs: undefined, answered: false };
    for (let attempt = 0;; attempt++) {
      const broke = await this.#readStream(body, id, place).then(() => false, () => true);
      if (place.answered || this.#ended.signal.aborted || options.signal?.aborted === true) return;
      if (place.lastId === undefined || this.#isModern || attempt >= RETRY.times) {
        if (broke) throw new TypeError("The answer broke off");
        return options.onEnd?.();
      }
      if (!broke) options.onPause?.();
      const resumed = await this.#resume(place, attempt, options.signal);
      if (resumed === undefined) return options.onEnd?.();
      body = resumed;
    }
  }

  async #readStream(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    related: number | undefined,
    place: Place,
  ): Promise<void> {
    await readSse(body, {
      maxBytes: this.#options.maxMessageBytes,
      onEvent: ({ event, data }) => {
        if (event !== "message" || data === "") return;
        this.#takeEvent(data, related, place);
      },
      onId: (id) => void (place.lastId = id),
      onRetry: (delayMs) => void (place.retryMs = delayMs),
      onOversize: (id, sizeBytes) => {
        place.answered ||= id === related;
        this.#options.onOversize(id, sizeBytes);
      },
    });
  }

  /** An event that is no message spoils neither its stream nor the call. */
  #takeEvent(data: string, related: number | undefined, place: Place): void {
    const { isAwaited, onUnasked } = this.#options;
    if (isAwaited !== undefined && isUnaskedText(data, isAwaited)) return onUnasked?.(data.length);
    for (const message of messagesIn(data)) {
      if (message.method === undefined && Number(message.id) === related) place.answered = true;
      this.#options.onMessage(message, related);
    }
  }

  /** Goes on with an answer that broke off; `undefined` if the server does not. */
  async #resume(place: Place, attempt: number, signal: AbortSignal | undefined) {
    await this.#timers.wait(place.retryMs ?? delayOf(attempt), [this.#ended.signal, signal]);
    if (this.#ended.signal.aborted || signal?.aborted === true) return undefined;
    const response = await this.#openStream(place.lastId, signal).catch(() => undefined);
    if (response?.ok === true && isStream(response)) return response.body ?? undefined;
    await response?.body?.cancel();
    return undefined;
  }

  /** Keeps the standing stream of a legacy session open; a server without one answers 405 once. */
  async #stand(): Promise<void> {
    const place: Place = { lastId: undefined, retryMs: undefined, answered: false };
    for (let failures = 0; failures <= RETRY.times;) {
      const response = await this.#openStream(place.lastId, undefined).catch(() => undefined);
      if (this.#ended.signal.aborted) return void response?.body?.cancel();
      const status = response?.status ?? 0;
      if (response?.ok === true && isStream(response) && response.body !== null) {
        this.#hadStream = true;
        failures = 0;
        await this.#readStream(response.body, undefined, place).catch(() => {});
      } else {
        await response?.body?.cancel();
        if (this.#hadStream && STREAM_GONE.has(status)) return this.#lost(new StreamRefused(status));
        if (!this.#hadStream && status !== 0) return;
        failures++;
      }
      if (this.#ended.signal.aborted) return;
      await this.#timers.wait(place.retryMs ?? delayOf(failures), [this.#ended.signal]);
    }
  }

  #openStream(lastId: string | undefined, signal: AbortSignal | undefined): Promise<ExchangeAnswer> {
    const headers = this.#withSession({ ...this.#common, accept: "text/event-stream" });
    if (lastId !== undefined) headers["last-event-id"] = lastId;
    return this.#fetch("GET", { headers, signal });
  }

  #fetch(
    method: string,
    init: {
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<ExchangeAnswer> {
    // Exchanges with a signal of their own are ended by it when the connection closes.
    const signal = init.signal ?? this.#ended.signal;
    return this.#http.send({ method, headers: init.headers, body: init.body, signal });
  }

  /** The wire is of no use any more. */
  #lost(cause: unknown): void {
    if (this.#closing !== undefined) return;
    const settled = this.#settle();
    this.#closing = settled;
    this.#options.onClosed(cause, settled);
  }

  /** Each message has an exchange of its own: that one fails does not decide what becomes of the others. */
  async #settle(): Promise<void> {
    if (this.#inFlight > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onQuiet = resolve;
      await settledWithin(this.#options.platform.clock, LAST_WORDS_MS, promise);
    }
    this.#release();
  }

  async #sayGoodbye(): Promise<void> {
    if (this.#session === undefined) return;
    const { clock } = this.#options.platform;
    const headers = this.#withSession({ ...this.#common });
    const farewell = this.#fetch("DELETE", { headers }).then(({ body }) => body?.cancel());
    await settledWithin(clock, GOODBYE_MS, farewell);
  }

  #release(): void {
    this.#timers[Symbol.dispose]();
    this.#ended.abort(new DOMException("The connection was closed", "AbortError"));
    this.#http[Symbol.dispose]();
  }
}
