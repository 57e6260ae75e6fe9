import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { cutPage } from "../../../lib/management/paging.ts";

Deno.test("cutPage() loses and repeats nothing, whatever the names and the limit", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1 })),
    fc.integer({ min: 1, max: 5 }),
    (names, limit) => {
      const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = cutPage(sorted, (name) => name, { limit, cursor });
        seen.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      deepStrictEqual(seen, sorted);
    },
  ));
});

Deno.test("cutPage() goes on behind an item that is gone, and refuses what is no cursor", () => {
  const first = cutPage(["a", "b", "c", "d"], (name) => name, { limit: 2 });
  deepStrictEqual(cutPage(["a", "c", "d"], (name) => name, { cursor: first.next_cursor }).items, ["c", "d"]);
  deepStrictEqual(cutPage(["a"], (name) => name, { cursor: first.next_cursor }).items, []);
  strictEqual(cutPage([], (name: string) => name, { limit: 1 }).next_cursor, undefined);
  throws(() => cutPage(["a"], (name) => name, { cursor: "%" }), /not valid/);
});
