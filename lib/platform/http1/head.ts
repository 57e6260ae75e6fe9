/** Longest head of an answer. */
export const MAX_HEAD_BYTES = 64 * 1024;

/** Status and headers of an answer. */
export interface Head {
  readonly status: number;
  /** Names in lower case; values of one name are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** The other side takes another request on this connection. */
  readonly keepsAlive: boolean;
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const STATUS = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/;
const BODILESS = new Set(["204", "304"]);
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const decoder = new TextDecoder("latin1");

/** Finds the end of a head. @returns Its length with the empty line; `undefined` if it is not all there. */
export function readHead(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    if (bytes[at + 1] === LINE_FEED) return at + 2;
    if (bytes[at + 1] === RETURN && bytes[at + 2] === LINE_FEED) return at + 3;
  }
  return undefined;
}

/** Reads a head; `undefined` if it is none of HTTP/1. */
export function createHead(bytes: Uint8Array): Head | undefined {
  const [first = "", ...lines] = decoder.decode(bytes).split(/\r?\n/);
  const [, minor, status] = STATUS.exec(first) ?? [];
  if (status === undefined) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    if (!NAME.test(name)) return undefined;
    const value = line.slice(colon + 1).trim();
    const key = name.toLowerCase();
    const before = headers.get(key);
    // Two different lengths are how one answer is passed off as two.
    if (key === "content-length" && before !== undefined && before !== value) return undefined;
    headers.set(key, before === undefined || key === "content-length" ? value : `${before}, ${value}`);
  }
  const connection = headers.get("connection")?.toLowerCase() ?? "";
  const isWanted = minor === "1" ? !connection.includes("close") : connection.includes("keep-alive");
  // Without a length only the end of the connection ends the body.
  const hasEnd = headers.has("content-length") || headers.has("transfer-encoding") || BODILESS.has(status);
  return { status: Number(status), headers, keepsAlive: isWanted && hasEnd };
}
