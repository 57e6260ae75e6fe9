import { parseJson } from "../contracts/mod.ts";
import type { ExchangeAnswer } from "../platform/mod.ts";
import { HttpFailure } from "./http_status.ts";
import type { WireMessage } from "./transport.ts";

/** The standing stream comes and goes; losing it for good is no loss of the server. */
export const RETRY = { firstMs: 1_000, mostMs: 60_000, times: 20 };
/** An error is worth this much of its body. */
const MAX_ERROR_BYTES = 64 * 1024;

/** How far a stream was read. */
export interface Place {
  lastId: string | undefined;
  retryMs: number | undefined;
  answered: boolean;
}

/** How long to wait before the next attempt, in milliseconds. */
export function delayOf(attempt: number): number {
  return Math.min(RETRY.firstMs * 2 ** attempt, RETRY.mostMs);
}

/** Tells whether an answer is an event stream. */
export function isStream({ headers }: ExchangeAnswer): boolean {
  return headers.get("content-type")?.toLowerCase().startsWith("text/event-stream") === true;
}

function isMessage(value: unknown): value is WireMessage {
  return typeof value === "object" && value !== null && "jsonrpc" in value;
}

/** Reads an answer. @throws {Error} If any of it is no message. */
export function readMessages(text: string): WireMessage[] {
  const value = parseJson(text);
  const messages: unknown[] = Array.isArray(value) ? value : [value];
  if (messages.every(isMessage)) return messages;
  throw new Error('The answer is not valid JSON-RPC: it has no "jsonrpc"');
}

/** Gives the messages that an event holds; one that is no message has none. */
export function messagesIn(data: string): WireMessage[] {
  try {
    const value = parseJson(data);
    return (Array.isArray(value) ? value : [value]).filter(isMessage);
  } catch {
    return [];
  }
}

/** Reads why a server refuses. */
export async function toFailure(response: ExchangeAnswer): Promise<HttpFailure> {
  const decoder = new TextDecoder();
  let text = "";
  // A server that says no may also break off in the middle of it; its status is what counts.
  try {
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true });
      if (text.length > MAX_ERROR_BYTES) break;
    }
  } catch { /* the status is known */ }
  return new HttpFailure(response.status, text);
}

/** Reads a whole body; `undefined` if it is longer than `maxBytes`, which `onOversize` is told. */
export async function readWithin(
  response: ExchangeAnswer,
  maxBytes: number,
  onOversize: (sizeBytes: number) => void,
): Promise<string | undefined> {
  const { headers } = response;
  // A compressed body is longer than its length says.
  const length = headers.has("content-encoding") ? NaN : Number(headers.get("content-length") ?? NaN);
  if (length <= maxBytes) return await response.text();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) {
      onOversize(sizeBytes);
      return undefined; // leaving the loop cancels the body
    }
    parts.push(part);
  }
  return await new Blob(parts).text();
}
