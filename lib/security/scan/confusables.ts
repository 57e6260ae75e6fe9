/**
 * Letters of other scripts that look like Latin ones.
 *
 * @module
 */

/** Look-alikes, each pair as letter and Latin letter. Lower case; upper-case forms that look alike are added. */
const PAIRS =
  "аaеeоoрpсcхxуyіiјjѕsһhԁdԛqԝwкkмmтtвbнhгrпnлnзeбbьbѵvӏlүyқkҝkғfեeօoսuռnհhզqցgյjɑaɡgɩiʋuιiοoαaνvρpτtυuκkχxγyηnωwεeβbσoμuаaʏyᴀaʙbᴄcᴅdᴇeᴊjᴋkᴍmɴnᴏoᴘpʀrᴛtᴜuᴠvᴡwᴢzꞁl";

const TABLE = createTable();

function createTable(): ReadonlyMap<string, string> {
  const letters = [...PAIRS];
  const table = new Map<string, string>();
  for (let at = 0; at + 1 < letters.length; at += 2) {
    const [letter = "", latin = ""] = letters.slice(at, at + 2);
    table.set(letter, latin);
    // Upper case is folded to lower case first, so Β and В arrive as β and в.
  }
  return table;
}

/** The Latin letter that a lower-case letter looks like, or the letter itself. */
export function toLookAlike(letter: string): string {
  return TABLE.get(letter) ?? letter;
}

const OTHER =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\u0251\u0261\u0269\u028b\u1d00-\u1d22]/u;
const LATIN = /[A-Za-z]/;

/** Tells whether a text has letters of other scripts that look like Latin ones; without, no word mixes them. */
export function hasLookAlikes(text: string): boolean {
  return OTHER.test(text);
}

/** Tells whether a word mixes Latin letters with look-alikes, as no honest word does. */
export function isMixedWord(word: string): boolean {
  if (!LATIN.test(word) || !OTHER.test(word)) return false;
  const letters = [...word.toLowerCase()].filter((letter) => OTHER.test(letter));
  // µs, Δt, πr and their like are one sign beside letters, at the start.
  const isUnit = letters.length === 1 && OTHER.test([...word][0] ?? "") && word.length <= 4;
  return !isUnit && letters.every((letter) => TABLE.has(letter));
}

/**
 * Brings a name into the form in which names that look the same are the same.
 *
 * @example
 * ```ts
 * skeletonOf("rеad_file") === skeletonOf("read_file"); // the first has a Cyrillic letter
 * ```
 */
export function skeletonOf(name: string): string {
  const folded = name.normalize("NFKD").replace(/[\p{Mn}\p{Cf}]/gu, "").toLowerCase();
  return [...folded].map(toLookAlike).join("").replaceAll("0", "o").replace(/[1|]/g, "l").replaceAll(
    "rn",
    "m",
  );
}
