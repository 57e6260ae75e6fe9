/** Largest body of a request. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

const MAX_AT_ONCE_BYTES = 64 * 1024;

/** Why a body cannot be read: it is over the limit, or its sender has left in the middle of it. */
export class UnreadableBody extends Error {
  constructor(readonly kind: "too large" | "broken off", options?: ErrorOptions) {
    super(`The body is ${kind}`, options);
    this.name = "UnreadableBody";
  }
}

/** Reads a body as text. @throws {UnreadableBody} */
export async function readBodyText(request: Request, maxBytes = MAX_BODY_BYTES): Promise<string> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  // The runtime makes room for what is declared before a byte of it has come, which is worth it for short bodies only.
  const isShort = declared > 0 && declared <= Math.min(maxBytes, MAX_AT_ONCE_BYTES);
  if (isShort || request.body === null) return await request.text().catch(brokenOff);
  return new TextDecoder().decode(await readBodyBytes(request, maxBytes));
}

/** Reads a body as it is. @throws {UnreadableBody} */
export async function readBodyBytes(
  request: Request,
  maxBytes = MAX_BODY_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new UnreadableBody("too large");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const part of request.body ?? []) {
      size += part.length;
      if (size > maxBytes) throw new UnreadableBody("too large");
      parts.push(part);
    }
  } catch (error) {
    brokenOff(error);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function brokenOff(cause: unknown): never {
  if (cause instanceof UnreadableBody) throw cause;
  throw new UnreadableBody("broken off", { cause });
}
