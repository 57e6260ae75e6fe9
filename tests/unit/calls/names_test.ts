import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { createNameMap, nameFor, readPlainName } from "../../../lib/calls/mod.ts";

const LIMIT = 64;
const server = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/);
/** Names that servers choose, hostile ones among them: whatever a name of ours is made of. */
const tool = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,80}$/),
  fc.string({ minLength: 1, maxLength: 100, unit: "grapheme" }),
  fc.stringMatching(/^[a-c_]{1,12}$/),
  fc.stringMatching(/^[a-b_]{1,6}_[0-9a-f]{10}$/),
);
const ref = fc.record({ server, tool });

Deno.test("nameFor() keeps plain names and shortens the others for good", () => {
  strictEqual(nameFor({ server: "github", tool: "create_issue" }, LIMIT), "github__create_issue");
  const long = nameFor({ server: "github", tool: "x".repeat(100) }, LIMIT);
  strictEqual(long.length, LIMIT);
  match(long, /^github__x+_[0-9a-f]{10}$/);
  strictEqual(nameFor({ server: "github", tool: "x".repeat(100) }, LIMIT), long);
  match(nameFor({ server: "a__b", tool: "c" }, LIMIT), /^a__b__c_[0-9a-f]{10}$/);
  match(nameFor({ server: "a", tool: "häßlich name" }, LIMIT), /^a__h__lich_name_[0-9a-f]{10}$/);
});

Deno.test("two different tools never have the same name, and each name leads back", () => {
  fc.assert(
    fc.property(ref, ref, (one, other) => {
      if (one.server === other.server && one.tool === other.tool) return;
      notStrictEqual(nameFor(one, LIMIT), nameFor(other, LIMIT));
      const names = createNameMap([one, other], LIMIT);
      for (const each of [one, other]) {
        const name = names.nameOf(each) ?? "";
        ok(name.length <= LIMIT && /^[A-Za-z0-9_.-]+$/.test(name), name);
        deepStrictEqual({ ...names.byName.get(name) }, { ...each });
      }
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("readPlainName() reads only names that need no map", () => {
  fc.assert(
    fc.property(ref, (one) => {
      const name = nameFor(one, LIMIT);
      const read = readPlainName(name, LIMIT);
      if (read !== undefined) deepStrictEqual(read, { ...one });
    }),
    { numRuns: 5_000 },
  );
  for (const name of ["", "__x", "x__", "plain", "a__b_0123456789"]) {
    strictEqual(readPlainName(name, LIMIT), undefined);
  }
});

Deno.test("createNameMap() tells tools apart whose hashes clash", () => {
  // Nothing clashes by chance, so the same tool is given twice: the map must stay exact all the same.
  const refs = Array.from(
    { length: 2_000 },
    (_, index) => ({ server: "s", tool: `${"y".repeat(90)}${index}` }),
  );
  const names = createNameMap(refs, LIMIT);
  strictEqual(names.byName.size, refs.length);
});
