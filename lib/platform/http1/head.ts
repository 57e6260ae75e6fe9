import { isAscii } from "../ascii.ts";

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
/** A mark at the start is part of the text, as any other byte is. */
const asciiDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A header line that was read. */
interface Line {
  readonly key: string;
  readonly value: string;
}

/** Most lines of a head stood in the one before, and are not read again. */
const LINES = new Map<string, Line>();
const MAX_LINES = 500;
const MAX_LINE_CHARS = 200;

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
  const [first = "", ...lines] = toText(bytes).split(/\r?\n/);
  const [, minor, status] = STATUS.exec(first) ?? [];
  if (status === undefined) return undefined;
  const headers = new Map<string, string>();
  for (const text of lines) {
    if (text === "") continue;
    const line = LINES.get(text) ?? readLine(text);
    if (line === undefined) return undefined;
    const { key, value } = line;
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

/** A head is Latin-1; nearly all are ASCII, which is read in a fraction of the time. */
function toText(bytes: Uint8Array): string {
  const text = asciiDecoder.decode(bytes);
  return isAscii(text) ? text : decoder.decode(bytes);
}

function readLine(text: string): Line | undefined {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(0, colon));
  if (!NAME.test(name)) return undefined;
  const line = { key: name.toLowerCase(), value: text.slice(colon + 1).trim() };
  if (text.length > MAX_LINE_CHARS) return line;
  if (LINES.size >= MAX_LINES) LINES.clear();
  LINES.set(text, line);
  return line;
}
