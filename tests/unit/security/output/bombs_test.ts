/**
 * Fifty schemas that would keep a careless checker busy for ever, or take its
 * memory: each is judged or given up, within the bounds of the checker.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { checkOutput, type OutputVerdict, prepareSchema } from "../../../../lib/security/mod.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Patterns that keep a backtracking engine busy, each with a text for it. */
const PATTERNS: readonly (readonly [string, string])[] = [
  ["^(a+)+$", `${"a".repeat(4_000)}!`],
  ["^(a*)*$", `${"a".repeat(4_000)}!`],
  ["^(a|a)*$", `${"a".repeat(4_000)}!`],
  ["^(a|aa)+$", `${"a".repeat(4_000)}!`],
  ["(x+x+)+y", "x".repeat(4_000)],
  ["^([a-z]+)*\\d$", "a".repeat(4_000)],
  ["^(\\w+\\s?)*$", `${"word ".repeat(800)}!`],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(4_000)],
  ["(.*)*=(.*)*;", "a".repeat(4_000)],
  ["^(?:.*,){30}P", "1,".repeat(2_000)],
  ["(a?){60}a{60}", "a".repeat(59)],
  ["^((ab)*)*$", `${"ab".repeat(2_000)}!`],
  ["\\s+$", `${" ".repeat(20_000)}x`],
  ["<important>.*?x.*?</important>", "<important>".repeat(1_500)],
  ["^(0|[0-9]|[0-9][0-9])*$", `${"0".repeat(4_000)}x`],
  ["(?:(?:a{1,50}){1,50}){1,50}", "a".repeat(4_000)],
  ["^(.+)+@(.+)+\\.(.+)+$", `${"a".repeat(4_000)}@`],
];

/** Schemas that grow, turn in circles or nest. */
const SHAPES: readonly Schema[] = [
  ...["allOf", "anyOf", "oneOf"].flatMap((word) => [
    doubling(word, 30),
    circle(word),
    { [word]: Array.from({ length: 50_000 }, () => ({})) },
  ]),
  ...["items", "additionalProperties", "not", "contains", "propertyNames"].map((word) => nest(word, 5_000)),
  ...["#", "#/$defs/a", "#/allOf/0"].map((target) => ({
    $defs: { a: { $ref: target } },
    allOf: [{ $ref: target }],
  })),
  ...["http://127.0.0.1:9/x", "file:///etc/passwd", "//evil.example/x", "urn:x", "../x"].map(($ref) => ({
    $ref,
  })),
  { $id: "http://a/", $ref: "http://a/" },
  { $dynamicRef: "#x", $defs: { x: { $dynamicAnchor: "x", $dynamicRef: "#x" } } },
  { enum: Array.from({ length: 20_000 }, (_, at) => [at]) },
  { required: Array.from({ length: 50_000 }, (_, at) => `k${at}`) },
  { properties: Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`k${at}`, {}])) },
  {
    patternProperties: Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`^(a+)+${at}$`, false])),
  },
  { multipleOf: 1e-300 },
  { minLength: 1e308, maxLength: -1 },
  { type: Array.from({ length: 10_000 }, () => "string") },
  { if: { $ref: "#" }, then: { $ref: "#" }, else: { $ref: "#" } },
  { dependentSchemas: { a: { $ref: "#" } }, unevaluatedProperties: { $ref: "#" } },
];

function doubling(word: string, levels: number): Schema {
  const defs = Array.from({ length: levels }, (_, at) => {
    const next = { $ref: `#/$defs/d${at + 1}` };
    return [`d${at}`, { [word]: [next, { [word]: [next] }] }];
  });
  return { $defs: { ...Object.fromEntries(defs), [`d${levels}`]: { type: "string" } }, $ref: "#/$defs/d0" };
}

function circle(word: string): Schema {
  return {
    $defs: { a: { [word]: [{ $ref: "#/$defs/b" }] }, b: { [word]: [{ $ref: "#/$defs/a" }] } },
    $ref: "#/$defs/a",
  };
}

function nest(word: string, levels: number): Schema {
  let schema: Schema = {};
  for (let level = 0; level < levels; level++) schema = { [word]: schema };
  return schema;
}

/** Small in memory, and endless to whoever goes through it. */
let wide: unknown = 1;
for (let level = 0; level < 50; level++) wide = { a: wide, b: [wide] };
const VALUES = ["text", 5, ["a", 1, null], { a: { b: 1 }, k1: [] }, wide];
const BOUNDS = { maxDepth: 64, maxSize: 1_000_000 };
const KINDS = ["fits", "misfit", "unjudged"];
/** Far more than a check takes, far less than one without bounds. */
const FOREVER_MS = 10_000;

async function check(schema: unknown, value: unknown): Promise<OutputVerdict> {
  const prepared = await prepareSchema(schema);
  return "refused" in prepared
    ? { kind: "unjudged", reason: prepared.refused }
    : checkOutput(value, prepared, BOUNDS);
}

Deno.test("checkOutput() comes to an end with every one of fifty bombs", async (t) => {
  const bombs = [
    ...PATTERNS.map(([pattern, text]) => ({ schema: { pattern }, values: [text] })),
    ...SHAPES.map((schema) => ({ schema, values: VALUES })),
  ];
  ok(bombs.length >= 50, `${bombs.length}`);
  for (const [at, { schema, values }] of bombs.entries()) {
    await t.step(`${at}: ${JSON.stringify(schema).slice(0, 60)}`, async () => {
      const startedAt = performance.now();
      for (const value of values) {
        const { kind } = await check(schema, value);
        ok(KINDS.includes(kind));
      }
      ok(performance.now() - startedAt < FOREVER_MS);
    });
  }
  await t.step("and an honest schema is judged after all that", async () => {
    deepStrictEqual((await check({ type: "string" }, "x")).kind, "fits");
    deepStrictEqual((await check({ type: "string" }, 1)).kind, "misfit");
  });
});
