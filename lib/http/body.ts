import { GatewayError } from "../contracts/mod.ts";

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const JSON_TYPE = /^application\/(?:json|merge-patch\+json)\b/i;

/**
 * Reads a body that is JSON, as its text.
 *
 * @throws {GatewayError} MCPX_BODY_TOO_LARGE, MCPX_UNSUPPORTED_MEDIA_TYPE.
 */
export async function readJsonText(request: Request): Promise<string> {
  const text = new TextDecoder().decode(await readBytes(request));
  if (text.trim() === "" || JSON_TYPE.test(request.headers.get("content-type") ?? "")) return text;
  throw new GatewayError(
    "MCPX_UNSUPPORTED_MEDIA_TYPE",
    "Cannot read the body: its Content-Type is not application/json",
  );
}

/** Reads a body that is not over the limit. @throws {GatewayError} MCPX_BODY_TOO_LARGE. */
export async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  return await collect(request).catch(brokenOff);
}

async function collect(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    parts.push(part);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A client that leaves in the middle of its request is no failure of ours. */
function brokenOff(cause: unknown): never {
  if (cause instanceof GatewayError) throw cause;
  throw new GatewayError("MCPX_INVALID_INPUT", "Cannot read the body: it broke off", { cause });
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

function tooLarge(): GatewayError {
  return new GatewayError(
    "MCPX_BODY_TOO_LARGE",
    `Cannot read the body: it is over the limit of ${MAX_BODY_BYTES} bytes`,
  );
}
