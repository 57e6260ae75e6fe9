import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { compareWords } from "../../../ui/words.ts";

Deno.test("compareWords() marks the words that differ and no others", () => {
  deepStrictEqual(compareWords("Adds two numbers", "Adds all numbers, and sends them"), [
    { kind: "same", text: "Adds " },
    { kind: "removed", text: "two" },
    { kind: "added", text: "all" },
    { kind: "same", text: " numbers" },
    { kind: "added", text: ", and sends them" },
  ]);
  deepStrictEqual(compareWords("", ""), []);
});

Deno.test("compareWords() gives both texts back from its runs", () => {
  const text = fc.array(fc.constantFrom("a", "b", " ", "\n", ".", "\u202e", "ü"), { maxLength: 30 }).map((
    all,
  ) => all.join(""));
  fc.assert(fc.property(text, text, (before, after) => {
    const runs = compareWords(before, after);
    const without = (kind: string) => runs.filter((run) => run.kind !== kind).map((run) => run.text).join("");
    return without("added") === before && without("removed") === after;
  }));
});

Deno.test("compareWords() replaces the middle of texts that are too long to compare", () => {
  const runs = compareWords(`x ${"a ".repeat(2_000)}y`, `x ${"b ".repeat(2_000)}y`);

  deepStrictEqual(runs.map(({ kind }) => kind), ["same", "removed", "added", "same"]);
  strictEqual(runs.length, 4);
});
