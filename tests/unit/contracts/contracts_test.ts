import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  closest,
  didYouMean,
  ERROR_KINDS,
  type ErrorCode,
  GatewayError,
  isDuration,
  isErrorCode,
  parseToolId,
  readVariable,
  splitReferences,
  toGatewayError,
  toMs,
  toToolId,
  variantOf,
} from "../../../lib/contracts/mod.ts";

Deno.test("closest() finds swaps, slips and parts, best first", () => {
  deepStrictEqual(closest("quarantine", ["url", "quarantined", "command"]), ["quarantined"]);
  deepStrictEqual(closest("comamnd", ["comment", "command", "env"]), ["command"]);
  deepStrictEqual(closest("ENV", ["env", "environment", "end"]), ["env", "environment", "end"]);
  deepStrictEqual(closest("abc", ["abd", "abe", "abf", "abg"]), ["abd", "abe", "abf"]);
  deepStrictEqual(closest("abc", ["abd", "abe"], 1), ["abd"]);
});

Deno.test("closest() finds nothing far off, for no name and for an endless one", () => {
  deepStrictEqual(closest("timeout", ["url", "command"]), []);
  deepStrictEqual(closest("", ["url"]), []);
  deepStrictEqual(closest("a".repeat(129), ["a".repeat(129)]), []);
  deepStrictEqual(closest("url", ["u".repeat(1_000_000)]), []);
});

Deno.test("closest() answers with candidates only, at most as many as asked for", () => {
  fc.assert(fc.property(fc.string(), fc.array(fc.string(), { maxLength: 8 }), (name, candidates) => {
    const found = closest(name, candidates);
    ok(found.length <= 3 && found.every((one) => candidates.includes(one)));
  }));
});

Deno.test("didYouMean() writes a hint, or nothing", () => {
  strictEqual(didYouMean("ulr", ["url", "command"]), ', did you mean "url"?');
  strictEqual(didYouMean("abc", ["abd", "abe"]), ', did you mean "abd" or "abe"?');
  strictEqual(didYouMean("zzzzzz", ["url"]), "");
});

Deno.test("toMs() reads durations as people and the config write them", () => {
  const wanted: [string, number][] = [
    ["0", 0],
    ["0s", 0],
    ["250ms", 250],
    ["30s", 30_000],
    ["2m", 120_000],
    ["2m0s", 120_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1_500],
  ];

  deepStrictEqual(wanted.map(([text]) => toMs(text)), wanted.map(([, ms]) => ms));
});

Deno.test("isDuration() refuses what is none, and toMs() throws for it", () => {
  for (const text of ["", "5", "-1s", "1 s", "1d", "s", "1s!", "1.s", "+1s", " 1s", "1s".repeat(17)]) {
    strictEqual(isDuration(text), false, text);
    throws(() => toMs(text), RangeError, text);
  }
});

Deno.test("ERROR_KINDS says of every code what happened, what to do and how to exit", () => {
  for (const [code, { status, exit, cause, remedy }] of Object.entries(ERROR_KINDS)) {
    match(code, /^MCPX(_[A-Z0-9]+)+$/);
    ok([1, 2, 3, 4, 5].includes(exit), code);
    ok(Number.isInteger(status) && status >= 200 && status < 600, code);
    match(cause, /^[A-Z].+\.$/, code);
    ok(remedy.trim().length > 0 && !remedy.endsWith("."), code);
  }
});

Deno.test("ERROR_KINDS keeps the exit codes scripts rely on", () => {
  const exits: Partial<Record<ErrorCode, number>> = {
    MCPX_PORT_IN_USE: 2,
    MCPX_USAGE: 2,
    MCPX_DATA_DIR_LOCKED: 3,
    MCPX_CONFIG_PARSE_ERROR: 4,
    MCPX_CONFIG_INVALID: 4,
    MCPX_CONFIG_UNWRITABLE: 5,
    MCPX_DATA_DIR_DENIED: 5,
    MCPX_INTERNAL: 1,
  };

  for (const [code, exit] of Object.entries(exits)) {
    ok(isErrorCode(code));
    strictEqual(ERROR_KINDS[code].exit, exit, code);
  }
  strictEqual(isErrorCode("toString"), false);
});

Deno.test("GatewayError takes the remedy of its code unless it has a better one", () => {
  const plain = new GatewayError("MCPX_SERVER_NOT_FOUND", 'Cannot find server "x": there is none');
  const cause = new TypeError("inner");
  const full = new GatewayError("MCPX_INTERNAL", "Cannot go on", {
    remedy: "Type y",
    cause,
    details: { a: 1 },
  });

  strictEqual(plain.remedy, "See mcpproxy upstream list");
  deepStrictEqual(plain.details, {});
  deepStrictEqual([full.remedy, full.cause, full.details], ["Type y", cause, { a: 1 }]);
});

Deno.test("toGatewayError() hides the text of what nobody foresaw", () => {
  const foreseen = new GatewayError("MCPX_USAGE", "Cannot read the command line: it is empty");
  const other = toGatewayError(new Error("token hunter2 refused"));

  strictEqual(toGatewayError(foreseen), foreseen);
  strictEqual(other.code, "MCPX_INTERNAL");
  ok(!other.message.includes("hunter2") && !JSON.stringify(other.details).includes("hunter2"));
});

Deno.test("parseToolId() cuts at the first colon and needs both parts", () => {
  deepStrictEqual(parseToolId("fs:read"), { server: "fs", tool: "read" });
  deepStrictEqual(parseToolId("fs:a:b"), { server: "fs", tool: "a:b" });
  for (const id of ["", "fs", ":", ":read", "fs:"]) strictEqual(parseToolId(id), undefined, id);
  deepStrictEqual(parseToolId(toToolId("fs", "x:y")), { server: "fs", tool: "x:y" });
});

Deno.test("variantOf() believes the strongest hint", () => {
  const wanted = [
    [undefined, "read"],
    [{}, "read"],
    [{ readOnlyHint: true }, "read"],
    [{ readOnlyHint: false }, "write"],
    [{ destructiveHint: false }, "read"],
    [{ readOnlyHint: false, destructiveHint: false }, "write"],
    [{ destructiveHint: true }, "destructive"],
    [{ readOnlyHint: true, destructiveHint: true }, "destructive"],
  ] as const;

  for (const [annotations, variant] of wanted) strictEqual(variantOf(annotations), variant);
});

Deno.test("splitReferences() cuts a text into parts that join to the same text", () => {
  deepStrictEqual(splitReferences("a ${env:B:-c:-d} ${file:/e}${OTHER} ${keyring:k}"), [
    "a ",
    { kind: "env", name: "B", fallback: "c:-d", text: "${env:B:-c:-d}" },
    " ",
    { kind: "file", name: "/e", fallback: undefined, text: "${file:/e}" },
    "${OTHER} ",
    { kind: "keyring", name: "k", fallback: undefined, text: "${keyring:k}" },
  ]);
  fc.assert(
    fc.property(fc.array(fc.constantFrom("${", "env:", "file:", "A", ":-", "}", "{", "$")), (parts) => {
      const text = parts.join("");
      const joined = splitReferences(text).map((part) => typeof part === "string" ? part : part.text).join(
        "",
      );
      strictEqual(joined, text);
    }),
  );
});

Deno.test("readVariable() takes the default of an unset or empty variable, and nothing inherited", () => {
  const [withDefault, without] = ["${env:A:-x}", "${env:toString}"].map((text) => splitReferences(text)[0]);
  ok(typeof withDefault === "object" && typeof without === "object");

  strictEqual(readVariable(withDefault, {}), "x");
  strictEqual(readVariable(withDefault, { A: "" }), "x");
  strictEqual(readVariable(withDefault, { A: "y" }), "y");
  strictEqual(readVariable(without, {}), undefined);
});
