import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { parseExact } from "../../../../lib/calls/large/exact_json.ts";
import { parseJsonPath } from "../../../../lib/calls/large/json_path.ts";

const SHOP = {
  book: [
    { title: "One", price: 8.95, "isbn-10": "a", tags: ["x"] },
    { title: "Two", price: 12.5 },
    { title: "It's", price: 5, tags: [] },
  ],
  bike: { colour: "red", price: 19 },
};

Deno.test("parseJsonPath() reads members, elements, slices, wildcards and filters", () => {
  const cases: readonly (readonly [string, unknown[]])[] = [
    ["$", [SHOP]],
    ["$.bike.colour", ["red"]],
    ["$['bike'][\"colour\"]", ["red"]],
    ["$.book[0].title", ["One"]],
    ["$.book[-1].title", ["It's"]],
    ["$.book[9]", []],
    ["$.book[1:].title", ["Two", "It's"]],
    ["$.book[:-1].price", [8.95, 12.5]],
    ["$.book[0:3:2].title", ["One", "It's"]],
    ["$.book[*].price", [8.95, 12.5, 5]],
    ["$..price", [8.95, 12.5, 5, 19]],
    ["$..['isbn-10']", ["a"]],
    ["$.book[?@.price < 9].title", ["One", "It's"]],
    ["$.book[?(@.price < 9 && @.title == 'One')].price", [8.95]],
    ["$.book[?(@.title == 'It\\'s')].price", [5]],
    ["$.book[?@.tags && !@.tags[0] || @.price >= 12.5].title", ["Two", "It's"]],
    ["$.bike.*", ["red", 19]],
    ["$.nothing.here", []],
  ];

  for (const [path, found] of cases) deepStrictEqual(parseJsonPath(path).select(SHOP), found, path);
});

Deno.test("parseJsonPath() refuses what it does not understand", () => {
  for (
    const path of ["", "book", "$.", "$[", "$[?(@.a == )]", "$.a[?(@.b", "$[(1+1)]", "$" + ".a".repeat(400)]
  ) {
    throws(() => parseJsonPath(path), { code: "MCPX_INVALID_INPUT" }, path);
  }
});

Deno.test("parseJsonPath() gives up on paths that lead to too much", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 3_000; level++) deep = [deep, deep];

  throws(() => parseJsonPath("$..*").select(deep), { message: /leads to too much/ });
});

Deno.test("parseExact() keeps numbers that no JavaScript number is", () => {
  const text = '{"id":12345678901234567890,"small":1.50,"list":[{"id":9007199254740993}]}';
  const value = parseExact(text);

  strictEqual(JSON.stringify(value), text);
  const found = parseJsonPath("$.list[?@.id > 9007199254740000].id").select(value);
  strictEqual(JSON.stringify(found), "[9007199254740993]");
});
