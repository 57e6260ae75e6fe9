import { createHead, type Head, MAX_HEAD_BYTES, readHead } from "./head.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What most answers fit into: thousands of connections stand idle, each with a buffer. */
const BUFFER_BYTES = 8 * 1024;
/** For answers that come faster than they are read. */
const LARGE_BUFFER_BYTES = 64 * 1024;

/** The other side said something that is no HTTP/1.1, or stopped in the middle of it. */
export class Http1Error extends TypeError {}

/** How long a body is. */
type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** Until the connection ends. */
  | { readonly kind: "rest" };

/**
 * One connection that carries one exchange after the other. While it is idle a
 * read stands open, so that it is known at once when the other side hangs up.
 */
export class Http1Connection {
  readonly #conn: Deno.Conn;
  #buffer: Bytes = new Uint8Array(BUFFER_BYTES);
  #start = 0;
  #end = 0;
  #reading: Promise<number | null> | undefined;
  #closed = false;
  #isIdle = false;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Watches for the end while nothing is asked; anything that comes unasked ends the connection too. */
  watch(onEnd: () => void): void {
    this.#isIdle = true;
    this.#reading ??= this.#conn.read(this.#buffer.subarray(this.#end));
    // What comes before it was asked for must never pass for an answer.
    const check = () => this.#isIdle && onEnd();
    this.#reading.then(check, check);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#isIdle = false;
    for (let written = 0; written < bytes.length;) written += await this.#conn.write(bytes.subarray(written));
  }

  /** Reads the head of the answer; interim answers are skipped. @throws {Http1Error} */
  async readHead(): Promise<Head> {
    for (;;) {
      const length = await this.#find();
      const head = createHead(this.#buffer.subarray(this.#start, this.#start + length));
      this.#start += length;
      if (head === undefined) throw new Http1Error("The answer is no HTTP/1.1");
      if (head.status >= 200 || head.status === 101) return head;
    }
  }

  /** Reads a whole body; an expected length was checked by whoever asks. */
  async readAll(head: Head): Promise<Bytes> {
    const framing = framingOf(head);
    if (framing.kind === "none") return new Uint8Array();
    if (framing.kind === "length") return await this.#take(framing.bytes);
    const parts: Bytes[] = [];
    for await (const part of this.#parts(framing)) parts.push(part);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Reads a body part by part. */
  readParts(head: Head): AsyncGenerator<Bytes> {
    return this.#parts(framingOf(head));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reading?.catch(() => {}); // it ends with the connection
    this.#conn.close();
  }

  async *#parts(framing: Framing): AsyncGenerator<Bytes> {
    if (framing.kind === "chunked") yield* this.#chunks();
    else if (framing.kind !== "none") {
      let left = framing.kind === "length" ? framing.bytes : Infinity;
      while (left > 0) {
        if (this.#start === this.#end && !await this.#fill()) {
          if (framing.kind === "rest") return;
          throw broken();
        }
        const part = this.#buffer.slice(this.#start, this.#start + Math.min(left, this.#end - this.#start));
        this.#start += part.length;
        left -= part.length;
        yield part;
      }
    }
  }

  async *#chunks(): AsyncGenerator<Bytes> {
    for (;;) {
      const line = await this.#line();
      const size = /^([0-9a-f]{1,8})(?:[ \t]*;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw new Http1Error("The answer has a broken chunk");
      let left = parseInt(size, 16);
      if (left === 0) break;
      while (left > 0) {
        if (this.#start === this.#end && !await this.#fill()) throw broken();
        const part = this.#buffer.slice(this.#start, this.#start + Math.min(left, this.#end - this.#start));
        this.#start += part.length;
        left -= part.length;
        yield part;
      }
      if (await this.#line() !== "") throw new Http1Error("The answer has a broken chunk");
    }
    while (await this.#line() !== ""); // trailers mean nothing here
  }

  async #line(): Promise<string> {
    for (;;) {
      const at = this.#buffer.subarray(0, this.#end).indexOf(0x0a, this.#start);
      if (at >= 0) {
        const line = decodeAscii(this.#buffer.subarray(this.#start, at)).replace(/\r$/, "");
        this.#start = at + 1;
        return line;
      }
      if (this.#end - this.#start > MAX_HEAD_BYTES) throw new Http1Error("The answer has a line without end");
      if (!await this.#fill()) throw broken();
    }
  }

  /** Length of the head that begins the buffer, its empty line included. */
  async #find(): Promise<number> {
    for (;;) {
      const length = readHead(this.#buffer.subarray(this.#start, this.#end));
      if (length !== undefined && length <= MAX_HEAD_BYTES) return length;
      if (this.#end - this.#start > MAX_HEAD_BYTES) {
        throw new Http1Error("The head of the answer is too long");
      }
      if (!await this.#fill()) throw broken();
    }
  }

  async #take(bytes: number): Promise<Bytes> {
    const available = this.#end - this.#start;
    if (available >= bytes) {
      const part = this.#buffer.slice(this.#start, this.#start + bytes);
      this.#start += bytes;
      return part;
    }
    const whole = new Uint8Array(bytes);
    whole.set(this.#buffer.subarray(this.#start, this.#end));
    this.#start = this.#end;
    for (let at = available; at < bytes;) {
      const count = await this.#conn.read(whole.subarray(at));
      if (count === null) throw broken();
      at += count;
    }
    return whole;
  }

  /** Reads more into the buffer; `false` at the end. */
  async #fill(): Promise<boolean> {
    if (this.#start === this.#end) this.#start = this.#end = this.#reading === undefined ? 0 : this.#end;
    if (this.#reading === undefined && this.#end === this.#buffer.length) this.#makeRoom();
    const room = this.#buffer.length - this.#end;
    const reading = this.#reading ?? this.#conn.read(this.#buffer.subarray(this.#end));
    this.#reading = undefined;
    const count = await reading;
    if (count === null) return false;
    this.#end += count;
    if (count === room) this.#enlarge();
    return true;
  }

  /** More was there than the buffer took. */
  #enlarge(): void {
    if (this.#buffer.length >= LARGE_BUFFER_BYTES) return;
    const larger = new Uint8Array(LARGE_BUFFER_BYTES);
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }

  #makeRoom(): void {
    const rest = this.#buffer.subarray(this.#start, this.#end);
    const next = rest.length * 2 > this.#buffer.length
      ? new Uint8Array(this.#buffer.length * 2)
      : this.#buffer;
    if (next === this.#buffer) next.copyWithin(0, this.#start, this.#end);
    else next.set(rest);
    this.#buffer = next;
    this.#end = rest.length;
    this.#start = 0;
  }

  /** Makes the connection fit for another exchange; `false` if something is left over. */
  reset(): boolean {
    if (this.#start !== this.#end) return false;
    this.#start = this.#end = 0;
    // A connection that had much to carry once will have it again.
    if (this.#buffer.length > LARGE_BUFFER_BYTES) this.#buffer = new Uint8Array(LARGE_BUFFER_BYTES);
    return true;
  }
}

function framingOf({ status, headers }: Head): Framing {
  if (status === 204 || status === 304) return { kind: "none" };
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) {
    if (coding.toLowerCase().trim() === "chunked") return { kind: "chunked" };
    throw new Http1Error(`The answer has transfer encoding "${coding.slice(0, 40)}"`);
  }
  const length = headers.get("content-length");
  if (length === undefined) return { kind: "rest" };
  if (!/^\d{1,15}$/.test(length)) throw new Http1Error("The answer has a broken length");
  return { kind: "length", bytes: Number(length) };
}

function broken(): Http1Error {
  return new Http1Error("The connection was reset before the answer was whole");
}

function decodeAscii(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
