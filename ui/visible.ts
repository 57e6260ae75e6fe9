/**
 * Makes visible what a text hides. Servers write names and descriptions, and a
 * person who judges them must see every character of them. Pure.
 *
 * @module
 */

// The set is that of the command line (cli/render/text.ts), where the reasons stand; a test compares them.
const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e01ef}]|(?<!\p{M}|\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}]|(?!\p{Script=Latin})\p{L})[\u200c\u200d]/gu;

/** A piece of a text: as it is, or the escape in place of characters that nobody would see. */
export interface Piece {
  readonly text: string;
  readonly isEscape: boolean;
}

/**
 * Cuts a text into what can be shown as it is and escapes such as `\u{202e}`.
 * Line ends and tabs stay as they are. An empty text has no pieces.
 */
export function toPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(UNSEEN)) {
    if (found === "\n" || found === "\t") continue;
    if (index > end) pieces.push({ text: text.slice(end, index), isEscape: false });
    pieces.push({ text: `\\u{${found.codePointAt(0)?.toString(16) ?? ""}}`, isEscape: true });
    end = index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isEscape: false });
  return pieces;
}

/** Writes a text with escapes in place of what nobody would see, for places that take plain text only. */
export function visible(text: string): string {
  return toPieces(text).map((piece) => piece.text).join("");
}
