import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { countEdits, Spelling } from "../../../lib/search/spelling.ts";

Deno.test("Spelling finds the nearest words, one edit away or two from eight letters on", () => {
  const spelling = new Spelling();
  for (const word of ["weather", "whether", "leather", "repository", "issue", "mail", "main"]) {
    spelling.add(word);
  }

  deepStrictEqual(spelling.nearest("weahter"), ["weather"]);
  deepStrictEqual(spelling.nearest("wether"), ["weather", "whether"]);
  deepStrictEqual(spelling.nearest("repostory"), ["repository"]);
  deepStrictEqual(spelling.nearest("repositroi"), ["repository"]);
  deepStrictEqual(spelling.nearest("isuse"), ["issue"]);
  deepStrictEqual(spelling.nearest("iseus"), []);
  deepStrictEqual(spelling.nearest("maio"), ["mail", "main"]);
  deepStrictEqual(spelling.nearest("eather"), []);
});

Deno.test("Spelling forgets words and bears any", () => {
  const spelling = new Spelling();
  spelling.add("weather");
  spelling.remove("weather");
  spelling.remove("never there");
  deepStrictEqual(spelling.nearest("wether"), []);

  for (const word of ["", "a", "x".repeat(10_000), "\ud800\ud800\ud800\ud800", "🙂🙂🙂", "__proto__"]) {
    spelling.add(word);
    deepStrictEqual(spelling.nearest(word), []);
  }
});

Deno.test("countEdits() counts letters more, less, other and swapped, up to a bound", () => {
  strictEqual(countEdits("mail", "mail", 2), 0);
  strictEqual(countEdits("mail", "mial", 2), 1);
  strictEqual(countEdits("mail", "ail", 2), 1);
  strictEqual(countEdits("mail", "maill", 2), 1);
  strictEqual(countEdits("mail", "meal", 2), 2);
  strictEqual(countEdits("mail", "tree", 2), 3);
  strictEqual(countEdits("", "abc", 1), 2);
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(fc.property(word, word, (a, b) => countEdits(a, b, 9) === countEdits(b, a, 9)));
});
