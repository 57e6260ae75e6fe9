import { deflateRawSync, inflateRawSync } from "node:zlib";
import { joinBytes } from "./encode.ts";

/** Bytes deflated at a step, which takes a third of a millisecond. */
const STRETCH = 64 * 1024;
/** Definitions repeat themselves so much that more effort makes them hardly smaller. */
const LEVEL = 3;
const LENGTH_BYTES = 4;

/** Makes long bytes shorter, a stretch at each step; each is written by itself, after its length. */
export function* stepsToDeflate(bytes: Uint8Array): Generator<void, Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += STRETCH) {
    const piece = deflateRawSync(bytes.subarray(from, from + STRETCH), { level: LEVEL });
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, piece.length, true);
    yield void pieces.push(length, piece);
  }
  return joinBytes(pieces);
}

/** Gives back what was deflated; `undefined` for anything else. */
export function inflate(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return joinBytes([...piecesOf(bytes)]);
  } catch {
    return undefined;
  }
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const start = at + LENGTH_BYTES;
    at = start + view.getUint32(at, true);
    yield inflateRawSync(bytes.subarray(start, at), { maxOutputLength: STRETCH });
  }
}
