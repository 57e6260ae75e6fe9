import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { visible as onTerminal } from "../../../cli/render/text.ts";
import { toPieces, visible } from "../../../ui/visible.ts";

Deno.test("toPieces() cuts out what nobody would see, and keeps lines and tabs", () => {
  deepStrictEqual(toPieces("a\u202eb\n\tc\x1b"), [
    { text: "a", isEscape: false },
    { text: "\\u{202e}", isEscape: true },
    { text: "b\n\tc", isEscape: false },
    { text: "\\u{1b}", isEscape: true },
  ]);
  deepStrictEqual(toPieces(""), []);
});

Deno.test("toPieces() leaves honest Persian, Hindi and emoji as they are", () => {
  for (const text of ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "שלום"]) {
    deepStrictEqual(toPieces(text), [{ text, isEscape: false }]);
  }
});

Deno.test("visible() shows on the page what the command line shows, for every character", () => {
  const different: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const text = `a${String.fromCodePoint(code)}b`;
    if (visible(text) !== onTerminal(text, "\n\t")) different.push(code.toString(16));
  }
  strictEqual(different.join(" "), "");
});
