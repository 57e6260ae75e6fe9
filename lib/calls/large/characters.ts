/** Characters looked at on both sides of a cut; no character that a person sees is longer. */
const WINDOW = 64;

/**
 * Cuts a text after at most `limit` UTF-16 units, never within what a person
 * sees as one character.
 */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, clusterStart(text, limit, 0));
}

/** The start of the character that a place is in; the place itself if a character starts there. */
export function clusterStart(text: string, at: number, from: number): number {
  if (at <= from || at >= text.length) return at;
  if (isPlain(text.charCodeAt(at - 1)) && isPlain(text.charCodeAt(at))) return at;
  const start = Math.max(from, at - WINDOW);
  const segments = segmenter().segment(text.slice(start, at + WINDOW));
  const index = segments.containing(at - start)?.index ?? 0;
  // One that fills the window is no character of any language; then only surrogates stay together.
  if (index > 0 || start === from) return start + index;
  return isLow(text.charCodeAt(at)) && !isLow(text.charCodeAt(at - 1)) ? at - 1 : at;
}

let shared: Intl.Segmenter | undefined;

/** Made when it is first needed; it takes milliseconds. */
function segmenter(): Intl.Segmenter {
  return shared ??= new Intl.Segmenter("en", { granularity: "grapheme" });
}

function isPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
