import { type Clock, inSlices } from "../platform/mod.ts";

const encoder = new TextEncoder();
/** Characters at a time. */
const PIECE = 64 * 1024;

/** Writes a text in UTF-8 without keeping the main loop with a long one. */
export function encodeInSlices(clock: Clock, text: string): Promise<Uint8Array> | Uint8Array {
  return inSlices(clock, encode(text));
}

function* encode(text: string): Generator<void, Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < text.length;) {
    const end = endOfPiece(text, from + PIECE);
    yield void pieces.push(encoder.encode(text.slice(from, end)));
    from = end;
  }
  return joinBytes(pieces);
}

/** Two units that make one character stay together. */
function endOfPiece(text: string, end: number): number {
  const isWithin = end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00;
  return isWithin ? end - 1 : end;
}

/** Puts pieces together. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
