import { isAscii } from "../platform/mod.ts";

const encoder = new TextEncoder();

/** Length of a text in UTF-8. */
export function byteLength(text: string): number {
  // Nearly everything is ASCII, and then nothing has to be encoded.
  return isAscii(text) ? text.length : encoder.encode(text).length;
}

/** Shortens a text to a number of bytes in UTF-8, never inside a character. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || byteLength(text) <= maxBytes) return text;
  // A lone surrogate would become a longer sign of its own later on.
  const { read } = encoder.encodeInto(text.slice(0, maxBytes), new Uint8Array(maxBytes));
  return text.slice(0, read).toWellFormed();
}
