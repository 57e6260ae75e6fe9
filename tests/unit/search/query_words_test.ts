import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readQuery } from "../../../lib/search/query_words.ts";

const read = (query: string) => readQuery(query, (word) => word);
const weights = (query: string) =>
  Object.fromEntries(read(query).words.map(({ text, weight }) => [text, weight]));

Deno.test("readQuery() takes each word once and stop words only if there is nothing else", () => {
  deepStrictEqual(weights("please list the files of the list"), { list: 1, files: 1 });
  deepStrictEqual(Object.keys(weights("it is")), ["it", "is"]);
  deepStrictEqual(weights(""), {});
  deepStrictEqual(weights("\u0000\u001b !!!"), {});
});

Deno.test("readQuery() gives little weight to what a tool is to be given", () => {
  for (
    const query of [
      'find "summer holiday" photos',
      "open https://example.org/summer/holiday photos",
      "read /home/summer/holiday photos",
      "read ../summer/holiday.txt photos",
      "send photos to summer.holiday@example.org",
      "show holiday.txt and summer.md photos",
      "delete 'summer holiday' photos",
    ]
  ) {
    const found = weights(query);
    strictEqual(found["photos"], 1, query);
    strictEqual(found["summer"], 0.2, query);
    strictEqual(found["holiday"], 0.2, query);
  }
  deepStrictEqual(weights("room 101 for 2.5 hours"), {
    room: 1,
    101: 0.2,
    2: 0.2,
    5: 0.2,
    25: 0.2,
    hours: 1,
  });
  deepStrictEqual(weights("don't lose the dog's toys"), { don: 1, lose: 1, dog: 1, toys: 1 });
});

Deno.test("readQuery() leaves placeholders out", () => {
  deepStrictEqual(weights("list tables of <database name>"), { list: 1, tables: 1 });
});

Deno.test("readQuery() weighs sentences about the person less where others ask for something", () => {
  const found = weights("I'm writing a novel. Find ships.");
  ok((found["novel"] ?? 1) < 1);
  strictEqual(found["ships"], 1);
  strictEqual(weights("I'm writing a novel.")["novel"], 1);
  strictEqual(weights("I need a novel. Find ships.")["novel"], 1);
});

Deno.test("readQuery() adds what a question word implies", () => {
  strictEqual(weights("how far is it to Rome")["distance"], 0.5);
  strictEqual(weights("how far is the distance to Rome")["distance"], 1);
  ok(read("which channels exist?").isQuestion);
  ok(!read("list channels").isQuestion);
});

Deno.test("readQuery() is bounded for any query", () => {
  const distinct = Array.from({ length: 5_000 }, (_, at) => `w${at.toString(36)}x`).join(" ");
  for (
    const query of [
      distinct,
      '"'.repeat(20_000),
      "a-".repeat(20_000),
      "a.a".repeat(20_000),
      "<".repeat(20_000),
      "\ud800".repeat(20_000),
      "/".repeat(20_000),
      "a@".repeat(20_000),
    ]
  ) {
    const { words, neighbours } = read(query);
    ok(words.length <= 80 && neighbours.length <= 130, query.slice(0, 5));
  }
});
