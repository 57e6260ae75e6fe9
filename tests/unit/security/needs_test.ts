import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { createNeeds } from "../../../lib/security/scan/needs.ts";

const name = fc.constantFrom("a", "b", "c", "d", "e");
const groups = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

Deno.test("Needs.met() finds what has one of each of its groups, in the order of the list, search after search", () => {
  fc.assert(fc.property(fc.array(groups), fc.array(fc.array(name)), (items, searches) => {
    const needs = createNeeds(items, (item) => item);
    for (const there of searches) {
      deepStrictEqual(
        needs.met(there),
        items.filter((item) => item.every((group) => group.some((one) => there.includes(one)))),
      );
    }
  }));
});
