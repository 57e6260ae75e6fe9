/**
 * Cuts a stream of bytes into lines, linear in its size and bounded in memory.
 *
 * @module
 */

/** A whole line, or one that was too long to keep. */
export type Frame =
  | { readonly kind: "line"; readonly text: string }
  /** `head` holds the first bytes as text, for whoever wants to make out what it was. */
  | { readonly kind: "oversize"; readonly head: string; readonly sizeBytes: number };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const HEAD_BYTES = 1_024;

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
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let size = 0;

  function take(part: Uint8Array): void {
    // Of a line that is too long only its head is kept.
    if (size <= maxBytes || parts.length === 0) parts.push(part);
    size += part.length;
    if (size > maxBytes && parts.length > 1) parts = [concat(parts).slice(0, HEAD_BYTES)];
  }

  function finish(): Frame[] {
    const whole = concat(parts);
    const sizeBytes = size;
    parts = [];
    size = 0;
    if (sizeBytes > maxBytes) {
      return [{ kind: "oversize", head: decoder.decode(whole.subarray(0, HEAD_BYTES)), sizeBytes }];
    }
    const end = whole.length > 0 && whole[whole.length - 1] === RETURN ? whole.length - 1 : whole.length;
    return end === 0 ? [] : [{ kind: "line", text: decoder.decode(whole.subarray(0, end)) }];
  }

  return {
    push(chunk) {
      const frames: Frame[] = [];
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
        take(chunk.subarray(start, at));
        frames.push(...finish());
        start = at + 1;
      }
      if (start < chunk.length) take(chunk.slice(start));
      return frames;
    },
    end: () => (size === 0 ? [] : finish()),
  };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Makes out the id of a message of which only the beginning is there. */
export function idInHead(head: string): number | undefined {
  const digits = /"id"\s*:\s*(\d{1,15})\b/.exec(head)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
