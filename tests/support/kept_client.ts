/**
 * A plain HTTP client on one kept connection: it writes requests by hand, some
 * of them at once, and reads the answers in their order. Made for tests of very
 * many calls, in which a real client would be most of the work.
 *
 * @module
 */

/** One answer. */
export interface KeptAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Bodies and headers of requests; all go by POST. */
export interface KeptRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One connection to one URL. */
export class KeptClient implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #head: string;
  readonly #chunk = new Uint8Array(64 * 1024);
  #text = "";

  constructor(connection: Deno.TcpConn, { host, pathname }: URL) {
    this.#connection = connection;
    this.#head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n`;
  }

  static async open(url: string): Promise<KeptClient> {
    const to = new URL(url);
    const connection = await Deno.connect({ hostname: to.hostname, port: Number(to.port) });
    connection.setNoDelay();
    return new KeptClient(connection, to);
  }

  /** Sends all, in one write where the system takes it, and reads as many answers. */
  async send(requests: readonly KeptRequest[]): Promise<KeptAnswer[]> {
    const bytes = ENCODER.encode(requests.map((request) => this.#write(request)).join(""));
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
    const answers: KeptAnswer[] = [];
    while (answers.length < requests.length) answers.push(await this.#read());
    return answers;
  }

  /** Only ASCII comes and goes, so a character is a byte. */
  #write({ headers, body }: KeptRequest): string {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return `${this.#head}${lines}content-length: ${body.length}\r\n\r\n${body}`;
  }

  async #read(): Promise<KeptAnswer> {
    const head = await this.#until("\r\n\r\n");
    const [status = "", ...lines] = head.split("\r\n");
    const headers = new Map(lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const isChunked = headers.get("transfer-encoding") === "chunked";
    const body = isChunked
      ? await this.#chunks()
      : await this.#take(Number(headers.get("content-length") ?? 0));
    return { status: Number(status.split(" ")[1]), headers, body };
  }

  async #chunks(): Promise<string> {
    for (let body = "";;) {
      const size = parseInt(await this.#until("\r\n"), 16);
      body += await this.#take(size);
      await this.#until("\r\n");
      if (size === 0) return body;
    }
  }

  async #until(end: string): Promise<string> {
    let at = this.#text.indexOf(end);
    for (; at < 0; at = this.#text.indexOf(end)) await this.#fill();
    const text = this.#text.slice(0, at);
    this.#text = this.#text.slice(at + end.length);
    return text;
  }

  async #take(length: number): Promise<string> {
    while (this.#text.length < length) await this.#fill();
    const text = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return text;
  }

  async #fill(): Promise<void> {
    const count = await this.#connection.read(this.#chunk);
    if (count === null) throw new Error(`Cannot read on: the connection was closed after "${this.#text}"`);
    this.#text += DECODER.decode(this.#chunk.subarray(0, count));
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("latin1");
