import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { typePairs } from "../../../cli/commands/call_arguments.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { type Answers, runCli, toolView } from "./fakes.ts";

const OK = { content: [{ type: "text", text: "done" }] };

function answering(result: unknown = OK, schema: Record<string, unknown> = {}): Answers {
  return {
    "calls.call": () => result,
    "servers.tools": () => ({ tools: [toolView("a:other"), toolView("a:b", { schema })] }),
  };
}

function callsOf(run: { asked: readonly { verb: string; input: unknown }[] }): unknown[] {
  return run.asked.filter(({ verb }) => verb === "calls.call").map(({ input }) => input);
}

Deno.test("typePairs() reads JSON, and keeps what the schema wants as text", () => {
  const pairs = Object.entries({
    n: "1.5",
    t: "true",
    z: "null",
    o: '{"a":[1]}',
    s: "plain",
    q: '"quoted"',
    e: "",
    big: "12345678901234567890",
    __proto__x: "1",
  }).map(([key, text]) => ({ key, text }));
  deepStrictEqual(typePairs(pairs, undefined), {
    n: 1.5,
    t: true,
    z: null,
    o: { a: [1] },
    s: "plain",
    q: '"quoted"',
    e: "",
    big: "12345678901234567890",
    __proto__x: 1,
  });

  const schema = {
    properties: {
      text: { type: "string" },
      either: { anyOf: [{ type: "string" }, { type: "integer" }] },
      maybe: { type: ["string", "null"] },
      free: {},
    },
  };
  const given = [["text", "42"], ["either", "42"], ["maybe", "null"], ["maybe2", "7"], [
    "free",
    "true",
  ]] as const;
  deepStrictEqual(typePairs(given.map(([key, text]) => ({ key, text })), schema), {
    text: "42",
    either: 42,
    maybe: null,
    maybe2: 7,
    free: true,
  });
  deepStrictEqual(typePairs([{ key: "maybe", text: "7" }], schema), { maybe: "7" });
});

Deno.test("call tool sends arguments from words, JSON, a file and stdin", async () => {
  const directory = await Deno.makeTempDir();
  const file = join(directory, "args.json");
  await Deno.writeTextFile(file, '{"p":1}');
  const cases: [string[], unknown][] = [
    [["a:b"], {}],
    [["a:b", "p=x", "q=a=b"], { p: "x", q: "a=b" }],
    [["a:b", "--args", '{"p":1,"q":2}', "p=x"], { p: "x", q: 2 }],
    [["a:b", "--args", `@${file}`], { p: 1 }],
    [["a:b", "--args", "-"], { s: true }],
  ];
  for (const [words, args] of cases) {
    const run = await runCli(["call", "tool", ...words], { answers: answering(), stdin: '{"s":true}' });
    deepStrictEqual(callsOf(run), [{ tool_name: "a:b", arguments: args }]);
    deepStrictEqual([run.code, run.out, run.err], [0, "done\n", ""]);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("call tool asks for the schema only when a value could be text or not", async () => {
  const schema = { properties: { id: { type: "string" } } };
  const typed = await runCli(["call", "tool", "a:b", "id=42", "n=1"], { answers: answering(OK, schema) });
  deepStrictEqual(typed.asked.map(({ verb }) => verb), ["servers.tools", "calls.call"]);
  deepStrictEqual(callsOf(typed), [{ tool_name: "a:b", arguments: { id: "42", n: 1 } }]);

  const plain = await runCli(["call", "tool", "a:b", "id=x"], { answers: answering() });
  deepStrictEqual(plain.asked.map(({ verb }) => verb), ["calls.call"]);

  const unknown = await runCli(["call", "tool", "a:b", "n=1"], { answers: { "calls.call": () => OK } });
  deepStrictEqual([unknown.code, callsOf(unknown)], [0, [{ tool_name: "a:b", arguments: { n: 1 } }]]);
  const own = await runCli(["call", "tool", "retrieve_tools", "limit=1"], { answers: answering() });
  deepStrictEqual(own.asked.map(({ verb }) => verb), ["calls.call"]);
});

Deno.test("call tool refuses arguments it cannot read", async () => {
  const cases: [string[], RegExp][] = [
    [["a:b", "word"], /"word": wanted key=value/],
    [["a:b", "=x"], /wanted key=value/],
    [["a:b", "p=1", "p=2"], /"p" was given twice/],
    [["a:b", "--args", "[1]"], /wanted a JSON object/],
    [["a:b", "--args", "@/none/of/this"], /the file does not exist/],
    [["a:b", "--timeout", "5"], /timeout "5"/],
    [["a:b", "--timeout", "0s"], /timeout "0s"/],
  ];
  for (const [words, text] of cases) {
    const run = await runCli(["call", "tool", ...words], { answers: answering() });
    deepStrictEqual([run.code, run.asked], [2, []]);
    match(run.err, text);
  }
  strictEqual((await runCli(["call", "tool-read"])).code, 2);
});

Deno.test("call tool prints a failed result and exits 1", async () => {
  const failed = { ...OK, isError: true };
  const table = await runCli(["call", "tool", "a:b"], { answers: answering(failed) });
  deepStrictEqual([table.code, table.out, table.err], [1, "done\n", "The tool reported a failure\n"]);

  const json = await runCli(["call", "tool", "a:b", "-o", "json"], { answers: answering(failed) });
  deepStrictEqual([json.code, JSON.parse(json.out)], [1, failed]);

  const facts = { code: "MCPX_INTENT_REJECTED", remedy: "Use tool-write", request_id: "r1" };
  const denied = { ...failed, _meta: { "io.mcpproxy/error": facts } };
  const refused = await runCli(["call", "tool", "a:b"], { answers: answering(denied) });
  strictEqual(refused.err, "The call failed: MCPX_INTENT_REJECTED\n→ Use tool-write\nRequest ID: r1\n");

  const said = { ...denied, content: [{ type: "text", text: '{"error":"Cannot do it: no","code":"x"}' }] };
  const told = await runCli(["call", "tool", "a:b"], { answers: answering(said) });
  match(told.err, /^Error: Cannot do it: no\nThe call failed: MCPX_INTENT_REJECTED\n/);
});

Deno.test("call tool-read, tool-write and tool-destructive declare their variant", async () => {
  for (const variant of ["read", "write", "destructive"]) {
    const forms = [
      ["a:b", "p=x"],
      ["-t", "a:b", "p=x"],
      ["-t", "a:b", "-j", '{"p":"x"}'],
      ["--tool-name=a:b", "--json_args", '{"p":"x"}'],
    ];
    for (const words of forms) {
      const run = await runCli(["call", `tool-${variant}`, ...words], { answers: answering() });
      deepStrictEqual(callsOf(run), [{ tool_name: "a:b", arguments: { p: "x" }, variant }]);
    }
  }
});

Deno.test("call tool stops waiting after --timeout", async () => {
  const clock = createManualClock();
  const run = await runCli(["call", "tool", "a:b", "-t", "30s"], {
    platform: { clock },
    answers: {
      "calls.call": (_input, signal) => {
        queueMicrotask(() => clock.advance(30_000));
        const { promise, reject } = Promise.withResolvers();
        signal.addEventListener("abort", () => reject(signal.reason));
        return promise;
      },
    },
  });

  strictEqual(run.code, 1);
  match(run.err, /Cannot call "a:b": no result within 30 s\n→ Give it longer with --timeout/);
});
