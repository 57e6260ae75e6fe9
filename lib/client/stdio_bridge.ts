import { parseJson } from "../contracts/quick.ts";
import { type Clock, sleep } from "../platform/mod.ts";
import { readMessages } from "./message_stream.ts";
import {
  isRecord,
  isRefused,
  type Line,
  modernHeaders,
  readLine,
  toError,
  toRecord,
  withId,
  wordsOf,
} from "./stdio_lines.ts";

/** A way to the gateway. */
export interface GatewayLink {
  /** Sends a request to a path of the gateway. @throws {TypeError} If it cannot be reached. */
  fetch(path: string, init: RequestInit): Promise<Response>;
}

/** What a bridge connects. */
export interface BridgeOptions {
  readonly clock: Clock;
  readonly link: GatewayLink;
  /** The endpoint, such as `/mcp/all`. */
  readonly path: string;
  /** Lines of the client. */
  readonly lines: AsyncIterable<string>;
  /** Writes one line to the client. */
  readonly write: (line: string) => Promise<void>;
  /** Tells a person something; never the client. */
  readonly note: (text: string) => void;
}

const SESSION = "mcp-session-id";
/** A gateway that restarts is waited for. */
const WAITS_MS = [100, 200, 400, 800, 1_600, 3_000, 3_000, 5_000, 5_000, 5_000];
/** The standing stream is opened again after this. */
const STREAM_WAIT_MS = 1_000;
const GOODBYE_MS = 2_000;
/** Sent again when the gateway has gone away under them: they change nothing. */
const SAFE =
  /^(?:initialize|ping|(?:tools|prompts|resources|resources\/templates)\/list|prompts\/get|resources\/read|completion\/complete|server\/discover|subscriptions\/listen|logging\/setLevel|resources\/(?:un)?subscribe)$/;
/** What a session is told once holds for the next one as well. */
const KEPT = /^(?:logging\/setLevel|resources\/subscribe)$/;

/**
 * Passes the lines of an MCP client that speaks stdio on to a gateway that
 * speaks HTTP, and everything back, until the client closes its end.
 *
 * A session that the gateway has forgotten, because it was started anew, is
 * opened again with the client's own words; the client does not notice.
 */
export async function runBridge(options: BridgeOptions): Promise<void> {
  const bridge = new Bridge(options);
  try {
    for await (const line of options.lines) bridge.take(line);
  } finally {
    await bridge.close();
  }
}

class Bridge {
  readonly #options: BridgeOptions;
  readonly #ended = new AbortController();
  readonly #inFlight = new Map<
    string,
    { readonly isModern: boolean; readonly controller: AbortController }
  >();
  readonly #kept = new Map<string, string>();
  readonly #work = new Set<Promise<void>>();
  /** What is sent waits for the handshake. */
  #ready: Promise<void> = Promise.resolve();
  #session: string | undefined;
  #version: string | undefined;
  #handshake: string | undefined;
  #renewing: Promise<void> | undefined;
  #lastId: string | undefined;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  take(text: string): void {
    const line = readLine(text);
    if (line === undefined) return;
    const { message } = line;
    if (message?.method === "initialize") this.#handshake = text;
    if (message?.method === "notifications/cancelled" && this.#leave(message.params)) return;
    const before = this.#ready;
    const work = this.#carry(line, before).catch((error) => this.#options.note(String(error)));
    const isHandshake = message?.method === "initialize";
    // The session is known only with its answer; notifications keep their order.
    if (isHandshake || message?.id === undefined) this.#ready = work;
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  /** Over HTTP a modern client cancels by leaving the answer. */
  #leave(params: unknown): boolean {
    const id = isRecord(params) ? params.requestId : undefined;
    const request = this.#inFlight.get(JSON.stringify(id));
    if (request?.isModern !== true) return false;
    request.controller.abort();
    return true;
  }

  /** What is in flight may finish for a moment, then it is left. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    const late = sleep(clock, GOODBYE_MS, this.#ended.signal).catch(() => {});
    await Promise.race([Promise.all(this.#work), late]);
    const session = this.#session;
    this.#session = undefined;
    this.#ended.abort();
    if (session === undefined) return;
    const farewell = this.#options.link.fetch(this.#options.path, {
      method: "DELETE",
      headers: { [SESSION]: session },
    }).then((response) => response.body?.cancel()).catch(() => {});
    using _timer = clock.after(GOODBYE_MS, () => {});
    await farewell;
  }

  async #carry(line: Line, before: Promise<void>): Promise<void> {
    const { message } = line;
    await before;
    const id = message?.method === undefined ? undefined : message.id;
    const controller = new AbortController();
    const leave = () => controller.abort();
    this.#ended.signal.addEventListener("abort", leave, { once: true });
    if (id !== undefined) this.#inFlight.set(JSON.stringify(id), { controller, isModern: line.isModern });
    try {
      await this.#exchange(line, controller.signal);
      this.#keep(line);
    } catch (error) {
      if (this.#ended.signal.aborted || controller.signal.aborted) return;
      if (id === undefined) this.#options.note(`Cannot pass on a message: ${wordsOf(error)}`);
      else await this.#say(toError(id, wordsOf(error)));
    } finally {
      this.#ended.signal.removeEventListener("abort", leave);
      if (id !== undefined) this.#inFlight.delete(JSON.stringify(id));
    }
  }

  async #exchange(line: Line, signal: AbortSignal): Promise<void> {
    const method = String(line.message?.method ?? "");
    for (let misses = 0;; misses++) {
      const session = this.#session;
      let isSent = false;
      try {
        const response = await this.#post(line, signal);
        isSent = true;
        if (response.status === 404 && session !== undefined && method !== "initialize" && !line.isModern) {
          await response.body?.cancel();
          await this.#renew(session);
          continue;
        }
        if (response.status === 503 && misses < WAITS_MS.length) {
          await response.body?.cancel(); // it is starting or stopping, and has not taken the message
        } else return await this.#answer(line, response);
      } catch (error) {
        if (signal.aborted) throw error;
        const mayRepeat = !isSent && isRefused(error) || SAFE.test(method);
        if (!mayRepeat || misses >= WAITS_MS.length) throw error;
      }
      await sleep(this.#options.clock, WAITS_MS[misses] ?? 0, signal);
    }
  }

  #post(line: Line, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...line.isModern
        ? modernHeaders(line.message)
        : this.#legacyHeaders(line.message?.method === "initialize"),
    };
    return this.#options.link.fetch(this.#options.path, { method: "POST", headers, body: line.text, signal });
  }

  #legacyHeaders(isHandshake: boolean): Record<string, string> {
    if (this.#session === undefined || isHandshake) return {};
    const version = this.#version;
    return {
      [SESSION]: this.#session,
      ...(version === undefined ? {} : { "mcp-protocol-version": version }),
    };
  }

  async #answer(line: Line, response: Response): Promise<void> {
    const { message } = line;
    if (response.status === 202 || response.status === 204) return void await response.body?.cancel();
    if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
      if (message?.method === "initialize") this.#agree(response, undefined);
      for await (const { data } of response.body === null ? [] : readMessages(response.body)) {
        if (data !== "") await this.#say(data);
      }
      return;
    }
    const text = await response.text();
    if (message?.method === "initialize" && response.ok) this.#agree(response, text);
    const id = message?.method === undefined ? undefined : message.id;
    // What is no message at all has no id; what is wrong with it is said all the same.
    if (response.ok || message === undefined) await this.#say(text);
    else if (id !== undefined) await this.#say(withId(text, id, response.status));
    else this.#options.note(`The gateway refused a message with HTTP status ${response.status}`);
  }

  /** Keeps what the handshake has brought, and listens from then on. */
  #agree(response: Response, text: string | undefined): void {
    const isFirst = this.#session === undefined;
    this.#session = response.headers.get(SESSION) ?? undefined;
    const answer = text === undefined ? undefined : toRecord(text)?.result;
    if (isRecord(answer) && typeof answer.protocolVersion === "string") {
      this.#version = answer.protocolVersion;
    }
    if (isFirst && this.#session !== undefined) void this.#stand();
  }

  /** Opens the session again, once for all who find it gone. */
  #renew(gone: string): Promise<void> {
    if (this.#session !== gone) return this.#renewing ?? Promise.resolve();
    this.#renewing ??= this.#openAgain().finally(() => this.#renewing = undefined);
    return this.#renewing;
  }

  async #openAgain(): Promise<void> {
    const handshake = readLine(this.#handshake ?? "");
    if (handshake === undefined) throw new Error("The session has ended and cannot be opened again");
    const response = await this.#post(handshake, this.#ended.signal);
    const text = await response.text();
    if (!response.ok) throw new Error(`The session cannot be opened again: HTTP status ${response.status}`);
    this.#session = response.headers.get(SESSION) ?? undefined;
    this.#lastId = undefined;
    this.#options.note("The gateway was started anew; the session goes on");
    if (text === "") return;
    for (const text of ['{"jsonrpc":"2.0","method":"notifications/initialized"}', ...this.#kept.values()]) {
      const line = readLine(text);
      if (line !== undefined) await (await this.#post(line, this.#ended.signal)).body?.cancel();
    }
  }

  #keep({ message, text, isModern }: Line): void {
    const method = String(message?.method ?? "");
    const { uri } = isRecord(message?.params) ? message.params : {};
    if (isModern) return;
    if (KEPT.test(method)) this.#kept.set(`${method} ${String(uri ?? "")}`, text);
    if (method === "resources/unsubscribe") this.#kept.delete(`resources/subscribe ${String(uri)}`);
  }

  /** Hears what servers say outside of any answer, as long as the client is there. */
  async #stand(): Promise<void> {
    const { clock, link, path } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        const last = this.#lastId;
        const headers: Record<string, string> = {
          accept: "text/event-stream",
          ...this.#legacyHeaders(false),
        };
        if (last !== undefined) headers["last-event-id"] = last;
        const session = this.#session ?? "";
        const response = await link.fetch(path, { method: "GET", headers, signal });
        if (response.status === 404) await this.#renew(session);
        if (!response.ok || response.body === null) await response.body?.cancel();
        else {
          for await (const { id, data } of readMessages(response.body)) {
            this.#lastId = id ?? this.#lastId;
            if (data !== "") await this.#say(data);
          }
        }
      } catch {
        // The gateway is away; what the client sends meanwhile says so.
      }
      await sleep(clock, STREAM_WAIT_MS, signal).catch(() => {});
    }
  }

  async #say(text: string): Promise<void> {
    if (this.#ended.signal.aborted) return;
    // A message is one line, whatever it was before.
    await this.#options.write(text.includes("\n") ? JSON.stringify(parseJson(text)) : text);
  }
}
