/**
 * Reads what errors know about an HTTP answer: our own and the SDK's.
 *
 * @module
 */

import type { WireMessage } from "./transport.ts";

/** An HTTP answer that carries no message; its body may say why. */
export class HttpFailure extends Error {
  readonly status: number;
  readonly data: { readonly text: string };

  constructor(status: number, text: string) {
    super(`The server answered with HTTP status ${status}`);
    this.name = "HttpFailure";
    this.status = status;
    this.data = { text };
  }
}

/** A standing stream that the server took before and now refuses. */
export class StreamRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The server refuses its stream with HTTP status ${status}`);
    this.name = "StreamRefused";
    this.status = status;
  }
}

/** The SDK's SSE transport has the status of a failed POST in its words only. */
const POST_FAILED = /^Error POSTing to endpoint \(HTTP (\d{3})\)/;
/** Statuses of a request that say the session is over. */
const GONE = new Set([404, 410]);
/** Statuses that speak of the sender and not of the message. */
const NO_ANSWER = new Set([401, 403, 407, 429]);

/** HTTP status of an SDK error, wherever it keeps it. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("status" in error && typeof error.status === "number") return error.status;
  if ("code" in error && typeof error.code === "number" && error.code >= 300 && error.code < 600) {
    return error.code;
  }
  // The SDK answers a demand for more scope with an error that names only the scope.
  if ("requiredScope" in error) return 403;
  const words = error instanceof Error ? POST_FAILED.exec(error.message)?.[1] : undefined;
  return words === undefined ? undefined : Number(words);
}

/** Tells whether a failed request means that the connection is worth nothing any more. */
export function endsConnection(error: unknown, hasSession: boolean): boolean {
  const status = statusOf(error);
  // The network itself failed: fetch throws a TypeError.
  if (status === undefined) return error instanceof TypeError;
  // Many servers tell of a lost session with 400, against the specification.
  if (hasSession && status === 400) return /session/i.test(textOf(error));
  return status === 401 || GONE.has(status);
}

/**
 * Finds the JSON-RPC error that came as the body of an HTTP error.
 *
 * @param id The request that was sent; an error without its id answers something else.
 */
export function answerIn(error: unknown, id: unknown): WireMessage | undefined {
  const status = statusOf(error);
  if (id === undefined || status === undefined || NO_ANSWER.has(status)) return undefined;
  try {
    const value: unknown = JSON.parse(textOf(error));
    const isAnswer = typeof value === "object" && value !== null && "error" in value && "id" in value;
    return isAnswer && value.id === id ? value as WireMessage : undefined; // an object, as just shown
  } catch {
    return undefined;
  }
}

/** Body of the HTTP error. */
function textOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("data" in error)) return "";
  const { data } = error;
  const hasText = typeof data === "object" && data !== null && "text" in data;
  return hasText && typeof data.text === "string" ? data.text : "";
}
