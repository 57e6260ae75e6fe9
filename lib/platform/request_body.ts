import type { Clock } from "./platform.ts";

/** Largest body of a request. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

const MAX_AT_ONCE_BYTES = 64 * 1024;

/** Why a body cannot be read: it is over a limit, or its sender has left in the middle of it. */
export class UnreadableBody extends Error {
  constructor(readonly kind: "too large" | "too slow" | "broken off", options?: ErrorOptions) {
    super(`The body is ${kind}`, options);
    this.name = "UnreadableBody";
  }
}

/** What a body may take. */
export interface BodyLimits {
  readonly timers: Pick<Clock, "after">;
  /** Time for all of it to arrive; 0 means as long as it likes. */
  readonly limitMs: number;
  readonly maxBytes?: number;
}

/** Reads a body as text. @throws {UnreadableBody} */
export async function readBodyText(request: Request, limits: BodyLimits): Promise<string> {
  const { maxBytes = MAX_BODY_BYTES } = limits;
  const declared = Number(request.headers.get("content-length") ?? 0);
  // The runtime makes room for what is declared before a byte of it has come, which is worth it for short bodies only.
  const isShort = declared > 0 && declared <= Math.min(maxBytes, MAX_AT_ONCE_BYTES);
  if (isShort || request.body === null) return await readAtOnce(request, limits).catch(brokenOff);
  return new TextDecoder().decode(await readBodyBytes(request, limits));
}

/** Reads a body as it is. @throws {UnreadableBody} */
export async function readBodyBytes(
  request: Request,
  { timers, limitMs, maxBytes = MAX_BODY_BYTES }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new UnreadableBody("too large");
  const reader = openReader(request.body);
  const gathered = new Gathered();
  let isLate = false;
  // What is not read on lets go of the connection.
  const leave = () => void reader?.cancel().catch(() => {});
  using _timer = limitMs === 0 ? undefined : timers.after(limitMs, () => {
    isLate = true;
    leave();
  });
  try {
    for (;;) {
      const piece = await reader?.read(roomFor(gathered.size));
      if (isLate) throw new UnreadableBody("too slow");
      if (piece === undefined || piece.done) return gathered.whole;
      if (gathered.size + piece.value.length > maxBytes) throw new UnreadableBody("too large");
      gathered.add(piece.value);
    }
  } catch (error) {
    leave();
    brokenOff(isLate ? new UnreadableBody("too slow") : error);
  }
}

/** What has come of a body. It takes no more than twice its size, in however small pieces it comes. */
class Gathered {
  #room = new Uint8Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get whole(): Uint8Array<ArrayBuffer> {
    return this.#room.subarray(0, this.#size);
  }

  /** Copies a piece, which may stand in a room that is far larger. */
  add(piece: Uint8Array<ArrayBuffer>): void {
    const size = this.#size + piece.length;
    if (size > this.#room.length) {
      this.#room = new Uint8Array(this.#room.buffer.transfer(Math.max(size, 2 * this.#size)));
    }
    this.#room.set(piece, this.#size);
    this.#size = size;
  }
}

interface Reader {
  /** What it gives is good until the next time. */
  read(roomBytes: number): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>;
  cancel(): Promise<void>;
}

/** Whoever makes a request in this process may give it a stream that brings its own room. */
function openReader(body: Request["body"]): Reader | undefined {
  if (body === null) return undefined;
  try {
    const reader = body.getReader({ mode: "byob" });
    let room = new ArrayBuffer(0);
    return {
      async read(roomBytes) {
        if (room.byteLength < roomBytes / 2) room = new ArrayBuffer(roomBytes);
        const piece = await reader.read(new Uint8Array(room));
        // It comes back with what has come, and is free when that has been copied.
        if (piece.value !== undefined) room = piece.value.buffer;
        return piece;
      },
      cancel: () => reader.cancel(),
    };
  } catch {
    return body.getReader();
  }
}

const LEAST_ROOM = 4 * 1024;
const MOST_ROOM = 64 * 1024;

/** Room for what comes next: not much for those who have sent next to nothing, and may never go on. */
function roomFor(size: number): number {
  return Math.min(MOST_ROOM, Math.max(LEAST_ROOM, size));
}

/**
 * Of the few that do not come at once, no more than this text is kept waiting
 * for. Every call comes this way, so it is one promise and no race of several.
 */
function readAtOnce(request: Request, { timers, limitMs }: BodyLimits): Promise<string> {
  if (limitMs === 0) return request.text();
  return new Promise((resolve, reject) => {
    const timer = timers.after(limitMs, () => reject(new UnreadableBody("too slow")));
    const settled = <T>(act: (value: T) => void) => (value: T) => {
      timer[Symbol.dispose]();
      act(value);
    };
    request.text().then(settled(resolve), settled(reject));
  });
}

function brokenOff(cause: unknown): never {
  if (cause instanceof UnreadableBody) throw cause;
  throw new UnreadableBody("broken off", { cause });
}
