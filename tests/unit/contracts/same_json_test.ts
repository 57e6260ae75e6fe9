import { ok, strictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { isSameJson, parseJson } from "../../../lib/contracts/mod.ts";

Deno.test("isSameJson() agrees with a deep comparison on any two messages", () => {
  const value = fc.jsonValue({ depthSize: "small" });
  fc.assert(fc.property(value, value, (a, b) => {
    const copy: unknown = structuredClone(a);
    ok(isSameJson(a, copy));
    strictEqual(isSameJson(a, b), isDeepStrictEqual(a, b));
    strictEqual(isSameJson([a, b], [b, a]), isDeepStrictEqual(a, b));
  }));
});

Deno.test("isSameJson() minds digits, signs, members and kinds, and not the order of members", () => {
  const same = (a: string, b: string) => isSameJson(parseJson(a), parseJson(b));

  ok(same('{"a":1,"b":[{}]}', '{"b":[{}],"a":1}'));
  ok(same("[1e400]", "[1e400]"));
  ok(!same("[12345678901234567890]", "[12345678901234567891]"));
  ok(!same("[0]", "[-0]"));
  ok(!same("[1e400]", '[{"rawJSON":"1e400"}]'));
  ok(!same('{"constructor":1}', '{"a":1}'));
  ok(!same('{"a":null}', "{}"));
  ok(!same("[]", "{}"));
  ok(!same('[1,"2"]', "[1,2]"));
});
