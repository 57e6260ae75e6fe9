import { type ErrorCode, GatewayError, isErrorCode } from "../contracts/quick.ts";

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: "MCPX_UNAUTHORIZED",
  403: "MCPX_FORBIDDEN",
  404: "MCPX_ROUTE_NOT_FOUND",
  405: "MCPX_METHOD_NOT_ALLOWED",
  413: "MCPX_BODY_TOO_LARGE",
  503: "MCPX_SHUTTING_DOWN",
};

type Fields = Readonly<Record<string, unknown>>;

/** What came back: the status, its media type and the whole body. */
export interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
  /** Endpoint in words, for messages. */
  readonly from: string;
}

/**
 * Takes what a verb has given out of its envelope, whatever it is.
 *
 * @throws {GatewayError} The daemon's own error; MCPX_INTERNAL — the answer is not one of mcpproxy.
 */
export function openAnswer(answer: Answer): unknown {
  const envelope = parseObject(answer.text);
  if (envelope === undefined || typeof envelope.success !== "boolean") {
    throw unreadable(answer, `status ${answer.status} with ${answer.mediaType}`);
  }
  if (!envelope.success) throw toError(envelope, answer);
  return envelope.data;
}

/**
 * Makes the error that a failed answer stands for.
 *
 * @returns The daemon's error, or MCPX_INTERNAL if the answer is no envelope.
 */
export function failureOf(answer: Answer): GatewayError {
  const envelope = parseObject(answer.text);
  if (envelope?.success === false) return toError(envelope, answer);
  return unreadable(answer, `status ${answer.status} with ${answer.mediaType}`);
}

function toError(envelope: Fields, answer: Answer): GatewayError {
  const told = typeof envelope.code === "string" ? envelope.code : "";
  const code = isErrorCode(told) ? told : CODE_OF_STATUS[answer.status] ?? "MCPX_INTERNAL";
  const message = typeof envelope.error === "string"
    ? envelope.error
    : `Cannot complete the request: the daemon answered with status ${answer.status}`;
  return new GatewayError(code, message, {
    remedy: typeof envelope.remedy === "string" ? envelope.remedy : undefined,
    details: {
      ...(isFields(envelope.details) ? envelope.details : {}),
      ...(told !== "" && told !== code ? { code: told } : {}),
      ...(typeof envelope.request_id === "string" ? { request_id: envelope.request_id } : {}),
    },
  });
}

/** Makes the error for an answer that is not what was asked for. */
export function unreadable(answer: Answer, found: string, cause?: unknown): GatewayError {
  return new GatewayError(
    "MCPX_INTERNAL",
    `Cannot read the answer of the daemon at "${answer.from}": ${found}, wanted a JSON answer of mcpproxy`,
    { cause, remedy: "Check that mcpproxy of the same version answers there: mcpproxy status" },
  );
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
