import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { CALL_VARIANTS, type ToolDefinition } from "../../../lib/contracts/mod.ts";
import { argumentProblem } from "../../../lib/calls/arguments.ts";
import { intentConflict, parseIntent, variantFor } from "../../../lib/calls/intent.ts";
import { readCallArguments, readCount } from "../../../lib/calls/params.ts";
import { omittedBy, sessionRisk } from "../../../lib/calls/risk.ts";
import { briefOf, signatureOf } from "../../../lib/calls/signature.ts";

function tool(inputSchema: Record<string, unknown>): ToolDefinition {
  return { name: "t", inputSchema };
}

Deno.test("signatureOf() writes required, simplified, enumerated and defaulted arguments", () => {
  const signature = signatureOf(tool({
    type: "object",
    required: ["path"],
    properties: {
      path: { type: "string" },
      depth: { type: "integer", default: 2 },
      mode: { enum: ["a", "b"] },
      tags: { type: "array", items: { type: "string" } },
      filter: { type: "object", properties: { x: {} } },
    },
  }));

  deepStrictEqual(signature, {
    sig: '(path*:str, depth:int=2, mode:"a"|"b", tags:[str], filter~:obj)',
    lossy: true,
  });
});

Deno.test("signatureOf() survives schemas that say nothing or nonsense", () => {
  strictEqual(signatureOf(tool({})).sig, "()");
  strictEqual(signatureOf(tool({ properties: 5 })).sig, "(~)");
  strictEqual(signatureOf(tool({ properties: { a: null } })).sig, "(a~:any)");
});

Deno.test("briefOf() takes the first sentence and never cuts inside a character", () => {
  strictEqual(briefOf("Reads v1.2 files. And more."), "Reads v1.2 files.");
  strictEqual(briefOf(undefined), "");
  const long = briefOf("😀".repeat(300));
  ok(!/[\uD800-\uDBFF]$/.test(long.slice(0, -1)) && long.endsWith("…"));
  strictEqual([...long].length, 200);
});

Deno.test("argumentProblem() finds missing and mistyped arguments only", () => {
  const schema = tool({
    required: ["a"],
    properties: { a: { type: "string" }, b: { type: ["integer", "null"] } },
  });
  strictEqual(argumentProblem(schema, { b: 1 }), "Missing required argument: a");
  strictEqual(argumentProblem(schema, { a: 1 }), 'Argument "a" is number, wanted string');
  strictEqual(argumentProblem(schema, { a: "x", b: null, other: [] }), undefined);
  strictEqual(argumentProblem(schema, { a: "x", b: 1.5 }), 'Argument "b" is number, wanted integer or null');
  strictEqual(
    argumentProblem(tool({ required: "a", properties: { a: { type: "weird" } } }), { a: 1 }),
    undefined,
  );
  for (const type of ["hasOwnProperty", "toString", "constructor", ["isPrototypeOf"]]) {
    strictEqual(argumentProblem(tool({ properties: { a: { type } } }), { a: 1 }), undefined);
  }
});

Deno.test("intentConflict() lets no variant be milder than what a tool says of itself", () => {
  const compatible = { strict_server_validation: true, missing_annotations: "read" } as const;
  const cautious = { strict_server_validation: true, missing_annotations: "unsafe" } as const;
  const rows = [
    [{ destructiveHint: true }, compatible, "read write"],
    [{ readOnlyHint: false }, compatible, "read"],
    [{ readOnlyHint: false, destructiveHint: false }, cautious, "read"],
    [{ readOnlyHint: true }, cautious, ""],
    [{ destructiveHint: false }, cautious, "read"],
    [undefined, compatible, ""],
    [undefined, cautious, "read write"],
    [{ title: "nothing said" }, cautious, "read write"],
  ] as const;
  for (const [annotations, rules, refused] of rows) {
    const found = CALL_VARIANTS.filter((variant) =>
      intentConflict(variant, annotations, rules) !== undefined
    );
    strictEqual(found.join(" "), refused, JSON.stringify([annotations, rules]));
  }
  strictEqual(variantFor(undefined, cautious), "destructive");
  strictEqual(variantFor(undefined, compatible), "read");
});

Deno.test("parseIntent() accepts the listed words and refuses others", () => {
  deepStrictEqual(parseIntent("read", { intent_data_sensitivity: "private", intent_reason: "because" }), {
    variant: "read",
    sensitivity: "private",
    reason: "because",
  });
  throws(
    () => parseIntent("read", { intent_data_sensitivity: "Private" }),
    /public, internal, private, unknown/,
  );
  throws(() => parseIntent("read", { intent_reason: "x".repeat(1001) }), /at most 1000/);
  throws(() => parseIntent("read", { intent_reason: 5 }), /wanted a string/);
});

Deno.test("sessionRisk() counts hints that are not given as unsafe", () => {
  const safe = { readOnlyHint: true, openWorldHint: false };
  strictEqual(sessionRisk([safe], true).level, "low");
  strictEqual(sessionRisk([safe, undefined], false).lethal_trifecta, true);
  strictEqual(sessionRisk([undefined], false).warning, undefined);
  ok(sessionRisk([undefined], true).warning);
});

Deno.test("omittedBy() tells a missing hint from an explicit one", () => {
  const none = { read_only_only: false, exclude_destructive: false, exclude_open_world: false };
  deepStrictEqual(omittedBy(undefined, { ...none, read_only_only: true }), {
    filter: "read_only_only",
    why: "missing_annotation",
  });
  deepStrictEqual(omittedBy({ destructiveHint: true }, { ...none, exclude_destructive: true }), {
    filter: "exclude_destructive",
    why: "explicit",
  });
  strictEqual(omittedBy({ readOnlyHint: true }, { ...none, exclude_destructive: true }), undefined);
  strictEqual(omittedBy(undefined, none), undefined);
});

Deno.test("readCallArguments() takes args_json before args and says what is wrong", () => {
  deepStrictEqual(readCallArguments({ args: { a: 1 }, args_json: '{"b":2}' }), { b: 2 });
  deepStrictEqual(readCallArguments({ args: { a: 1 }, args_json: "" }), { a: 1 });
  deepStrictEqual(readCallArguments({}), {});
  throws(() => readCallArguments({ args_json: "{" }), /not valid JSON/);
  throws(() => readCallArguments({ args_json: "[1]" }), /wanted an object/);
  throws(() => readCallArguments({ args: "x" }), /wanted an object/);
});

Deno.test("readCount() understands numbers that agents send as text", () => {
  strictEqual(readCount({ limit: "5" }, "limit"), 5);
  strictEqual(readCount({}, "limit"), undefined);
  throws(() => readCount({ limit: 0 }, "limit"), /from 1/);
  throws(() => readCount({ limit: "many" }, "limit"), /from 1/);
});
