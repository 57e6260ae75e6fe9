import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { clusterStart, cutText } from "../../../../lib/calls/large/characters.ts";
import { cutJson, elementsAt, findValue } from "../../../../lib/calls/large/json_text.ts";

Deno.test("cutJson() gives JSON of at most the limit, whatever the JSON is", () => {
  fc.assert(fc.property(
    fc.json({ maxDepth: 6, stringUnit: "binary" }),
    fc.integer({ min: 4, max: 200 }),
    fc.constantFrom(undefined, 2),
    (json, limit, indent) => {
      const text = JSON.stringify(JSON.parse(json), undefined, indent);
      const cut = cutJson(text, limit);
      ok(cut.length <= limit || cut === "null", cut);
      JSON.parse(cut);
      if (text.length <= limit) strictEqual(cut, text);
    },
  ));
});

Deno.test("cutJson() leaves out what comes last and cuts a long text", () => {
  strictEqual(cutJson('{"a":[1,22,333],"b":"x"}', 15), '{"a":[1,22]}');
  strictEqual(cutJson('{"a":{"b":"a long text"}}', 18), '{"a":{"b":"a l…"}}');
  strictEqual(cutJson("[".repeat(50) + "]".repeat(50), 10), "[".repeat(5) + "]".repeat(5));
  strictEqual(cutJson('{"a":1,"b":2}', 12), '{"a":1}');
});

Deno.test("cutJson() cuts no character and no escape in two", () => {
  for (const text of ['"a👩‍👩‍👧b"', '"a\\ud83d\\ude00b"', '"a\\\\\\n\\u00e9b"', '"ae\u0301b"']) {
    const whole = JSON.parse(text);
    for (let limit = 4; limit < text.length; limit++) {
      const cut = JSON.parse(cutJson(text, limit));
      if (cut === null) continue;
      const kept = cut.slice(0, -1);
      ok(whole.startsWith(kept), `${text} at ${limit}: ${kept}`);
      ok(!/[\ud800-\udbff]$/.test(kept), `${text} at ${limit}`);
      strictEqual(cut.at(-1), "…");
    }
  }
});

Deno.test("cutText() never cuts within a character", () => {
  const family = "👩‍👩‍👧‍👦";
  strictEqual(cutText(`ab${family}c`, 5), "ab");
  strictEqual(cutText("e\u0301e\u0301", 3), "e\u0301");
  strictEqual(cutText("a\r\nb", 2), "a");
  strictEqual(cutText("abc", 3), "abc");
  // Thousands of marks on one letter are no character; only surrogates stay together then.
  const endless = `x${"\u0301".repeat(5_000)}`;
  strictEqual(clusterStart(endless, 2_000, 0), 2_000);
});

Deno.test("elementsAt() and findValue() find what a parser finds", () => {
  fc.assert(fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.string(), (values, key) => {
    const text = JSON.stringify({ first: '"]}', [key]: values }, undefined, 1);
    const at = findValue(text, [key]);
    ok(at !== undefined);
    const { elements, end } = elementsAt(text, at);
    deepStrictEqual(
      elements.map(([start, stop]) => JSON.parse(text.slice(start, stop))),
      JSON.parse(text)[key],
    );
    strictEqual(text[end], "]");
  }));
  strictEqual(findValue('{"a": 1, "a": [2, {"b": 3}]}', ["a", 1, "b"]), 24);
  strictEqual(findValue('{"a": []}', ["a", 0]), undefined);
});
