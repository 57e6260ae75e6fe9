/**
 * HTTP/1.1 over bare sockets, as little of it as it takes, so that a test can
 * break it off at any byte and reset the connection.
 *
 * @module
 */

import type { Socket } from "node:net";
import { Buffer } from "node:buffer";

/** A request that has come in whole. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads the requests of a connection one after the other; ends with the connection. */
export async function* readRequests(socket: Socket): AsyncGenerator<WireRequest> {
  let buffer = Buffer.alloc(0);
  const chunks = socket[Symbol.asyncIterator]();
  async function more(): Promise<boolean> {
    // A reset ends the reading like any other end.
    const next = await chunks.next().catch(() => undefined);
    if (next === undefined || next.done === true) return false;
    buffer = Buffer.concat([buffer, next.value]);
    return true;
  }
  for (;;) {
    let end = buffer.indexOf("\r\n\r\n");
    for (; end < 0; end = buffer.indexOf("\r\n\r\n")) if (!await more()) return;
    const head = parseHead(buffer.subarray(0, end).toString());
    const length = Number(head.headers["content-length"] ?? 0);
    while (buffer.length < end + 4 + length) if (!await more()) return;
    const body = buffer.subarray(end + 4, end + 4 + length).toString();
    buffer = buffer.subarray(end + 4 + length);
    yield { ...head, body };
  }
}

function parseHead(text: string): Omit<WireRequest, "body"> {
  const [first = "", ...lines] = text.split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { method, path, headers: Object.fromEntries(headers) };
}

/** Headers of a response, by name. */
export type Headers = Readonly<Record<string, string>>;

/** Makes a whole response. */
export function toResponse(status: number, headers: Headers, body: string): Uint8Array {
  const bytes = Buffer.from(body);
  return Buffer.concat([toHead(status, { ...headers, "content-length": `${bytes.length}` }), bytes]);
}

/** Makes a whole response whose length is not told beforehand. */
export function toChunkedResponse(headers: Headers, body: string): Uint8Array {
  return Buffer.concat([toChunkedHead(headers), toChunk(body), LAST_CHUNK]);
}

/** Makes the head of a response that goes on. */
export function toChunkedHead(headers: Headers): Buffer {
  return toHead(200, { ...headers, "transfer-encoding": "chunked" });
}

/** Makes a piece of a response that goes on. */
export function toChunk(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

/** Ends a response that went on. */
export const LAST_CHUNK = Buffer.from("0\r\n\r\n");

function toHead(status: number, headers: Headers): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([`HTTP/1.1 ${status} Scripted`, ...lines, "", ""].join("\r\n"));
}
