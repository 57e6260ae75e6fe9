import { GatewayError } from "../contracts/mod.ts";
import {
  type BodyLimits,
  MAX_BODY_BYTES,
  readBodyBytes,
  readBodyText,
  UnreadableBody,
} from "../platform/mod.ts";

const JSON_TYPE = /^application\/(?:json|merge-patch\+json)\b/i;

/**
 * Reads a body that is JSON, as its text.
 *
 * @throws {GatewayError} MCPX_BODY_TOO_LARGE, MCPX_REQUEST_TIMEOUT, MCPX_UNSUPPORTED_MEDIA_TYPE.
 */
export async function readJsonText(request: Request, limits: BodyLimits): Promise<string> {
  const text = await readBodyText(request, limits).catch((error) => refuse(error, limits));
  if (text.trim() === "" || JSON_TYPE.test(request.headers.get("content-type") ?? "")) return text;
  throw new GatewayError(
    "MCPX_UNSUPPORTED_MEDIA_TYPE",
    "Cannot read the body: its Content-Type is not application/json",
  );
}

/**
 * Reads a body that is not over the limits.
 *
 * @throws {GatewayError} MCPX_BODY_TOO_LARGE, MCPX_REQUEST_TIMEOUT, MCPX_INVALID_INPUT.
 */
export async function readBytes(request: Request, limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  return await readBodyBytes(request, limits).catch((error) => refuse(error, limits));
}

function refuse(error: unknown, { limitMs, maxBytes = MAX_BODY_BYTES }: BodyLimits): never {
  if (!(error instanceof UnreadableBody)) throw error;
  // A client that leaves in the middle of its request is no failure of ours.
  if (error.kind === "broken off") {
    throw new GatewayError("MCPX_INVALID_INPUT", "Cannot read the body: it broke off", {
      cause: error.cause,
    });
  }
  if (error.kind === "too slow") {
    throw new GatewayError(
      "MCPX_REQUEST_TIMEOUT",
      `Cannot read the body: it did not arrive within ${limitMs / 1000} s`,
    );
  }
  throw new GatewayError(
    "MCPX_BODY_TOO_LARGE",
    `Cannot read the body: it is over the limit of ${maxBytes} bytes`,
  );
}

/** Reads a text as a JSON object; an empty one is an empty object. @throws {GatewayError} MCPX_INVALID_INPUT. */
export function toObject(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      "Cannot read the body: it is not valid JSON, wanted an object",
      { cause },
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GatewayError("MCPX_INVALID_INPUT", "Cannot read the body: it is not a JSON object");
  }
  return value as Readonly<Record<string, unknown>>; // just shown to be a plain object
}
