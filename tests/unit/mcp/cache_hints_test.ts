import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { withCacheHints } from "../../../lib/mcp/cache_hints.ts";

Deno.test("withCacheHints() never lets an answer be shared, nor kept for longer than makes sense", () => {
  const hour = 3_600_000;
  const cases: readonly (readonly [unknown, number])[] = [
    [5, 5],
    [0, 0],
    [1_234.9, 1_234],
    [hour, hour],
    [hour + 1, hour],
    [Number.MAX_VALUE, hour],
    [Infinity, hour],
    [-1, 0],
    [-Infinity, 0],
    [NaN, 0],
    ["60000", 0],
    [null, 0],
    [undefined, 0],
    [{}, 0],
  ];
  for (
    const method of [
      "tools/list",
      "prompts/list",
      "resources/list",
      "resources/templates/list",
      "resources/read",
    ]
  ) {
    for (const [given, ttlMs] of cases) {
      for (const scope of ["private", "public", "everyone", undefined, 7]) {
        const result = { contents: [], ttlMs: given, cacheScope: scope };
        deepStrictEqual(withCacheHints(method, result), { contents: [], ttlMs, cacheScope: "private" });
      }
    }
  }
});

Deno.test("withCacheHints() says nothing of other answers", () => {
  const result = { content: [], ttlMs: -1 };
  strictEqual(withCacheHints("tools/call", result), result);
});
