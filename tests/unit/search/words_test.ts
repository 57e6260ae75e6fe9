import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { toQueryWords, toWords } from "../../../lib/search/words.ts";

const words = (text: string) => toWords(text, { limit: 50 });

Deno.test("toWords() splits identifiers and keeps them joined too", () => {
  deepStrictEqual(words("create_issue"), ["creat", "issu", "createissu"]);
  deepStrictEqual(words("createIssue"), words("create_issue"));
  deepStrictEqual(words("create-issue.CREATE"), ["creat", "issu", "creat", "createissuecr"]);
  deepStrictEqual(words("HTTPServer"), ["http", "server", "httpserver"]);
  deepStrictEqual(words("base64 APIs"), ["base", "64", "base64", "api"]);
});

Deno.test("toWords() folds case, width and diacritics, and stems English", () => {
  deepStrictEqual(words("Crème BRÛLÉE ＦＩＬＥＳ"), ["creme", "brule", "file"]);
  deepStrictEqual(words("listing lists listed"), ["list", "list", "list"]);
  deepStrictEqual(words("Überprüfung дата"), ["uberprufung", "дата"]);
});

Deno.test("toWords() cuts scripts without spaces into pairs", () => {
  deepStrictEqual(words("查询天气"), ["查询", "询天", "天气"]);
  ok(words("获取天气信息").includes("天气"));
});

Deno.test("toQueryWords() drops stop words unless nothing else is left, and repetitions", () => {
  deepStrictEqual(toQueryWords("please list the files of the list", 10), ["list", "file"]);
  deepStrictEqual(toQueryWords("who is it", 10), ["who", "is", "it"]);
  deepStrictEqual(toQueryWords("\u0000\u001b[31m !!! ", 10), ["31", "m", "31m"]);
  deepStrictEqual(toQueryWords("", 10), []);
});

Deno.test("toWords() is bounded for any text", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 0x10ffff }), { maxLength: 200 }), (codes) => {
      const text = String.fromCodePoint(...codes);
      const found = toWords(text, { limit: 20, keepStopWords: true });
      ok(
        found.length <= 20 &&
          found.every((word) => word.length > 0 && word.length <= 200 && !word.includes(" ")),
      );
    }),
    { numRuns: 50 },
  );
  for (
    const text of ["a_".repeat(50_000), "\uFDFA".repeat(100_000), "A".repeat(100_000), "aA1".repeat(40_000)]
  ) {
    ok(toWords(text, { limit: 64 }).length <= 64);
  }
});
