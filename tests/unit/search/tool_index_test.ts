import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { openToolIndex, type ToolIndex } from "../../../lib/search/mod.ts";

function tool(name: string, description = "", properties: Record<string, unknown> = {}): ToolDefinition {
  return { name, description, inputSchema: { type: "object", properties } };
}

function ids(index: ToolIndex, query: string, limit = 10): string[] {
  return index.search(query, { limit }).map((hit) => `${hit.server}:${hit.tool}`);
}

function openSample(): ToolIndex {
  const index = openToolIndex();
  index.replaceServer("github", [
    tool("create_issue", "Open a new issue in a repository", {
      repo: { description: "Name of the repository" },
    }),
    tool("listPullRequests", "Shows pull requests"),
    tool("search_code", "Find code"),
  ]);
  index.replaceServer("files", [
    tool("read_file", "Read the text of a file", { path: { type: "string" } }),
    tool("write_file", "Replace the text of a file"),
    tool("create_directory", "Make a folder"),
  ]);
  return index;
}

Deno.test("search() finds by name, joined name, description, server, argument name and argument text", () => {
  const index = openSample();

  for (
    const [query, wanted] of [
      ["create an issue", "github:create_issue"],
      ["createissue", "github:create_issue"],
      ["pull request", "github:listPullRequests"],
      ["make folders", "files:create_directory"],
      ["path of something", "files:read_file"],
      ["repositories", "github:create_issue"],
    ] as const
  ) strictEqual((ids(index, query))[0], wanted, query);
  deepStrictEqual(new Set((ids(index, "github")).slice(0, 3)), new Set(ids(index, "GitHub", 3)));
  deepStrictEqual(ids(index, "nothing like that exists"), []);
});

Deno.test("search() weighs the name most, then title, then description", () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("one", "deals with weather now")]);
  index.replaceServer("b", [{ ...tool("two", "deals with something now"), title: "Weather" }]);
  index.replaceServer("c", [tool("weather", "deals with something now")]);

  deepStrictEqual(ids(index, "weather today"), ["c:weather", "b:two", "a:one"]);
});

Deno.test("search() needs only one of the words and counts those that match", () => {
  const index = openSample();

  const hits = index.search("unheard create words issue", { limit: 2 });

  deepStrictEqual(hits.map(({ server, tool, matches }) => [server, tool, matches]), [
    ["github", "create_issue", 2],
    ["files", "create_directory", 1],
  ]);
  ok((hits[0]?.score ?? 0) > (hits[1]?.score ?? 0));
});

Deno.test("search() looks words up whole, not by their beginning", () => {
  const index = openToolIndex();
  index.replaceServer("s", [tool("listen"), tool("constructor"), tool("hasOwnProperty")]);

  deepStrictEqual(ids(index, "list"), []);
  deepStrictEqual(ids(index, "constructor things"), ["s:constructor"]);
  deepStrictEqual(ids(index, "__proto__ property"), ["s:hasOwnProperty"]);
});

Deno.test("search() puts a tool first whose name or id is the query", () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("get"), tool("get_get_all", "get get get"), tool("__")]);
  index.replaceServer("b", [tool("GET", "long words ".repeat(50)), tool("get_more", "get")]);

  deepStrictEqual((ids(index, " get ")).slice(0, 2).sort(), ["a:get", "b:GET"]);
  strictEqual((ids(index, "b:get"))[0], "b:GET");
  deepStrictEqual(ids(index, "__"), ["a:__"]);
});

Deno.test("search() filters before it cuts, and asks once for each tool", () => {
  const index = openToolIndex();
  for (const server of ["a", "b", "c"]) {
    index.replaceServer(server, Array.from({ length: 30 }, (_, at) => tool(`list_${at}`, "list")));
  }
  const asked: string[] = [];

  const hits = index.search("list", {
    limit: 7,
    accept: (server, name) => {
      asked.push(`${server}:${name}`);
      return server === "c";
    },
  });

  strictEqual(hits.length, 7);
  ok(hits.every(({ server }) => server === "c"));
  deepStrictEqual([asked.length, new Set(asked).size], [90, 90]);
});

Deno.test("search() orders equals by id and gives nothing for a limit below 1", () => {
  const index = openToolIndex();
  index.replaceServer("b", [tool("run")]);
  index.replaceServer("a", [tool("run")]);

  deepStrictEqual(ids(index, "run it"), ["a:run", "b:run"]);
  for (const limit of [0, -1, Number.NaN]) deepStrictEqual(ids(index, "run", limit), []);
});

Deno.test("replaceServer() and removeServer() touch that server only", () => {
  const index = openSample();

  index.replaceServer("files", [
    tool("write_file", "Append to a file"),
    tool("delete_file"),
    tool("delete_file", "x"),
  ]);
  strictEqual(index.size, 5);
  deepStrictEqual((ids(index, "file")).sort(), ["files:delete_file", "files:write_file"]);
  deepStrictEqual(ids(index, "replace"), []);
  deepStrictEqual(ids(index, "append"), ["files:write_file"]);

  index.removeServer("files");
  index.removeServer("never there");
  strictEqual(index.size, 3);
  deepStrictEqual(ids(index, "file"), []);
  strictEqual((ids(index, "create"))[0], "github:create_issue");
});

Deno.test("an index after many changes finds the same as one made at once", () => {
  const word = fc.constantFrom("create", "list", "file", "issue", "constructor", "的", "é", "x1", "the");
  const definition = fc.tuple(word, word, fc.array(word, { maxLength: 4 }))
    .map(([first, second, text]) => tool(`${first}_${second}`, text.join(" ")));
  const change = fc.tuple(fc.constantFrom("a", "b", "c"), fc.array(definition, { maxLength: 4 }));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 12 }),
      fc.array(word, { maxLength: 3 }),
      (changes, query) => {
        const grown = openToolIndex();
        for (const [server, tools] of changes) grown.replaceServer(server, tools);
        const fresh = openToolIndex();
        for (const [server, tools] of new Map(changes)) fresh.replaceServer(server, tools);
        const found = (index: ToolIndex) =>
          index.search(query.join(" "), { limit: 50 }).map((hit) => ({
            ...hit,
            score: hit.score.toFixed(6),
          }));

        strictEqual(grown.size, fresh.size);
        deepStrictEqual(found(grown), found(fresh));
      },
    ),
    { numRuns: 60 },
  );
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

Deno.test("search() keeps to the servers named, and what is refused does not count", () => {
  const index = openToolIndex();
  const words = ["issue", "bug", "ticket"];
  for (const server of ["a", "b", "c"]) {
    index.replaceServer(server, words.map((word) => tool(`create_${word}`, `On ${server}`)));
  }
  index.replaceServer("loud", [tool("create_issue_issue", "issue tracker of issues")]);
  const of = (options: Omit<Parameters<ToolIndex["search"]>[1], "limit">) =>
    index.search("create issue", { limit: 4, ...options }).map(({ server, tool, score }) => [
      server,
      tool,
      Number(score.toFixed(6)),
    ]);

  deepStrictEqual(of({ servers: ["b"] }).map(([server]) => server), ["b", "b", "b"]);
  deepStrictEqual(of({ servers: [] }), []);
  deepStrictEqual(of({ servers: ["a", "b", "c"] }), of({ accept: (server) => server !== "loud" }));
  deepStrictEqual(of({ servers: ["a", "loud"], accept: (server) => server !== "loud" })[0]?.[0], "a");
  // The tool that is named as the query is refused, too.
  deepStrictEqual(of({ accept: (_, name) => name !== "create_issue" }).length, 4);
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

Deno.test("replaceServer() with what saveServer() gave finds the same, and reads anew what has changed", () => {
  const before = openSample();
  const saved = new Map(["github", "files"].map((server) => [server, before.saveServer(server)]));
  const tools = [
    tool("create_issue", "Open a new issue in a repository", {
      repo: { description: "Name of the repository" },
    }),
    tool("listPullRequests", "Shows pull requests"),
    tool("search_code", "Look at zebras"),
  ];

  const after = openToolIndex();
  after.replaceServer("github", tools, saved.get("github"));
  const fresh = openToolIndex();
  fresh.replaceServer("github", tools);

  for (const query of ["create issues", "zebra", "find code", "pull reqests", "repo name"]) {
    deepStrictEqual(after.search(query, { limit: 9 }), fresh.search(query, { limit: 9 }), query);
  }
  deepStrictEqual(after.saveServer("github"), fresh.saveServer("github"));
  // What belongs to another server, or makes no sense, is as good as nothing.
  for (const bytes of [saved.get("files"), new Uint8Array(), Uint8Array.of(1, 2, 3)]) {
    after.removeServer("github");
    after.replaceServer("github", tools, bytes);
    deepStrictEqual(after.search("zebra", { limit: 9 }), fresh.search("zebra", { limit: 9 }));
  }
});

Deno.test("search() and replaceServer() bear hostile input", () => {
  const index = openSample();
  let deep: Record<string, unknown> = {};
  for (let depth = 0; depth < 20_000; depth++) deep = { properties: { inner: deep } };
  let wide: Record<string, unknown> = {};
  for (let depth = 0; depth < 5; depth++) {
    const inner = wide;
    wide = { properties: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`p${at}`, inner])) };
  }
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, at) => [`property_${at}`, { description: "x" }]),
  );
  // A server may send what its type forbids.
  const odd = { name: "odd", title: 7, description: null, inputSchema: null, annotations: [] } as unknown;
  const hostile = [
    tool("huge", "word ".repeat(200_000)),
    tool("many", "", many),
    { name: "deep", inputSchema: deep },
    { name: "wide", inputSchema: wide },
    odd as ToolDefinition,
    tool("\u0000\u001b[2J"),
    tool(""),
  ];

  index.replaceServer("evil", hostile);
  for (
    const query of ["", " ", "a_".repeat(50_000), "\u0000\u0007\u202e", "$&^%*(", "天气", "🙂", "\ud800"]
  ) {
    ok(index.search(query, { limit: 5 }).length <= 5, query.slice(0, 10));
  }

  deepStrictEqual(ids(index, "odd"), ["evil:odd"]);
  strictEqual((ids(index, "property 17"))[0], "evil:many");
  index.removeServer("evil");
  strictEqual(index.size, 6);
});
