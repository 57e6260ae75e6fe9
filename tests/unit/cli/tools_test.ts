import { deepStrictEqual, match } from "node:assert/strict";
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
