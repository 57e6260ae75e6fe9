import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Answers, runCli, toolView } from "./fakes.ts";

Deno.test("tools list and search print tools and name servers that are missing", async () => {
  const tools = [toolView("b:y"), toolView("a:x")];
  const failed_servers = [{ name: "c", error: "down" }];
  const answers: Answers = {
    "tools.list": () => ({ tools, failed_servers }),
    "servers.tools": () => ({ tools: [] }),
    "tools.search": () => ({
      query: "q",
      results: [{ tool: tools[0], score: 1.234, snippet: "", matches: 1 }],
    }),
  };
  const list = await runCli(["tools", "list"], { answers });
  match(list.out, /a:x .*\nb:y /);
  match(list.err, /Tools of server "c" are missing: down/);
  deepStrictEqual(
    JSON.parse((await runCli(["tools", "list", "--json"], { answers })).out),
    tools.toReversed(),
  );

  const one = await runCli(["tools", "list", "-s", "a"], { answers });
  deepStrictEqual(one.asked, [{ verb: "servers.tools", input: { name: "a" } }]);
  match(one.err, /No tools/);

  const search = await runCli(["tools", "search", "read", "a file", "--limit", "3"], { answers });
  deepStrictEqual(search.asked, [{ verb: "tools.search", input: { q: "read a file", limit: 3 } }]);
  match(search.out, /SCORE .*\n 1\.23 {2}b:y/);
});

Deno.test("tools describe shows tools in the order asked, required arguments first, and no hidden characters", async () => {
  const schema = {
    type: "object",
    properties: {
      depth: { type: "integer", description: "How\u202e deep" },
      kinds: { type: "array", items: { enum: ["a", "b"] } },
      odd: 7,
      path: { type: "string" },
    },
    required: ["path"],
  };
  const x = toolView("a:x", {
    schema,
    description: "One\u001b[2J.\nTwo.",
    annotations: { readOnlyHint: true },
  });
  const answers: Answers = { "servers.tools": () => ({ tools: [x, toolView("a:y")] }) };

  const { out, asked } = await runCli(["tools", "describe", "a:y", "a:x"], { answers });

  deepStrictEqual(asked, [{ verb: "servers.tools", input: { name: "a" } }], "each server is asked once");
  ok(out.indexOf("a:y\n") < out.indexOf("a:x\n"), out);
  match(out, /No arguments/);
  match(out, /readOnlyHint true/);
  match(
    out,
    /\npath +string +yes\s+depth +integer +no +How\\u\{202e\} deep\s+kinds +array of "a" \| "b" +no\s+odd +any +no/,
  );
  ok(!out.includes("\u001b") && !out.includes("\u202e"), out);
  const json = await runCli(["tools", "describe", "a:x", "-o", "json"], { answers });
  deepStrictEqual(JSON.parse(json.out), [x]);
});

Deno.test("tools describe offers the closest tool for one that is not there", async () => {
  const answers: Answers = { "servers.tools": () => ({ tools: [toolView("a:read_file")] }) };

  const wrong = await runCli(["tools", "describe", "a:raed_file"], { answers });
  const unreadable = await runCli(["tools", "describe", "read_file"], { answers });

  strictEqual(wrong.code, 1);
  match(wrong.err, /no such tool, did you mean "a:read_file"\?/);
  strictEqual(unreadable.code, 2);
});
