import { isRawNumber } from "../../contracts/mod.ts";

/** Classes of characters that steer a terminal, or hide. */
export type StripClass = "ansi" | "c0c1" | "bidi" | "zero_width";

// Sequences first: without its start the rest of one would stay as text. Each is bounded.
const ANSI =
  // deno-lint-ignore no-control-regex
  /\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|[\]PX^_][^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)?|[ -/]{0,4}[0-~])|\x9b[0-?]{0,64}[ -/]{0,8}[@-~]|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)?/g;
// deno-lint-ignore no-control-regex
const C0C1 = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// The joiners U+200C and U+200D stay after letters other than Latin ones and in emoji, which need them.
const ZERO_WIDTH =
  /[\u200b\u2060-\u2064\ufeff\u00ad\u180e\u{e0000}-\u{e007f}]|(?<!\p{M}|\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}]|(?!\p{Script=Latin})\p{L})[\u200c\u200d]/gu;

const PATTERNS: Readonly<Record<StripClass, RegExp>> = {
  ansi: ANSI,
  c0c1: C0C1,
  bidi: BIDI,
  zero_width: ZERO_WIDTH,
};

/** Removes classes of characters from every text of a value; shares what has none. Pure. */
export function stripCharacters(value: unknown, classes: readonly StripClass[]): unknown {
  const wanted = classes.map((name) => PATTERNS[name]);
  return strip(value, wanted);
}

function strip(value: unknown, patterns: readonly RegExp[]): unknown {
  if (typeof value === "string") return patterns.reduce((text, pattern) => text.replace(pattern, ""), value);
  if (typeof value !== "object" || value === null || isRawNumber(value)) return value;
  if (Array.isArray(value)) return mapShared(value, (item) => strip(item, patterns));
  let isSame = true;
  const members = Object.entries(value).map(([key, member]): [string, unknown] => {
    const clean = strip(member, patterns);
    isSame &&= clean === member;
    return [key, clean];
  });
  return isSame ? value : Object.fromEntries(members);
}

function mapShared(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed;
}
