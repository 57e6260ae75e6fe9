/**
 * Cuts a stream of bytes into lines, linear in its size and bounded in memory.
 *
 * @module
 */

import type { Chunks } from "./chunks.ts";

/** A whole line, or one that was too long to keep. */
export type Frame =
  /** Without its newline; may be empty. */
  | { readonly kind: "line"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** First and last bytes as text, for whoever wants to make out what it was. */
  | { readonly kind: "oversize"; readonly head: string; readonly tail: string; readonly sizeBytes: number };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const END_BYTES = 1_024;
const EMPTY = new Uint8Array(0);

const decoder = new TextDecoder();

/** Takes chunks and gives frames. */
export interface LineFramer {
  push(chunk: Uint8Array): Frame[];
  /** The rest, when the stream has ended. */
  end(): Frame[];
}

/**
 * Creates a framer.
 *
 * @param maxBytes Longest line; the bytes of a longer one are counted and dropped.
 */
export function createLineFramer(maxBytes: number): LineFramer {
  let parts: Uint8Array[] = [];
  let size = 0;
  let tail: Uint8Array = EMPTY;

  function take(part: Uint8Array): void {
    // Of a line that is too long only its two ends are kept.
    const wasOversize = size > maxBytes;
    size += part.length;
    if (!wasOversize) parts.push(part);
    if (size <= maxBytes) return;
    tail = lastOf(wasOversize ? [tail, part.subarray(-END_BYTES)] : parts);
    if (!wasOversize) parts = [firstOf(parts)];
  }

  function finish(): Frame {
    const bytes = concat(parts);
    const frame: Frame = size <= maxBytes
      ? { kind: "line", bytes }
      : { kind: "oversize", head: decoder.decode(bytes), tail: decoder.decode(tail), sizeBytes: size };
    parts = [];
    size = 0;
    tail = EMPTY;
    return frame;
  }

  return {
    push(chunk) {
      const frames: Frame[] = [];
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
        take(chunk.subarray(start, at));
        frames.push(finish());
        start = at + 1;
      }
      // A copy: the reader may use its buffer again. Of what is too long already nothing is kept.
      if (start < chunk.length) take(size > maxBytes ? chunk.subarray(start) : chunk.slice(start));
      return frames;
    },
    end: () => (size === 0 ? [] : [finish()]),
  };
}

/** Reads a stream to its end, line by line. */
export async function readFrames(
  next: Chunks["next"],
  maxBytes: number,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const framer = createLineFramer(maxBytes);
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    framer.push(chunk).forEach(onFrame);
  }
  framer.end().forEach(onFrame);
}

/** Reads a line as text, without the carriage return that some programs add. */
export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes);
}

/** The first bytes of many parts, which are not put together for it. */
function firstOf(parts: readonly Uint8Array[]): Uint8Array {
  const first: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    first.push(part.subarray(0, END_BYTES - size));
    size += part.length;
    if (size >= END_BYTES) break;
  }
  return concat(first);
}

function lastOf(parts: readonly Uint8Array[]): Uint8Array {
  const last: Uint8Array[] = [];
  let size = 0;
  for (const part of parts.toReversed()) {
    last.unshift(part.subarray(-(END_BYTES - size)));
    size += part.length;
    if (size >= END_BYTES) break;
  }
  return concat(last);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
