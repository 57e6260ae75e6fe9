import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { renderTable } from "./table.ts";
import { type Check, losses } from "./verdict.ts";

const check = (id: string, status: Check["status"]): Check => ({ id, name: id, status });
const results = (...checks: readonly Check[]) => new Map([["pages", checks]]);
const lost = (direct: readonly Check[], through: readonly Check[]) =>
  losses(results(...direct), results(...through)).map(({ check, isBad }) => `${check}${isBad ? " bad" : ""}`);

Deno.test("losses() names what succeeds directly and not on the way", () => {
  const direct = [check("a", "SUCCESS"), check("b", "SUCCESS"), check("c", "SUCCESS"), check("d", "INFO")];

  deepStrictEqual(lost(direct, direct), []);
  deepStrictEqual(
    lost(direct, [check("a", "FAILURE"), check("b", "WARNING"), check("c", "INFO")]),
    ["a bad", "b bad", "c"],
  );
  deepStrictEqual(lost(direct, direct.slice(1)), ["a"]);
  deepStrictEqual(lost(direct, []), ["a", "b", "c"]);
});

Deno.test("losses() counts trouble that only the way has, and the worst of checks with one name", () => {
  const direct = [check("a", "SUCCESS"), check("d", "INFO")];

  deepStrictEqual(lost(direct, [...direct, check("new", "FAILURE")]), ["new bad"]);
  deepStrictEqual(lost(direct, [...direct, check("d", "WARNING")]), ["d bad"]);
  deepStrictEqual(lost(direct, [...direct, check("a", "FAILURE"), check("a", "SUCCESS")]), ["a bad"]);
  deepStrictEqual(lost(direct, [...direct, check("new", "SKIPPED")]), []);
});

Deno.test("losses() takes nothing from a scenario that is bad directly", () => {
  deepStrictEqual(lost([check("a", "SUCCESS"), check("b", "FAILURE")], []), []);
});

Deno.test("renderTable() gives each scenario a line and each way a column", () => {
  const byWay = new Map([
    ["direct", new Map([["pages", [check("a", "SUCCESS")]], ["words", [check("b", "INFO")]]])],
    ["http", new Map([["pages", [check("a", "SUCCESS"), check("c", "FAILURE")]]])],
  ]);

  strictEqual(
    renderTable("suite", byWay),
    "suite  direct  http\n-----------------------\npages  ok 1    FAIL 1/2\nwords  ok -    -",
  );
});
