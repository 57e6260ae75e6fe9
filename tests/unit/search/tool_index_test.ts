import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { openToolIndex, type ToolIndex } from "../../../lib/search/mod.ts";
import { ids, openSample, tool } from "./tool_index_fixture.ts";

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
