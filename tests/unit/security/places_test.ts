import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Occurrence } from "../../../lib/security/scan/lexicon.ts";
import { createPlaces, indexFrom, placeAfter } from "../../../lib/security/scan/places.ts";

/** Places in the order of a text. */
const places = fc.array(fc.record({ first: fc.nat(40), length: fc.nat(6) }), { maxLength: 12 })
  .map((list) =>
    list.map(({ first, length }): Occurrence => ({ first, last: first + length }))
      .sort((a, b) => a.first - b.first || b.last - a.last)
  );

Deno.test("indexFrom() and placeAfter() find what a search from the start would", () => {
  fc.assert(fc.property(places, fc.nat(45), fc.nat(8), (list, token, within) => {
    const index = list.findIndex(({ first }) => first >= token);
    strictEqual(indexFrom(list, token), index < 0 ? list.length : index);
    deepStrictEqual(
      placeAfter(list, token, within),
      list.find(({ first }) => first > token && first <= token + within),
    );
  }));
});

Deno.test("Places.some() asks about every place that begins or ends in the stretch", () => {
  fc.assert(fc.property(places, fc.nat(45), fc.nat(8), (list, from, length) => {
    const to = from + length;
    const asked = new Set<Occurrence>();
    createPlaces(list).some(from, to, (place) => {
      asked.add(place);
      return false;
    });
    const inside = list.filter(({ first, last }) => first <= to && last >= from);

    deepStrictEqual(inside.filter((place) => !asked.has(place)), []);
    strictEqual(createPlaces(list).some(from, to, (place) => inside.includes(place)), inside.length > 0);
  }));
});
