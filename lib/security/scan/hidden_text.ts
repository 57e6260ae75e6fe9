/**
 * Reads what was written with characters that nobody sees.
 *
 * @module
 */

const MAX_DECODED = 400;
const PRINTABLE = /[\x20-\x7e]/;

/** Tag letters are ASCII, moved up. */
export function decodeTags(characters: readonly string[]): string | undefined {
  return readable(characters.map((character) => toAscii((character.codePointAt(0) ?? 0) - 0xe0000)).join(""));
}

/** Each of the 256 selectors stands for one byte. */
export function decodeSelectors(characters: readonly string[]): string | undefined {
  const bytes = characters.map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00;
  });
  return readable(new TextDecoder().decode(new Uint8Array(bytes)));
}

/** Two of the characters are the digits 0 and 1; both ways round are tried. */
export function decodeBits(characters: readonly string[]): string | undefined {
  const digits = [...new Set(characters)];
  if (digits.length !== 2 || characters.length < 16) return undefined;
  for (const one of digits) {
    const bits = characters.map((character) => character === one ? "1" : "0").join("");
    const text = readable(bytesOf(bits));
    if (text !== undefined) return text;
  }
  return undefined;
}

function bytesOf(bits: string): string {
  return (bits.match(/.{8}/g) ?? []).map((byte) => toAscii(parseInt(byte, 2))).join("");
}

function toAscii(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "\ufffd";
}

/** Only what is mostly letters was meant to be read. */
function readable(text: string): string | undefined {
  const shown = [...text].filter((character) => PRINTABLE.test(character)).length;
  if (shown < 2 || shown < text.length * 0.8) return undefined;
  return text.slice(0, MAX_DECODED);
}
