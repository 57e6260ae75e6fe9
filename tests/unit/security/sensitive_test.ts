import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { createDetector, maskSensitive, maskText } from "../../../lib/security/mod.ts";
import { ALNUM, chance, detector } from "./sensitive_fixture.ts";

Deno.test("Detector.find() checks cards by issuer, length and check digit", () => {
  const find = (text: string) => detector.find(text).findings.map(({ kind }) => kind);

  for (const card of ["4539 1488 0343 6467", "5425-2334-3010-9903", "371449635398431", "6011000990139424"]) {
    deepStrictEqual(find(`Paid with ${card}.`), ["credit_card"], card);
  }
  for (
    const text of [
      "4539148803436468",
      "4111",
      "1234567812345670",
      "0000000000000000",
      "at 1764028800000",
      "3.4539148803436467",
    ]
  ) deepStrictEqual(find(`Number ${text}`), [], text);
});

Deno.test("Detector.find() takes chance for a secret, and hashes, paths, ids and examples for none", () => {
  const random = chance(ALNUM, 44, 5);
  deepStrictEqual(detector.find(`value ${random}`).findings.map(({ kind }) => kind), ["high_entropy"]);

  for (
    const text of [
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "123e4567-e89b-12d3-a456-426614174000",
      "/usr/local/lib/node_modules/some-package/dist/index.min.js",
      "getElementsByClassNameAndAttributeValue2",
      "AKIAIOSFODNN7EXAMPLE",
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "postgres://user:password@localhost/db",
      "Authorization: Bearer ${env:TOKEN_OF_THE_SERVER}",
      "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "https://user:<password>@example.com",
      "process.env.NODE_ENV and environment",
      "The token limit is 4096 and the key is primary.",
    ]
  ) deepStrictEqual(detector.find(text).findings, [], text);
});

Deno.test("Detector.find() walks JSON values and reads a value by its key", () => {
  const token = `ghp_${chance(ALNUM, 36, 3)}`;
  const secret = chance(ALNUM, 40, 4);
  const value = {
    list: [{ "a/b": `x ${token}` }],
    aws_secret_access_key: secret,
    [token]: 1,
    count: 5,
    none: null,
  };
  const { findings, complete } = detector.find(value);

  deepStrictEqual(findings.map(({ kind, pointer, span, inKey = false }) => [kind, pointer, span, inKey]), [
    ["github_pat", "/list/0/a~1b", [2, 42], false],
    ["aws_secret_key", "/aws_secret_access_key", [0, 40], false],
    ["github_pat", `/${token}`, [0, 40], true],
  ]);
  strictEqual(complete, true);

  deepStrictEqual(maskSensitive(value, findings), {
    list: [{ "a/b": "x [redacted:github_pat]" }],
    aws_secret_access_key: "[redacted:aws_secret_key]",
    "[redacted:github_pat]": 1,
    count: 5,
    none: null,
  });
  strictEqual(maskSensitive(value, []), value);
});

Deno.test("Detector.find() is bounded and says what it left out", async () => {
  const token = `ghp_${chance(ALNUM, 36, 3)}`;
  const small = await createDetector({ maxChars: 1_000 });
  const end = `${"a ".repeat(600)}${token}`;
  deepStrictEqual(small.find(end), { findings: [], complete: false });
  deepStrictEqual(small.find(["a ".repeat(300), "b ".repeat(300), token]), { findings: [], complete: false });
  strictEqual(small.find("a ".repeat(500)).complete, true);

  const many = detector.find(Array.from({ length: 2_000 }, () => token));
  deepStrictEqual([many.findings.length, many.complete], [1_000, false]);

  let deep: unknown = token;
  for (let level = 0; level < 100; level++) deep = [deep];
  strictEqual(detector.find(deep).complete, false);
});

Deno.test("Detector finds a secret wherever a long text is cut into pieces, at once or slowly", async () => {
  const token = `ghp_${chance(ALNUM, 36, 3)}`;
  for (const at of [32_700, 32_740, 32_760, 32_768, 32_769, 65_530]) {
    const text = `${"a ".repeat(50_000).slice(0, at - 1)} ${token} ${"a ".repeat(20_000)}`;
    let pauses = 0;
    const pause = () => Promise.resolve(void pauses++);
    const slow = await detector.findSlowly({ text }, pause);

    deepStrictEqual(slow.findings.map(({ kind, span }) => [kind, span]), [["github_pat", [at, at + 40]]]);
    deepStrictEqual(slow, detector.find({ text }));
    ok(pauses >= 2, `${pauses} pauses`);
  }
});

Deno.test("Detector.find() takes the whole of a private key, with its end or without", () => {
  const body = Array.from({ length: 30 }, (_, line) => chance(`${ALNUM}+/`, 64, line + 1)).join("\n");
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`;
  const whole = `Here: ${key} and more "text".`;
  strictEqual(
    maskText(whole, detector.find(whole).findings),
    'Here: [redacted:rsa_private_key] and more "text".',
  );

  const open = JSON.stringify({ key: `-----BEGIN PRIVATE KEY-----\n${body}` });
  strictEqual(maskText(open, detector.find(open).findings), '{"key":"[redacted:pkcs8_private_key]"}');
});

Deno.test("Detector.find() reads numbers that could be cards, and no pictures", () => {
  const token = `ghp_${chance(ALNUM, 36, 3)}`;
  const value = {
    card: 4539148803436467,
    at: 1764028800000,
    image: { type: "image", mimeType: "a/b", data: token },
  };
  const { findings } = detector.find(value);

  deepStrictEqual(findings.map(({ kind, pointer }) => [kind, pointer]), [["credit_card", "/card"]]);
  deepStrictEqual(maskSensitive(value, findings), { ...value, card: "[redacted:credit_card]" });
});

Deno.test("createDetector() leaves out a custom pattern that is not valid, if somebody hears of it", async () => {
  const refused: string[] = [];
  const custom = [{ name: "bad", regex: "(" }, { name: "good", regex: "o+" }];
  const own = await createDetector({ custom, onInvalid: (name) => refused.push(name) });

  deepStrictEqual(refused, ["bad"]);
  deepStrictEqual(own.find("a long foooo").findings.map(({ kind }) => kind), ["good", "good"]);
});

Deno.test("createDetector() takes custom patterns and words, on a linear engine, and a choice of categories", async () => {
  const own = await createDetector({
    categories: ["custom", "credit_card"],
    custom: [
      { name: "employee", regex: "(?i)emp-[0-9]{5}", severity: "low" },
      { name: "project", keywords: ["Nightfall"] },
      { name: "slow", regex: "(x+)+y" },
    ],
  });
  const token = `ghp_${chance(ALNUM, 36, 3)}`;
  const text = `EMP-12345 on NIGHTFALL has ${token} and ${"x".repeat(5_000)}`;

  deepStrictEqual(own.find(text).findings.map(({ kind, severity, span }) => [kind, severity, span]), [
    ["employee", "low", [0, 9]],
    ["project", "high", [13, 22]],
  ]);
  await rejects(createDetector({ custom: [{ name: "bad", regex: "(?=a)" }] }), {
    code: "MCPX_RULES_INVALID",
    message: /"bad"/,
  });
});

Deno.test("maskText() leaves nothing of the secret and keeps the rest", () => {
  const token = `ghp_${chance(ALNUM, 36, 3)}`;
  const text = `a ${token} b ${token}.`;

  strictEqual(
    maskText(text, detector.find(text).findings),
    "a [redacted:github_pat] b [redacted:github_pat].",
  );
  strictEqual(
    maskSensitive(text, detector.find(text).findings),
    "a [redacted:github_pat] b [redacted:github_pat].",
  );
});
