import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { isRawNumber, JsonTooDeep, MAX_JSON_DEPTH, parseJson } from "../../../lib/contracts/mod.ts";

/** Numbers as programs of other languages write them. */
const NUMBERS = [
  "12345678901234567890",
  "-9007199254740993",
  "0.1000000000000000055511151231257827",
  "1e400",
  "1E-400",
  "123456789.123456789",
  "3.141592653589793238462643383279",
];

Deno.test("parseJson() keeps numbers that a double cannot hold", () => {
  for (const number of NUMBERS) {
    const text = `{"id":${number},"list":[${number},1,"x"],"text":"12345678901234567890"}`;
    strictEqual(JSON.stringify(parseJson(text)), text);
    ok(isRawNumber((parseJson(`[${number}]`) as unknown[])[0]), number);
    ok(isRawNumber(parseJson(number)), number);
    ok(isRawNumber((parseJson(`{"a": 9007199254740991,\n"b":\t${number} }`) as { b: unknown }).b), number);
  }
  for (
    const number of ["1", "-0.5", "9007199254740991", "-9007199254740991", "1.5e3", "0.1", "1234567890.12345"]
  ) {
    strictEqual((parseJson(`[${number}]`) as unknown[])[0], Number(number));
  }
});

/** Sign, digits and exponent of a number as text, the same for the same number. */
function toDecimal(number: string): string {
  const [, sign = "", whole = "", part = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = `${whole}${part}`.replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  return kept === "" ? "0" : `${sign}${kept}e${Number(exponent) - part.length + digits.length - kept.length}`;
}

Deno.test("parseJson() keeps any number, wherever it stands", () => {
  const number = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][+-]?\d{1,3})?$/);
  const place = fc.constantFrom((n: string) => n, (n: string) => `[0,${n}]`, (n: string) => `{"a": ${n} }`);
  fc.assert(
    fc.property(number, place, (text, put) => {
      const found = JSON.stringify(parseJson(put(text))).replace(/^\[0,|^{"a":|[\]}]$/g, "");
      strictEqual(toDecimal(found), toDecimal(text));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("parseJson() gives what JSON.parse() gives for everything else", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      deepStrictEqual(JSON.stringify(parseJson(text)), JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 2_000 },
  );
  throws(() => parseJson("{"), SyntaxError);
  const polluted = parseJson('{"__proto__":{"polluted":true},"a":1}') as Record<string, unknown>;
  strictEqual(({} as Record<string, unknown>).polluted, undefined);
  strictEqual(JSON.stringify({ ...polluted }), '{"__proto__":{"polluted":true},"a":1}');
});

Deno.test("parseJson() refuses what nests too deep, and counts no brackets in strings", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  parseJson(nested(MAX_JSON_DEPTH));
  throws(() => parseJson(nested(MAX_JSON_DEPTH + 1)), JsonTooDeep);
  throws(() => parseJson('{"a":'.repeat(100_000) + "1" + "}".repeat(100_000)), JsonTooDeep);
  const text = JSON.stringify({ text: `${"[".repeat(1_000)}\\"${"{".repeat(1_000)}"`, end: "\\" });
  deepStrictEqual(parseJson(text), JSON.parse(text));
});
