import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openToolIndex } from "../../../lib/search/mod.ts";
import { ids, openSample, tool } from "./tool_index_fixture.ts";

Deno.test("search() weighs the name most, then title, then description", () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("one", "deals with weather now")]);
  index.replaceServer("b", [{ ...tool("two", "deals with something now"), title: "Weather" }]);
  index.replaceServer("c", [tool("weather", "deals with something now")]);

  deepStrictEqual(ids(index, "weather today"), ["c:weather", "b:two", "a:one"]);
});

Deno.test("search() puts a tool first whose name or id is the query", () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("get"), tool("get_get_all", "get get get"), tool("__")]);
  index.replaceServer("b", [tool("GET", "long words ".repeat(50)), tool("get_more", "get")]);

  deepStrictEqual((ids(index, " get ")).slice(0, 2).sort(), ["a:get", "b:GET"]);
  strictEqual((ids(index, "b:get"))[0], "b:GET");
  deepStrictEqual(ids(index, "__"), ["a:__"]);
});

Deno.test("search() knows words of one meaning, forms of words, and verbs that agree", () => {
  const index = openSample();
  index.replaceServer("post", [tool("send_mail", "Sends it"), tool("delete_mail", "Removes it")]);

  strictEqual(ids(index, "erase an e-mail")[0], "post:delete_mail");
  strictEqual(ids(index, "deliver emails")[0], "post:send_mail");
  strictEqual(ids(index, "PR overview")[0], "github:listPullRequests");
  strictEqual(ids(index, "folder creation")[0], "files:create_directory");
});

Deno.test("search() puts exact forms before others of the same stem", () => {
  const index = openToolIndex();
  index.replaceServer("s", [tool("get_report"), tool("get_reports")]);

  strictEqual(ids(index, "the reports")[0], "s:get_reports");
  strictEqual(ids(index, "the report")[0], "s:get_report");
});

Deno.test("search() repairs unknown words only, and takes words apart and together", () => {
  const index = openSample();
  index.replaceServer("s", [tool("get_main_branch"), tool("read_mail"), tool("file_system_info")]);

  strictEqual(ids(index, "pull reqest")[0], "github:listPullRequests");
  strictEqual(ids(index, "main")[0], "s:get_main_branch");
  ok(!ids(index, "main").includes("s:read_mail"));
  strictEqual(ids(index, "filesystem information")[0], "s:file_system_info");
  strictEqual(ids(index, "codesearch")[0], "github:search_code");
});

Deno.test("search() prefers tools of a server that is named or implied", () => {
  const index = openToolIndex();
  const tools = [tool("get_item"), tool("list_items")];
  for (const server of ["alpha", "beta", "gamma"]) index.replaceServer(server, tools);
  index.replaceServer("zoo", [...tools, tool("feed_lion"), tool("wash_lion"), tool("walk_lion")]);

  strictEqual(ids(index, "get item from gamma")[0], "gamma:get_item");
  strictEqual(ids(index, "get the lion's item")[0], "zoo:get_item");
});

Deno.test("search() lifts tools that are used, by little", () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("run_job")]);
  index.replaceServer("b", [tool("run_job")]);
  index.replaceServer("c", [tool("stop_all", "A job, too")]);
  const usage = (server: string, name: string) => server === "b" || name === "stop_all" ? 50 : 0;

  deepStrictEqual(ids(index, "run the job"), ["a:run_job", "b:run_job", "c:stop_all"]);
  deepStrictEqual(index.search("run the job", { limit: 3, usage }).map(({ server }) => server), [
    "b",
    "a",
    "c",
  ]);
});

Deno.test("explain() adds up to the score that search() gives", () => {
  const index = openSample();
  const query = "create a new isue in the repo";

  for (const { server, tool, score } of index.search(query, { limit: 10 })) {
    const told = index.explain(query, { server, tool });
    const terms = told?.terms.reduce((sum, term) => sum + term.score, 0) ?? 0;
    const fields = told?.terms.flatMap((term) => Object.values(term.fields)).reduce((a, b) => a + b, 0) ?? 0;
    ok(told !== undefined && Math.abs(told.score - score) < 1e-9);
    ok(Math.abs(told.words * told.verb + told.server + told.name - score) < 1e-9, tool);
    ok(Math.abs(terms - told.words) < 1e-9 && Math.abs(fields - told.words) < 1e-9, tool);
  }
  const told = index.explain(query, { server: "github", tool: "create_issue" });
  strictEqual(told?.rank, 1);
  deepStrictEqual(
    told?.terms.filter(({ how }) => how !== "exact").map(({ word, matched, how }) => [word, matched, how]),
    [
      ["create", "creat", "stem"],
      ["new", "new", "stem"],
      ["isue", "issu", "spelling"],
      ["isue", "=issue", "spelling"],
      ["repo", "repo", "stem"],
    ],
  );
  deepStrictEqual(Object.keys(told?.terms.find(({ matched }) => matched === "repo")?.fields ?? {}), ["args"]);
});

Deno.test("explain() tells of tools that are not found, and of words that nothing knows", () => {
  const index = openSample();
  const file = { server: "files", tool: "read_file" };

  strictEqual(index.explain("file", { server: "files", tool: "no_such" }), undefined);
  strictEqual(index.explain("directory", file)?.rank, undefined);
  strictEqual(index.explain("read file", file, { accept: () => false })?.rank, undefined);
  deepStrictEqual(index.explain("read xqzzkv", file)?.unknown, ["xqzzkv"]);
  strictEqual(index.explain("readFile", file)?.name, 10);
});
