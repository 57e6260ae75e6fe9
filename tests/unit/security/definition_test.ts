import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type Definition,
  diffDefinitions,
  hashDefinition,
  hashVersionOf,
  nameOfDefinition,
  toCanonicalJson,
} from "../../../lib/security/mod.ts";
import { parseJson } from "../../../lib/contracts/mod.ts";
import { TOOL } from "./approval_fixture.ts";

/** Reverses the keys of every object. */
function reorder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reorder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reorder(member)]));
}

/** Every definition that differs from this one by one leaf. */
function* mutations(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const changed of mutations(item)) yield value.with(index, changed);
    }
    yield [...value, "more"];
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      for (const changed of mutations(member)) yield { ...value, [key]: changed };
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    }
    yield { ...value, added: true };
  } else if (typeof value === "boolean") yield !value;
  else yield `${value}!`;
}

Deno.test("hashDefinition() does not depend on the order of keys and carries its version", () => {
  const hash = hashDefinition("tool", TOOL);

  strictEqual(hashDefinition("tool", reorder(TOOL) as Definition), hash);
  // What was accepted stays accepted only as long as this stays the same.
  strictEqual(hash, "sha256/v1:a6e2762980ad4569e342fecf565af1b400335e1071fb04332c674cd54476b6fa");
  strictEqual(hashVersionOf(hash), 1);
  strictEqual(hashVersionOf("sha256/v1:short"), undefined);
  notStrictEqual(hashDefinition("prompt", TOOL), hash);
});

Deno.test("hashDefinition() changes with every leaf, annotations, icons and _meta included", () => {
  const hashes = [...mutations(TOOL)].map((changed) => hashDefinition("tool", changed as Definition));

  ok(hashes.length > 30);
  strictEqual(hashes.includes(hashDefinition("tool", TOOL)), false);
  strictEqual(new Set(hashes).size, hashes.length);
});

/** Canonical JSON as simply as it can be said. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

Deno.test("toCanonicalJson() sorts members by their units at every level", () => {
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: "medium" }), (value) => {
      strictEqual(toCanonicalJson(value), canonical(value));
    }),
    { numRuns: 1_000 },
  );
  strictEqual(
    toCanonicalJson({ b: [{ z: 1, "10": 2, "9": 3, A: 4, "\u{1f600}": 5, "\uffff": 6 }], a: {}, "": [] }),
    '{"":[],"a":{},"b":[{"10":2,"9":3,"A":4,"z":1,"\u{1f600}":5,"\uffff":6}]}',
  );
});

Deno.test("toCanonicalJson() keeps apart what JSON keeps apart", () => {
  strictEqual(
    toCanonicalJson({ b: 1, a: [undefined, -0, "\ud800"], c: undefined }),
    '{"a":[null,0,"\\ud800"],"b":1}',
  );
  notStrictEqual(
    toCanonicalJson(parseJson('{"a":12345678901234567890}')),
    toCanonicalJson(parseJson('{"a":12345678901234567891}')),
  );
  notStrictEqual(toCanonicalJson({ a: "1" }), toCanonicalJson({ a: 1 }));
  const deep: Record<string, unknown> = {};
  deep.self = deep;
  throws(() => toCanonicalJson(deep), RangeError);
});

Deno.test("diffDefinitions() names each field that differs, and nothing for a new order", () => {
  const changed = {
    ...TOOL,
    description: "Reads any file.",
    annotations: { readOnlyHint: false },
    inputSchema: { type: "object", properties: { "a/b": { type: "number" } }, required: ["path", "x"] },
  };

  deepStrictEqual(diffDefinitions(TOOL, reorder(TOOL) as Definition), []);
  deepStrictEqual(diffDefinitions(TOOL, changed).map(({ pointer, kind }) => `${kind} ${pointer}`), [
    "removed /annotations/destructiveHint",
    "changed /annotations/readOnlyHint",
    "changed /description",
    "added /inputSchema/properties/a~1b",
    "removed /inputSchema/properties/path",
    "added /inputSchema/required/1",
  ]);
  deepStrictEqual(diffDefinitions({ a: 1 }, { a: [1] }), [{
    pointer: "/a",
    kind: "changed",
    before: 1,
    after: [1],
  }]);
  strictEqual(diffDefinitions({}, { constructor: 1 }).length, 1);
});

Deno.test("nameOfDefinition() takes the URI of resources and refuses empty names", () => {
  strictEqual(nameOfDefinition("resource", { uri: "file:///a", name: "a" }), "file:///a");
  strictEqual(nameOfDefinition("resource_template", { uriTemplate: "x://{a}" }), "x://{a}");
  strictEqual(nameOfDefinition("instructions", { text: "…" }), "instructions");
  strictEqual(nameOfDefinition("tool", { name: "" }), undefined);
});
