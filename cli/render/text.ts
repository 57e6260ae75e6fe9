/**
 * Text on a terminal: how wide it is, how to cut it, and how to keep a
 * server's words from steering the terminal.
 *
 * @module
 */

/** Colours and weights, by what they are for. */
export type Style = "good" | "warning" | "bad" | "faint" | "strong";

/** What a renderer must know of the place its text goes to. */
export interface Look {
  /** Columns of the terminal; `undefined` for a pipe or a file, where nothing is cut. */
  readonly width: number | undefined;
  readonly colour: boolean;
}

const CODE: Readonly<Record<Style, number>> = { good: 32, warning: 33, bad: 31, faint: 2, strong: 1 };

/** Adds a style if colours are wanted. */
export function paint(text: string, style: Style | undefined, look: Pick<Look, "colour">): string {
  return look.colour && style !== undefined && text !== "" ? `\x1b[${CODE[style]}m${text}\x1b[0m` : text;
}

/** What acts on a terminal, or nobody sees. */
// Controls, direction overrides, invisible marks and lone surrogates. The joiners U+200C and U+200D stay in emoji
// and after letters other than Latin ones: Persian and Hindi words need them.
export const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e01ef}]|(?<!\p{M}|\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}]|(?!\p{Script=Latin})\p{L})[\u200c\u200d]/gu;

/**
 * Shows characters that act on a terminal, or that nobody sees, as `\u{1b}`.
 *
 * @param keep Characters that stay as they are, such as `"\n\t"`.
 */
export function visible(text: string, keep = ""): string {
  // Most texts are plain, and the expression below takes a while to be made.
  if (PLAIN.test(text)) return text;
  return text.replace(
    UNSEEN,
    (char) => keep.includes(char) ? char : `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}

// deno-lint-ignore no-control-regex
const OWN_STYLE = /(\x1b\[(?:0|1|2|31|32|33)m)/;

/**
 * The last net before a terminal: of a rendered text only our own styles may
 * act, whatever a renderer has overlooked.
 */
export function harmless(text: string): string {
  return text.split(OWN_STYLE).map((part, index) => index % 2 === 1 ? part : visible(part, "\n\t")).join("");
}

/** Writes a value as JSON in which nothing acts on a terminal or hides; programs read the same value. */
export function toSafeJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? "null").replace(
    UNSEEN,
    (char) => char === "\n" ? char : escapeUnits(char),
  );
}

function escapeUnits(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** Writes a text as one visible line; runs of white space become one blank. */
export function oneLine(text: string): string {
  return visible(text.replace(/[ \t\r\n]+/g, " ").trim());
}

const PLAIN = /^[\x20-\x7e]*$/;
/** A sign of a table, which is one character whatever it is made of. */
const ONE_SIGN = /^(?:\p{Emoji_Presentation}|.\ufe0f)$/u;
const WIDE = new RegExp(
  "[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\ua960-\\ua97f" +
    "\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1faff}" +
    "\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation}|\\ufe0f",
  "u",
);
/** Made when it is first needed: that takes longer than to render a table of plain words. */
let segmenter: Intl.Segmenter | undefined;

/** Counts the terminal columns of a line without styles. */
export function widthOf(line: string): number {
  if (PLAIN.test(line)) return line.length;
  if (ONE_SIGN.test(line)) return 2;
  let width = 0;
  for (const grapheme of graphemesOf(line)) width += widthOfGrapheme(grapheme);
  return width;
}

/** Cuts a line to a width; what was cut is shown by `…`. */
export function cut(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  let kept = "";
  let used = 1;
  for (const grapheme of graphemesOf(line)) {
    used += widthOfGrapheme(grapheme);
    if (used > width) break;
    kept += grapheme;
  }
  return `${kept.trimEnd()}…`;
}

function* graphemesOf(line: string): Generator<string> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(line)) yield segment;
}

function widthOfGrapheme(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  return /^\p{M}/u.test(grapheme) ? 0 : 1;
}
