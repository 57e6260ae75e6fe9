/**
 * A small HTTP/1.1 client for servers on this machine.
 *
 * `fetch` costs several times as much for each exchange; between two programs
 * on one machine that is most of what a call costs. It speaks plain HTTP only,
 * follows no redirect and uses no proxy, which is what loopback wants.
 *
 * @module
 */

import { isAscii } from "../ascii.ts";
import { Http1Connection } from "./connection.ts";
import type { ExchangeAnswer, ExchangeRequest } from "../network.ts";
import type { Head } from "./head.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const MAX_IDLE = 64;
const FORBIDDEN = /[\r\n\0]/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Exchanges with one server over connections that are kept. */
export class Http1Client implements Disposable {
  readonly #address: { readonly hostname: string; readonly port: number };
  readonly #target: string;
  readonly #host: string;
  readonly #idle: Http1Connection[] = [];
  readonly #open = new Set<Http1Connection>();
  readonly #lines = new WeakMap<object, string>();
  #disposed = false;

  constructor(url: URL) {
    this.#address = { hostname: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || 80 };
    this.#target = url.pathname + url.search;
    this.#host = url.host;
  }

  /**
   * Sends a request and resolves with the head of the answer.
   *
   * @throws {TypeError} If the server cannot be reached or breaks off.
   * @throws The reason of the signal.
   */
  async exchange(request: ExchangeRequest): Promise<ExchangeAnswer> {
    const { signal } = request;
    signal?.throwIfAborted();
    const connection = this.#idle.pop() ?? await this.#connect();
    const onAbort = () => this.#drop(connection);
    if (signal?.aborted === true) onAbort(); // while it was being made
    signal?.throwIfAborted();
    signal?.addEventListener("abort", onAbort, { once: true });
    const done = (isReusable: boolean) => {
      signal?.removeEventListener("abort", onAbort);
      if (isReusable && connection.reset()) this.#keep(connection);
      else this.#drop(connection);
    };
    try {
      await connection.write(this.#toBytes(request));
      const head = await connection.readHead();
      return new Answer(head, connection, { done, signal });
    } catch (error) {
      done(false);
      throw toFailure(error, signal);
    }
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const connection of [...this.#open]) this.#drop(connection);
    this.#idle.length = 0;
  }

  async #connect(): Promise<Http1Connection> {
    if (this.#disposed) throw new TypeError("The client is closed");
    let conn: Deno.TcpConn;
    try {
      conn = await Deno.connect(this.#address);
    } catch (cause) {
      throw new TypeError(`Cannot connect: ${cause instanceof Error ? cause.message : "unknown"}`, { cause });
    }
    conn.setNoDelay(true);
    const connection = new Http1Connection(conn);
    this.#open.add(connection);
    if (this.#disposed) {
      this.#drop(connection);
      throw new TypeError("The client is closed");
    }
    return connection;
  }

  #toBytes({ method, headers, body }: ExchangeRequest): Uint8Array {
    const text = `${method} ${this.#target} HTTP/1.1\r\nhost: ${this.#host}\r\n${this.#toLines(headers)}`;
    if (body === undefined) return encoder.encode(`${text}\r\n`);
    const headOf = (length: number) => `${text}content-length: ${length}\r\n\r\n`;
    // Of plain text the length is known before it is written, and it is written once.
    if (isAscii(body)) return encoder.encode(headOf(body.length) + body);
    const bytes = encoder.encode(body);
    const start = encoder.encode(headOf(bytes.length));
    const whole = new Uint8Array(start.length + bytes.length);
    whole.set(start);
    whole.set(bytes, start.length);
    return whole;
  }

  /** Writes headers; those that are used again and again are written once. */
  #toLines(headers: Readonly<Record<string, string>>): string {
    const known = this.#lines.get(headers);
    if (known !== undefined) return known;
    let lines = "";
    for (const [name, value] of Object.entries(headers)) {
      if (FORBIDDEN.test(name) || FORBIDDEN.test(value)) throw new TypeError(`Header "${name}" is not valid`);
      lines += `${name}: ${value}\r\n`;
    }
    this.#lines.set(headers, lines);
    return lines;
  }

  #keep(connection: Http1Connection): void {
    if (this.#disposed || this.#idle.length >= MAX_IDLE) return this.#drop(connection);
    this.#idle.push(connection);
    connection.watch(() => this.#drop(connection));
  }

  #drop(connection: Http1Connection): void {
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#open.delete(connection);
    connection.close();
  }
}

interface AnswerOptions {
  /** The body was read to its end, or never will be. */
  readonly done: (isReusable: boolean) => void;
  readonly signal: AbortSignal | undefined;
}

class Answer implements ExchangeAnswer {
  readonly #head: Head;
  readonly #connection: Http1Connection;
  readonly #options: AnswerOptions;
  readonly headers: ExchangeAnswer["headers"];
  #body: ReadableStream<Bytes> | undefined;

  constructor(head: Head, connection: Http1Connection, options: AnswerOptions) {
    this.#head = head;
    this.#connection = connection;
    this.#options = options;
    this.headers = {
      get: (name) => head.headers.get(name.toLowerCase()) ?? null,
      has: (name) => head.headers.has(name.toLowerCase()),
    };
  }

  get status(): number {
    return this.#head.status;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get body(): ReadableStream<Bytes> {
    this.#body ??= this.#stream();
    return this.#body;
  }

  async text(): Promise<string> {
    const { done, signal } = this.#options;
    try {
      const bytes = await this.#connection.readAll(this.#head);
      done(this.#head.keepsAlive);
      return decoder.decode(bytes);
    } catch (error) {
      done(false);
      throw toFailure(error, signal);
    }
  }

  #stream(): ReadableStream<Bytes> {
    const { done, signal } = this.#options;
    const parts = this.#connection.readParts(this.#head);
    return new ReadableStream<Bytes>({
      pull: async (controller) => {
        try {
          const { value, done: isEnd } = await parts.next();
          if (value !== undefined) controller.enqueue(value);
          if (isEnd !== true) return;
          done(this.#head.keepsAlive);
          controller.close();
        } catch (error) {
          done(false);
          controller.error(toFailure(error, signal));
        }
      },
      cancel: () => done(isEmpty(this.#head)),
    }, { highWaterMark: 0 });
  }
}

/** An answer without a body leaves nothing on the connection, read or not. */
function isEmpty({ status, headers, keepsAlive }: Head): boolean {
  return keepsAlive && (status === 204 || status === 304 || headers.get("content-length") === "0");
}

function toFailure(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof TypeError) return error;
  return new TypeError(`The connection broke: ${error instanceof Error ? error.message : "unknown"}`, {
    cause: error,
  });
}
