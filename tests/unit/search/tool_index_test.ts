import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { openToolIndex, type ToolIndex } from "../../../lib/search/mod.ts";

function tool(name: string, description = "", properties: Record<string, unknown> = {}): ToolDefinition {
  return { name, description, inputSchema: { type: "object", properties } };
}

async function ids(index: ToolIndex, query: string, limit = 10): Promise<string[]> {
  return (await index.search(query, { limit })).map((hit) => `${hit.server}:${hit.tool}`);
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

Deno.test("search() finds by name, joined name, description, server, argument name and argument text", async () => {
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
  ) strictEqual((await ids(index, query))[0], wanted, query);
  deepStrictEqual(new Set((await ids(index, "github")).slice(0, 3)), new Set(await ids(index, "GitHub", 3)));
  deepStrictEqual(await ids(index, "nothing like that exists"), []);
});

Deno.test("search() weighs the name most, then title, then description", async () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("one", "deals with weather now")]);
  index.replaceServer("b", [{ ...tool("two", "deals with something now"), title: "Weather" }]);
  index.replaceServer("c", [tool("weather", "deals with something now")]);

  deepStrictEqual(await ids(index, "weather today"), ["c:weather", "b:two", "a:one"]);
});

Deno.test("search() needs only one of the words and counts those that match", async () => {
  const index = openSample();

  const hits = await index.search("unheard create words issue", { limit: 2 });

  deepStrictEqual(hits.map(({ server, tool, matches }) => [server, tool, matches]), [
    ["github", "create_issue", 2],
    ["files", "create_directory", 1],
  ]);
  ok((hits[0]?.score ?? 0) > (hits[1]?.score ?? 0));
});

Deno.test("search() looks words up whole, not by their beginning", async () => {
  const index = openToolIndex();
  index.replaceServer("s", [tool("listen"), tool("constructor"), tool("hasOwnProperty")]);

  deepStrictEqual(await ids(index, "list"), []);
  deepStrictEqual(await ids(index, "constructor things"), ["s:constructor"]);
  deepStrictEqual(await ids(index, "__proto__ property"), ["s:hasOwnProperty"]);
});

Deno.test("search() puts a tool first whose name or id is the query", async () => {
  const index = openToolIndex();
  index.replaceServer("a", [tool("get"), tool("get_get_all", "get get get"), tool("__")]);
  index.replaceServer("b", [tool("GET", "long words ".repeat(50)), tool("get_more", "get")]);

  deepStrictEqual((await ids(index, " get ")).slice(0, 2).sort(), ["a:get", "b:GET"]);
  strictEqual((await ids(index, "b:get"))[0], "b:GET");
  deepStrictEqual(await ids(index, "__"), ["a:__"]);
});

Deno.test("search() filters before it cuts, and asks once for each tool", async () => {
  const index = openToolIndex();
  for (const server of ["a", "b", "c"]) {
    index.replaceServer(server, Array.from({ length: 30 }, (_, at) => tool(`list_${at}`, "list")));
  }
  const asked: string[] = [];

  const hits = await index.search("list", {
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

Deno.test("search() orders equals by id and gives nothing for a limit below 1", async () => {
  const index = openToolIndex();
  index.replaceServer("b", [tool("run")]);
  index.replaceServer("a", [tool("run")]);

  deepStrictEqual(await ids(index, "run it"), ["a:run", "b:run"]);
  for (const limit of [0, -1, Number.NaN]) deepStrictEqual(await ids(index, "run", limit), []);
});

Deno.test("replaceServer() and removeServer() touch that server only", async () => {
  const index = openSample();

  index.replaceServer("files", [
    tool("write_file", "Append to a file"),
    tool("delete_file"),
    tool("delete_file", "x"),
  ]);
  strictEqual(index.size, 5);
  deepStrictEqual((await ids(index, "file")).sort(), ["files:delete_file", "files:write_file"]);
  deepStrictEqual(await ids(index, "replace"), []);
  deepStrictEqual(await ids(index, "append"), ["files:write_file"]);

  index.removeServer("files");
  index.removeServer("never there");
  strictEqual(index.size, 3);
  deepStrictEqual(await ids(index, "file"), []);
  strictEqual((await ids(index, "create"))[0], "github:create_issue");
});

Deno.test("an index after many changes finds the same as one made at once", async () => {
  const word = fc.constantFrom("create", "list", "file", "issue", "constructor", "的", "é", "x1", "the");
  const definition = fc.tuple(word, word, fc.array(word, { maxLength: 4 }))
    .map(([first, second, text]) => tool(`${first}_${second}`, text.join(" ")));
  const change = fc.tuple(fc.constantFrom("a", "b", "c"), fc.array(definition, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 12 }),
      fc.array(word, { maxLength: 3 }),
      async (changes, query) => {
        const grown = openToolIndex();
        for (const [server, tools] of changes) grown.replaceServer(server, tools);
        const fresh = openToolIndex();
        for (const [server, tools] of new Map(changes)) fresh.replaceServer(server, tools);
        const found = async (index: ToolIndex) =>
          (await index.search(query.join(" "), { limit: 50 })).map((hit) => ({
            ...hit,
            score: hit.score.toFixed(6),
          }))
            .sort((a, b) => `${a.server}:${a.tool}` < `${b.server}:${b.tool}` ? -1 : 1);

        strictEqual(grown.size, fresh.size);
        deepStrictEqual(await found(grown), await found(fresh));
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("search() and replaceServer() bear hostile input", async () => {
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
    ok((await index.search(query, { limit: 5 })).length <= 5, query.slice(0, 10));
  }

  deepStrictEqual(await ids(index, "odd"), ["evil:odd"]);
  strictEqual((await ids(index, "property 17"))[0], "evil:many");
  index.removeServer("evil");
  strictEqual(index.size, 6);
});
