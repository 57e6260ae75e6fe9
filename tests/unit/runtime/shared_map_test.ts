import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { SharedMap } from "../../../lib/runtime/shared_map.ts";

interface Value {
  readonly failures: number;
}

const record = (failures: number): Value => ({ failures });

/** What everyone can see of a map, by every way of looking. */
function seen(map: ReadonlyMap<string, Value>) {
  const listed: [string, Value][] = [];
  map.forEach((value, name) => listed.push([name, value]));
  deepStrictEqual([...map], listed);
  deepStrictEqual([...map.keys()], listed.map(([name]) => name));
  deepStrictEqual([...map.values()], listed.map(([, value]) => value));
  strictEqual(map.size, listed.length);
  for (const [name, value] of listed) strictEqual(map.get(name), value);
  return listed.map(([name, { failures }]) => `${name}=${failures}`);
}

Deno.test("SharedMap behaves as a Map does, and every earlier one stays as it was", () => {
  const name = fc.integer({ min: 0, max: 80 }).map((number) => `s${number}`);
  const change = fc.record({ name, isRemoval: fc.boolean(), of: fc.nat() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
      const made: { readonly map: SharedMap<Value>; readonly like: Map<string, Value> }[] = [
        { map: SharedMap.of<Value>(), like: new Map() },
      ];
      changes.forEach(({ name, isRemoval, of }, turn) => {
        // Mostly the newest one is changed, now and then an older one.
        const from = made[of % 10 === 0 ? of % made.length : made.length - 1];
        if (from === undefined) return;
        const like = new Map(from.like);
        if (isRemoval) like.delete(name);
        else like.set(name, record(turn));
        made.push({
          map: isRemoval ? from.map.without(name) : from.map.with(name, record(turn)),
          like,
        });
      });
      for (const { map, like } of made) {
        deepStrictEqual(seen(map), seen(like));
        strictEqual(map.has("nobody"), false);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("SharedMap shares what has not changed", () => {
  const before = SharedMap.of(Array.from({ length: 1_000 }, (_, index) => [`s${index}`, record(index)]));

  const after = before.with("s500", record(0)).without("s7");

  strictEqual(before.get("s500")?.failures, 500);
  strictEqual(after.get("s500")?.failures, 0);
  strictEqual(after.get("s501"), before.get("s501"));
  strictEqual(after.without("s7"), after);
  strictEqual(after.size, 999);
});
