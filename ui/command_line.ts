/**
 * Reads what a person types for a new server. Pure.
 *
 * @module
 */

/** What is wrong with a typed text. */
export type Typed<T> = { readonly ok: T } | { readonly wrong: string };

/**
 * Cuts a command line into words: blanks part them, quotes keep them together,
 * a backslash outside single quotes takes the next character as it is. Nothing
 * is expanded, and no shell ever reads it.
 */
export function toWords(line: string): Typed<string[]> {
  const words: string[] = [];
  let word: string | undefined;
  let open = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (open !== "") {
      if (char === open) open = "";
      else if (char === "\\" && open === '"' && /["\\]/.test(line[at + 1] ?? "")) word += line[++at] ?? "";
      else word += char;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '"' || char === "'") {
      open = char;
      word ??= "";
    } else if (char === "\\" && at + 1 < line.length) word = (word ?? "") + (line[++at] ?? "");
    else word = (word ?? "") + char;
  }
  if (open !== "") return { wrong: `A quote ${open} is not closed` };
  if (word !== undefined) words.push(word);
  return { ok: words };
}

/** Reads one pair a line, name and value parted by the mark; empty lines are left out. */
export function toPairs(text: string, mark: "=" | ":"): Typed<Record<string, string>> {
  const pairs: [string, string][] = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter((one) => one !== "")) {
    const at = line.indexOf(mark);
    if (at < 1) return { wrong: `"${line.slice(0, 60)}" is not NAME${mark}VALUE` };
    pairs.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return { ok: Object.fromEntries(pairs) };
}
