/**
 * The messages of a stdio client as the bridge looks at them: as little as it
 * takes to send them on. Pure.
 *
 * @module
 */

import { GatewayError, parseJson } from "../contracts/quick.ts";

/** A JSON object. */
export type Message = Readonly<Record<string, unknown>>;

/** A line of the client with what is known of it. */
export interface Line {
  readonly text: string;
  readonly message: Message | undefined;
  readonly isModern: boolean;
}

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
const MAX_HEADER = 4_000;

/** Reads a line; `undefined` if it is empty. */
export function readLine(text: string): Line | undefined {
  if (text.trim() === "") return undefined;
  let message: unknown;
  try {
    message = parseJson(text);
  } catch {
    return { text, message: undefined, isModern: false }; // the gateway says what is wrong with it
  }
  if (!isRecord(message)) return { text, message: undefined, isModern: false };
  const meta = isRecord(message.params) && isRecord(message.params._meta) ? message.params._meta : {};
  return { text, message, isModern: meta[VERSION_KEY] !== undefined };
}

/** Headers that a modern message is sent with. */
export function modernHeaders(message: Message | undefined): Record<string, string> {
  const params = isRecord(message?.params) ? message.params : {};
  const meta = isRecord(params._meta) ? params._meta : {};
  const subject = [params.name, params.uri, params.taskId].find((one) => typeof one === "string");
  return {
    "mcp-protocol-version": String(meta[VERSION_KEY]),
    "mcp-method": String(message?.method),
    ...(typeof subject === "string" ? { "mcp-name": toHeader(subject) } : {}),
  };
}

function toHeader(text: string): string {
  const isPlain = /^(?! )[\x20-\x7e]*(?<! )$/.test(text) && !/^=\?base64\?.*\?=$/s.test(text);
  if (isPlain) return text;
  const bytes = new TextEncoder().encode(text).slice(0, MAX_HEADER);
  return `=?base64?${btoa(String.fromCharCode(...bytes))}?=`;
}

/** An error of the gateway belongs to the request, also where it was found before the id was read. */
export function withId(text: string, id: unknown, status: number): string {
  const body = toRecord(text);
  if (isRecord(body?.error) && body.jsonrpc === "2.0") return JSON.stringify({ ...body, id });
  const words = isRecord(body?.error) ? body.error.message : body?.error ?? body?.detail;
  return toError(
    id,
    `The gateway answered with HTTP status ${status}${words === undefined ? "" : `: ${String(words)}`}`,
  );
}

/** Writes an error as the answer to a request. */
export function toError(id: unknown, message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32603, message } });
}

/** Says what went wrong on the way to the gateway. */
export function wordsOf(error: unknown): string {
  if (error instanceof GatewayError) return error.message;
  const words = error instanceof Error ? error.message : String(error);
  return `The gateway cannot be reached, or went away in the middle: ${words.slice(0, 300)}`;
}

/** The connection was refused, so that nothing of the request can have arrived. */
export function isRefused(error: unknown): boolean {
  return error instanceof GatewayError && error.code === "MCPX_DAEMON_NOT_RUNNING" ||
    /refused|no such file|not found/i.test(chainOf(error));
}

/** The words of an error and of what caused it. */
function chainOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} ${chainOf(error.cause)}`;
}

/** Reads a JSON object; `undefined` if it is none. */
export function toRecord(text: string): Message | undefined {
  try {
    const value = parseJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether a value is a JSON object. */
export function isRecord(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
