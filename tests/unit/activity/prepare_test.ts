import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { toBoundedJson } from "../../../lib/activity/bounded_json.ts";
import { measureJson } from "../../../lib/activity/json_size.ts";
import { prepare } from "../../../lib/activity/prepare.ts";
import { cutText } from "../../../lib/activity/text.ts";
import { orderOf, toUlid } from "../../../lib/activity/ulid.ts";
import { bucketOf, quantile } from "../../../lib/activity/histogram.ts";
import { parseJson } from "../../../lib/contracts/mod.ts";
import { call } from "./fixture.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const redact = (text: string) => text.replaceAll("hunter2", "***");
const options = { redact, maxPayloadBytes: 1_000 };

Deno.test("toBoundedJson() is JSON itself where the value fits, and valid within the bound where not", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }),
      fc.integer({ min: 0, max: 400 }),
      (value, maxBytes) => {
        const whole = JSON.stringify(value);
        const { text, isCut } = toBoundedJson(value, { maxBytes, redact });

        JSON.parse(text);
        ok(bytes(text) <= Math.max(4, maxBytes), `${bytes(text)} > ${maxBytes}`);
        strictEqual(isCut, bytes(whole) > maxBytes);
        if (!isCut) strictEqual(text, whole);
        ok(text.isWellFormed());
      },
    ),
    { numRuns: 2_000 },
  );
});

Deno.test("measureJson() tells the exact length of what is not too long, and about that of what is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), (value) => {
      strictEqual(measureJson(value)?.sizeBytes, bytes(JSON.stringify(value)));
    }),
  );
  const long = { content: [{ type: "text", text: "a".repeat(3_000_000) }] };
  const { sizeBytes, text } = measureJson(long) ?? {};
  strictEqual(text, undefined);
  ok(Math.abs((sizeBytes ?? 0) - JSON.stringify(long).length) < 100, `${sizeBytes}`);
  strictEqual(measureJson(() => {}), undefined);
});

Deno.test("prepare() measures what was sent and answered, also where most of it is not kept", () => {
  const sent = { text: "ü".repeat(5_000) };
  const { head } = prepare(
    { type: "tool_call", status: "success", arguments: sent, response: [1, 2] },
    0,
    options,
  );

  strictEqual(head.request_bytes, bytes(JSON.stringify(sent)));
  strictEqual(head.arguments_truncated, true);
  strictEqual(head.response_bytes, 5);
});

Deno.test("toBoundedJson() keeps the beginning of lists, objects and texts", () => {
  const cut = (value: unknown, maxBytes: number) => toBoundedJson(value, { maxBytes, redact });

  deepStrictEqual(cut([1, 2, 3, 4], 6), { text: "[1,2]", isCut: true });
  deepStrictEqual(cut({ a: 1, b: [1, 2], c: 3 }, 14), { text: '{"a":1,"b":[]}', isCut: true });
  deepStrictEqual(cut("ü".repeat(50), 31), { text: `"${"ü".repeat(9)}… (cut)"`, isCut: true });
  deepStrictEqual(cut({ text: "🎉".repeat(50) }, 40).text, `{"text":"${"🎉".repeat(4)}… (cut)"}`);
  deepStrictEqual(cut("\u0001".repeat(50), 40).isCut, true);
  deepStrictEqual(cut([undefined, null, true], 100), { text: "[null,null,true]", isCut: false });
  deepStrictEqual(cut(parseJson('{"n":12345678901234567890.10}'), 100).text, '{"n":12345678901234567890.10}');
});

Deno.test("toBoundedJson() takes time for what it writes, not for what is there", () => {
  let looked = 0;
  const list = new Proxy(new Array(1_000_000).fill(0), {
    get(target, property) {
      if (property !== "length") looked++;
      return Reflect.get(target, property);
    },
  });

  toBoundedJson(list, { maxBytes: 100, redact });

  ok(looked < 150, `${looked}`);
});

Deno.test("prepare() leaves no part of a secret where a text is cut", () => {
  for (let before = 900; before < 1_010; before++) {
    const { body } = prepare(
      call("t", { response: `${"x".repeat(before)}hunter2 ${"y".repeat(20_000)}` }),
      0,
      options,
    );

    ok(!/h(?:u|$)/.test(body ?? ""), body?.slice(-60));
  }
  // So many that, once they are gone, half a one at the end of what was looked at moves to the front.
  const secret = `start${"-".repeat(90)}end`;
  const short = { redact: (text: string) => text.replaceAll(secret, "*"), maxPayloadBytes: 1_000 };
  const { body } = prepare(call("t", { response: secret.repeat(500) }), 0, short);
  ok(!body?.includes("start"), body);
});

Deno.test("prepare() removes secrets from every text, key and number, and leaves JSON what it was", () => {
  const entry = call("hunter2", {
    arguments: { hunter2: ["hunter2", { a: "x hunter2 y" }] },
    response: "hunter2",
    response_bytes: 9,
    metadata: { note: "hunter2", big: "z".repeat(20_000) },
    error_message: "hunter2",
    session_id: "hunter2",
    intent: { operation_type: "read", reason: "hunter2" },
    detection_types: ["hunter2"],
  });
  const { head, body } = prepare(entry, 0, { ...options, maxPayloadBytes: 200 });

  ok(!JSON.stringify([head, body]).includes("hunter2"));
  deepStrictEqual(JSON.parse(body ?? ""), {
    arguments: { "***": ["***", { a: "x *** y" }] },
    response: "***",
  });
  deepStrictEqual(head.intent, { operation_type: "read", data_sensitivity: undefined, reason: "***" });
  strictEqual(head.metadata?.truncated, true);
  const digits = { redact: (text: string) => text.replaceAll("123456", "***"), maxPayloadBytes: 100 };
  deepStrictEqual(
    prepare(call("t", { arguments: { n: 123456 }, request_bytes: 12 }), 0, digits).body,
    '{"arguments":{"n":"***"}}',
  );
});

Deno.test("prepare() bounds names, and keeps no payload where none is wanted", () => {
  const { head, body } = prepare(call("ü".repeat(500), { response: "abc", response_bytes: 5 }), 0, {
    redact,
    maxPayloadBytes: 0,
  });

  strictEqual(head.tool_name, "ü".repeat(128));
  deepStrictEqual([body, head.response_truncated, head.response_bytes], ['{"response":null}', true, 5]);
});

Deno.test("cutText() never cuts inside a character", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.nat(60), (text, maxBytes) => {
    const cut = cutText(text, maxBytes);

    ok(text.startsWith(cut) && cut.isWellFormed());
    ok(bytes(cut) <= maxBytes && (cut === text || bytes(cut) > maxBytes - 4));
  }));
});

Deno.test("toUlid() sorts by time, then by order, and has the order in it", () => {
  const noise = 2 ** 40 - 1;
  const ids = [
    toUlid(0, 9, noise),
    toUlid(5, 1, noise),
    toUlid(5, 2, 0),
    toUlid(6, 0, noise),
  ];

  deepStrictEqual([...ids].sort(), ids);
  ok(ids.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)));
  fc.assert(fc.property(fc.nat(2 ** 40 - 1), (order) => orderOf(toUlid(1e12, order, noise)) === order));
  deepStrictEqual(
    ["", "x", `${ids[0]}0`, ids[0]?.replace(/.$/, "U")].map((id) => orderOf(id ?? "")),
    Array(4).fill(undefined),
  );
});

Deno.test("quantile() is within 5 % of the true value, from a hundredth of a millisecond to an hour", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.02, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 1),
      (durations, share) => {
        const histogram = new Map<number, number>();
        for (const duration of durations) {
          histogram.set(bucketOf(duration), (histogram.get(bucketOf(duration)) ?? 0) + 1);
        }
        const exact = durations.toSorted((a, b) => a - b)[Math.ceil(durations.length * share) - 1] ?? 0;

        ok(Math.abs((quantile(histogram, share) ?? 0) - exact) <= exact * 0.05);
      },
    ),
  );
  strictEqual(quantile(new Map(), 0.5), undefined);
  strictEqual(quantile(new Map([[bucketOf(0), 1]]), 0.5), 0);
  match(String(bucketOf(Infinity)), /^\d+$/);
});

Deno.test("prepare() looks for secrets once where there are none", () => {
  const looked: string[] = [];
  const redact = (text: string) => {
    looked.push(text);
    return text;
  };

  prepare(
    {
      type: "tool_call",
      status: "success",
      server_name: "the server",
      arguments: { sent: "the arguments" },
      response: { answered: "the response" },
      metadata: { known: "the metadata" },
    },
    0,
    { redact, maxPayloadBytes: 1_000 },
  );

  deepStrictEqual(looked.length, 1);
  for (const part of ["the server", "the arguments", "the response", "the metadata"]) {
    ok(looked[0]?.includes(part), part);
  }
});
