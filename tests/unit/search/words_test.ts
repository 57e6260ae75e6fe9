import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { createStemmer } from "../../../lib/search/stems.ts";
import { cutWords, detach, toNameKey } from "../../../lib/search/words.ts";

const words = (text: string) => cutWords(text, { limit: 50 }).map((word) => word.text);

Deno.test("cutWords() splits identifiers and keeps them joined too", () => {
  deepStrictEqual(cutWords("create_issue", { limit: 50 }), [
    { text: "create", isJoined: false },
    { text: "issue", isJoined: false },
    { text: "createissue", isJoined: true },
  ]);
  deepStrictEqual(words("createIssue"), words("create_issue"));
  deepStrictEqual(words("create-issue.CREATE"), ["create", "issue", "create", "createissuecreate"]);
  deepStrictEqual(words("HTTPServer"), ["http", "server", "httpserver"]);
  deepStrictEqual(words("base64 APIs"), ["base", "64", "base64", "apis"]);
});

Deno.test("cutWords() folds case, width and diacritics, and drops stop words unless told otherwise", () => {
  deepStrictEqual(words("Crème BRÛLÉE ＦＩＬＥＳ дата"), ["creme", "brulee", "files", "дата"]);
  deepStrictEqual(words("Please list the files"), ["list", "files"]);
  deepStrictEqual(cutWords("the file", { limit: 5, keepStopWords: true }).map((word) => word.text), [
    "the",
    "file",
  ]);
});

Deno.test("cutWords() cuts scripts without spaces into pairs", () => {
  deepStrictEqual(words("查询天气"), ["查询", "询天", "天气"]);
  ok(words("获取天气信息").includes("天气"));
});

Deno.test("cutWords() is bounded for any text", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 0x10ffff }), { maxLength: 200 }), (codes) => {
      const found = cutWords(String.fromCodePoint(...codes), { limit: 20, keepStopWords: true });
      ok(found.length <= 20 && found.every(({ text }) => text.length > 0 && text.length <= 200));
    }),
    { numRuns: 50 },
  );
  for (
    const text of ["a_".repeat(50_000), "\uFDFA".repeat(100_000), "A".repeat(100_000), "aA1".repeat(40_000)]
  ) ok(cutWords(text, { limit: 64 }).length <= 64);
});

Deno.test("toNameKey() is the same for every way to write a name", () => {
  for (const name of ["create_issue", "createIssue", "Create Issue", "github.create-issue"]) {
    ok(toNameKey(name).endsWith("createissue"), name);
  }
  strictEqual(toNameKey("Überprüfung №5"), "uberprufungno5");
  strictEqual(toNameKey("__"), "");
});

Deno.test("detach() copies a word without changing it", () => {
  strictEqual(detach("a".repeat(5)), "aaaaa");
  strictEqual(detach("überprüfungsausschuss🙂"), "überprüfungsausschuss🙂");
});

Deno.test("a stemmer takes forms of a word for the same, also irregular ones and British spelling", () => {
  const stemOf = createStemmer();

  for (
    const [a, b] of [
      ["listing", "lists"],
      ["repositories", "repository"],
      ["sent", "sending"],
      ["wrote", "write"],
      ["children", "child"],
      ["colour", "colors"],
      ["organisation", "organization"],
    ] as const
  ) strictEqual(stemOf(a), stemOf(b), a);
  strictEqual(stemOf("constructor"), stemOf("constructors"));
  strictEqual(stemOf("дата"), "дата");
  strictEqual(stemOf("64"), "64");
});
