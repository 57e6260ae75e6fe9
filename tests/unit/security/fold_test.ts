import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { fold } from "../../../lib/security/scan/fold.ts";

Deno.test("fold() knows where each character of its text came from", () => {
  const cases: [string, string][] = [
    ["ABC déf", "abc def"],
    ["a\u200bB ｆｏｏ \u{1d41a}\u{1f600}ß x", "ab foo a\u{1f600}ss x"],
    ["ﬁle İ 忽略 之前", "file i 忽略 之前"],
    ["\ud800a\ude00", "a"],
    ["", ""],
  ];
  for (const [text, folded] of cases) strictEqual(fold(text).text, folded);

  const { originOf } = fold("a\u200bB ß\u{1f600}x");
  strictEqual([0, 1, 2, 3, 4, 5, 7, 8, 99].map(originOf).join(), "0,2,3,4,4,5,7,8,8");
});

Deno.test("fold() of parts is the parts of fold(), and each comes from where it stood", () => {
  // Letters that do not change with what stands beside them.
  const unit = fc.constantFrom("a", "B", "é", "忽", "ß", "\u{1f600}", "\u{1d41a}", "\u200b", "ﬁ", " ", "’");
  fc.assert(fc.property(fc.array(unit), (units) => {
    const { text, originOf } = fold(units.join(""));
    let [from, at] = [0, 0];
    for (const one of units) {
      const part = fold(one).text;
      strictEqual(text.slice(at, at + part.length), part);
      for (let index = 0; index < part.length; index++) strictEqual(originOf(at + index), from);
      at += part.length;
      from += one.length;
    }
    strictEqual(originOf(text.length), from);
  }));
});
