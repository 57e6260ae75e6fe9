import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { checkOutput, type OutputVerdict, prepareSchema } from "../../../../lib/security/mod.ts";
import { parseJson } from "../../../../lib/contracts/mod.ts";

const BOUNDS = { maxDepth: 64, maxSize: 1_000_000 };

async function check(schema: unknown, value: unknown, bounds = BOUNDS): Promise<OutputVerdict> {
  const prepared = await prepareSchema(schema);
  return "refused" in prepared
    ? { kind: "unjudged", reason: prepared.refused }
    : checkOutput(value, prepared, bounds);
}

/** Schema, values that fit, values that do not. */
const ROWS: readonly (readonly [unknown, readonly unknown[], readonly unknown[]])[] = [
  [true, [1], []],
  [{}, [1, null], []],
  [false, [], [1]],
  [{ type: "integer" }, [1, 2.0], [1.5, "1", null]],
  [{ type: ["string", "null"] }, ["a", null], [1, {}]],
  [{ type: "of tomorrow" }, [1], []],
  [{ enum: [1, { a: [1] }] }, [1, { a: [1] }], [2, { a: [2] }]],
  [{ const: { b: 1, a: 2 } }, [{ a: 2, b: 1 }], [{ a: 2 }]],
  [{ minimum: 1, exclusiveMaximum: 3 }, [1, 2.9, "x"], [0, 3]],
  [{ multipleOf: 0.1 }, [0.3, 5], [0.35]],
  [{ minLength: 2, maxLength: 3 }, ["ab", "😀😀😀"], ["a", "abcd"]],
  [{ pattern: "^a+$" }, ["aa", 1], ["ab", ""]],
  [{ pattern: "(?=x)" }, ["anything: no such pattern in RE2"], []],
  [{ required: ["a"] }, [{ a: 1 }, []], [{ b: 1 }]],
  [{ properties: { a: { type: "string" } }, additionalProperties: false }, [{ a: "x" }, {}], [{ a: 1 }, {
    b: 1,
  }]],
  [
    { patternProperties: { "^x-": { type: "number" } }, additionalProperties: { type: "string" } },
    [{ "x-a": 1, b: "s" }],
    [{ "x-a": "s" }, { b: 1 }],
  ],
  [{ propertyNames: { maxLength: 2 }, minProperties: 1, maxProperties: 2 }, [{ ab: 1 }], [{}, { abc: 1 }]],
  [{ dependentRequired: { a: ["b"] } }, [{ a: 1, b: 1 }, {}], [{ a: 1 }]],
  [{ dependentSchemas: { a: { required: ["c"] } } }, [{ a: 1, c: 1 }], [{ a: 1 }]],
  [{ items: { type: "number" }, minItems: 1, maxItems: 2 }, [[1], "x"], [[], ["a"], [1, 2, 3]]],
  [{ prefixItems: [{ type: "string" }], items: false }, [["a"], []], [["a", 1], [1]]],
  [{ items: [{ type: "string" }], additionalItems: { type: "number" } }, [["a", 1]], [["a", "b"]]],
  [{ contains: { const: 1 }, maxContains: 1 }, [[1, 2]], [[2], [1, 1]]],
  [{ uniqueItems: true }, [[1, "1", { a: 1 }]], [[1, 1], [{ a: 1, b: 2 }, { b: 2, a: 1 }]]],
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1], [3]],
  [{ anyOf: [{ type: "string" }, { minimum: 5 }] }, ["a", 5], [4]],
  [{ oneOf: [{ minimum: 1 }, { maximum: 2 }] }, [0, 3], [1]],
  [{ not: { type: "string" } }, [1], ["a"]],
  [{ if: { required: ["a"] }, then: { required: ["b"] }, else: { required: ["c"] } }, [{ a: 1, b: 1 }, {
    c: 1,
  }], [
    { a: 1 },
    {},
  ]],
  [
    {
      $defs: { "a/b": { type: "string" } },
      properties: { x: { $ref: "#/$defs/a~1b" }, next: { $ref: "#" } },
    },
    [{ x: "s", next: { next: { x: "t" } } }],
    [{ x: 1 }, { next: { x: 1 } }],
  ],
  [{ $ref: "https://example.com/elsewhere.json" }, [1], []],
  [{ format: "email" }, ["not checked"], []],
];

Deno.test("checkOutput() judges every keyword", async () => {
  for (const [schema, fitting, misfit] of ROWS) {
    for (const value of fitting) {
      strictEqual((await check(schema, value)).kind, "fits", JSON.stringify([schema, value]));
    }
    for (const value of misfit) {
      strictEqual((await check(schema, value)).kind, "misfit", JSON.stringify([schema, value]));
    }
  }
});

Deno.test("checkOutput() says where and what, in words of its own", async () => {
  const schema = { properties: { list: { items: { properties: { "a/b": { type: "number" } } } } } };
  deepStrictEqual(await check(schema, { list: [{}, { "a/b": "x" }] }), {
    kind: "misfit",
    pointer: "/list/1/a~1b",
    problem: "it is string, wanted number",
  });
});

Deno.test("checkOutput() takes numbers that no double holds for numbers", async () => {
  const value = parseJson('{"n": 12345678901234567890}');
  strictEqual((await check({ properties: { n: { type: "integer", minimum: 5 } } }, value)).kind, "fits");
});

const nested = (levels: number, wrap: (inner: unknown) => unknown): unknown => {
  let schema: unknown = { type: "string" };
  for (let level = 0; level < levels; level++) schema = wrap(schema);
  return schema;
};

const doubled = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => [
    `d${at}`,
    { anyOf: [{ $ref: `#/$defs/d${at + 1}` }, { allOf: [{ $ref: `#/$defs/d${at + 1}` }] }] },
  ]),
);

const BOMBS: Readonly<Record<string, readonly [unknown, unknown]>> = {
  "a reference to itself": [{ $ref: "#" }, 1],
  "two references to each other": [{
    $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
    $ref: "#/$defs/a",
  }, 1],
  "twice as much with each level": [{ $defs: { ...doubled, d40: false }, $ref: "#/$defs/d0" }, 1],
  "very deep": [nested(10_000, (inner) => ({ not: inner })), 1],
  "very wide": [{ allOf: Array.from({ length: 100_000 }, () => ({})) }, 1],
  "many patterns": [{ allOf: Array.from({ length: 1_000 }, (_, at) => ({ pattern: `^${at}` })) }, "x"],
  "a pattern of many states": [
    { items: { pattern: "[a-z]{1,1000}[0-9]" } },
    Array.from({ length: 50 }, () => "a".repeat(9_000)),
  ],
  "an enum of giants": [
    { contains: { enum: Array.from({ length: 50 }, (_, at) => [at, "x".repeat(10_000)]) } },
    Array.from({ length: 50 }, () => [0, "y".repeat(10_000)]),
  ],
  "a deep value": [{}, nested(100, (inner) => [inner])],
  "a large value": [{}, ["x".repeat(2_000_000)]],
};

for (const [name, [schema, value]] of Object.entries(BOMBS)) {
  Deno.test(`checkOutput() gives up on a bomb: ${name}`, async () => {
    const verdict = await check(schema, value);
    ok(verdict.kind === "unjudged", JSON.stringify(verdict));
    match(verdict.reason, /more than|deeper|steps|without end/);
  });
}

Deno.test("checkOutput() is not stalled by a pattern made for that", async () => {
  strictEqual((await check({ pattern: "^(a+)+$" }, `${"a".repeat(5_000)}!`)).kind, "misfit");
});

Deno.test("checkOutput() looks nothing up in prototypes", async () => {
  const schema = parseJson('{"required": ["toString"], "properties": {"__proto__": {"type": "string"}}}');
  strictEqual((await check(schema, {})).kind, "misfit");
  strictEqual((await check({ $ref: "#/constructor" }, 1)).kind, "fits");
});
