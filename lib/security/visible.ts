/**
 * Text of others, made fit to be shown: nothing in it acts on a terminal or
 * hides in a log.
 *
 * @module
 */

// C0 but tab and line feed, DEL, C1, line and paragraph separators, marks of direction, joined-up invisible
// characters, tags, halves of characters. The joiner U+200D and U+200C stay: emoji and Persian need them.
const ACTING =
  /(?![\t\n])[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e01ef}]/gu;

/**
 * Writes characters that steer a terminal, or that nobody sees, as visible
 * escapes: `\x1b`, `\u202e`. Line feeds and tabs stay unless they are named.
 *
 * @param also Further characters to be shown, such as `"\n\t"` for one line of a log.
 */
export function showControls(text: string, also = ""): string {
  const shown = text.replace(ACTING, escapeCharacter);
  return also === ""
    ? shown
    : [...shown].map((one) => also.includes(one) ? escapeCharacter(one) : one).join("");
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}
