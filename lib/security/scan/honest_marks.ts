/**
 * Where invisible characters belong to honest writing.
 *
 * @module
 */

// Scripts whose letters join or break by joiners: cursive and Brahmic ones.
const JOINING = new RegExp(
  "[" + [
    "Arabic",
    "Syriac",
    "Thaana",
    "Nko",
    "Mandaic",
    "Mongolian",
    "Devanagari",
    "Bengali",
    "Gurmukhi",
    "Gujarati",
    "Oriya",
    "Tamil",
    "Telugu",
    "Kannada",
    "Malayalam",
    "Sinhala",
    "Khmer",
    "Myanmar",
    "Tibetan",
  ].map((script) => `\\p{Script_Extensions=${script}}`).join("") + "]",
  "u",
);
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Scripts written without spaces, where a space without width shows where a line may end. */
const SPACELESS =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\ufe0f\u20e3]/u;
const SELECTABLE = /[\p{Emoji}\p{S}\p{Pd}\p{Po}\p{Script=Han}\p{Script=Mongolian}\p{Script=Phags_Pa}]/u;
const JOINER = /^[\u200c\u200d]$/;
const SELECTOR = /^[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]$/u;
const BLACK_FLAG = "\u{1f3f4}";
const CANCEL_TAG = "\u{e007f}";
/** Most tags of a flag, the one that ends it included. */
const FLAG_LENGTH = 7;

type Characters = readonly string[];

/** A joiner belongs between letters of a script that joins, or inside an emoji. */
export function isHonestJoiner(characters: Characters, index: number): boolean {
  const before = characters[index - 1] ?? "";
  const after = characters[index + 1] ?? "";
  if (JOINER.test(before) || JOINER.test(after)) return false;
  if (EMOJI.test(before) && EMOJI.test(after)) return true;
  return JOINING.test(before) || JOINING.test(after) && !/[A-Za-z]/.test(before);
}

/** A selector belongs right after one sign that has more than one form. */
export function isHonestSelector(characters: Characters, index: number): boolean {
  const before = characters[index - 1] ?? "";
  if (SELECTOR.test(before) || SELECTOR.test(characters[index + 1] ?? "")) return false;
  const isIdeographic = (characters[index]?.codePointAt(0) ?? 0) >= 0xe0100;
  return isIdeographic ? /\p{Script=Han}/u.test(before) : SELECTABLE.test(before);
}

/** A space without width belongs between letters of a script without spaces; a first mark is a byte order. */
export function isHonestSpace(characters: Characters, index: number): boolean {
  const character = characters[index];
  if (character === "\ufeff") return index === 0;
  const before = characters[index - 1] ?? "";
  const after = characters[index + 1] ?? "";
  // Soft hyphens sit inside long words, where a line may break.
  if (character === "\u00ad") return /\p{L}/u.test(before) && /\p{L}/u.test(after);
  if (character === "\u2800") return /[\u2801-\u28ff]/.test(before + after);
  return SPACELESS.test(before) || SPACELESS.test(after) && !/[\x21-\x7e]/.test(before);
}

/** Marks of direction belong to texts that run from right to left, at least in part. */
export function hasRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Tags belong to a flag, and nowhere else: a black flag, two to six tags, and the tag that ends them. */
export function isPartOfFlag(characters: Characters, index: number): boolean {
  let start = index;
  while (index - start < FLAG_LENGTH && isTag(characters[start])) start--;
  if (characters[start] !== BLACK_FLAG) return false;
  const tags = characters.slice(start + 1, start + 1 + FLAG_LENGTH);
  const end = tags.indexOf(CANCEL_TAG);
  return end > 0 && tags.slice(0, end).every(isTag);
}

function isTag(character: string | undefined): boolean {
  const code = character?.codePointAt(0) ?? 0;
  return code >= 0xe0000 && code <= 0xe007f;
}
