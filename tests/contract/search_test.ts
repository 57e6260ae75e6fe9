import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { failsWith, runSuite } from "./implementations.ts";

runSuite("Search", {
  async "says which words matched in which fields"({ management }) {
    const plain = await management.request("tools.search", { q: "create entites xyzzyq", limit: 2 });
    strictEqual(plain.results[0]?.explanation, undefined);

    const { results, unknown_words: unknown } = await management.request("tools.search", {
      q: "create entites xyzzyq",
      limit: 2,
      explain: true,
    });

    deepStrictEqual(results.map(({ tool }) => tool.id), plain.results.map(({ tool }) => tool.id));
    deepStrictEqual(unknown, ["xyzzyq"]);
    const [first] = results;
    strictEqual(first?.tool.id, "memory:create_entities");
    const { words = 0, verb = 0, server = 0, name = 0, terms = [] } = first?.explanation ?? {};
    ok(Math.abs(words * verb + server + name - (first?.score ?? 0)) < 1e-9);
    deepStrictEqual(terms.map(({ word, how }) => [word, how]), [
      ["create", "stem"],
      ["create", "exact"],
      ["entites", "spelling"],
      ["entites", "spelling"],
    ]);
    ok((terms[0]?.fields.name ?? 0) > (terms[0]?.fields.brief ?? 1));
  },

  async "counts tokens of the catalogue and of discoveries"({ management }) {
    const call = (tool_name: string, args: Record<string, unknown>) =>
      management.request("calls.call", { tool_name, arguments: args });
    const before = await management.request("stats.tokens", {});
    deepStrictEqual(Object.keys(before.per_server_tool_list_sizes), ["memory"]);
    strictEqual(before.total_server_tool_list_size, before.per_server_tool_list_sizes.memory);
    ok(before.catalogue_tools === 9 && before.total_server_tool_list_size > 1_000);

    await call("retrieve_tools", { query: "read the graph", limit: 1 });
    await call("call_tool_read", { name: "memory:read_graph" });

    const after = await management.request("stats.tokens", {});
    deepStrictEqual([after.discoveries - before.discoveries, after.searches - before.searches], [1, 1]);
    const [baseline, spent] = [
      after.baseline_tokens - before.baseline_tokens,
      after.spent_tokens - before.spent_tokens,
    ];
    ok(Math.abs(baseline - after.total_server_tool_list_size) < 10, `${baseline}`);
    ok(spent > 2 * after.own_tools_size && spent < 2 * after.own_tools_size + 1_000, `${spent}`);
    strictEqual(after.saved_tokens, after.baseline_tokens - after.spent_tokens);
  },

  async "says what a call lacks: ids of tools, the server before a name"({ management }) {
    const { content: [said] } = await management.request("calls.call", {
      tool_name: "describe_tool",
      arguments: {},
    });
    match(
      String(said?.["text"]),
      /\\"tool_ids\\": it is missing, wanted a list of 1 to 5 ids of tools such as/,
    );
    await rejects(
      management.request("calls.call", { tool_name: "read_graph", arguments: {} }),
      failsWith("MCPX_TOOL_NOT_FOUND", /named server:tool, did you mean "memory:read_graph"\?/),
    );
    await rejects(
      management.request("calls.call", { tool_name: "retrieve_tool", arguments: {} }),
      failsWith("MCPX_TOOL_NOT_FOUND", /did you mean "retrieve_tools"\?/),
    );
  },

  async "counts no discovery for a call that no search has led to"({ management }) {
    const call = (tool_name: string, args: Record<string, unknown>) =>
      management.request("calls.call", { tool_name, arguments: args });
    const before = await management.request("stats.tokens", {});

    await call("retrieve_tools", { query: "create entities", limit: 1 });
    await call("call_tool_read", { name: "memory:read_graph" });

    const after = await management.request("stats.tokens", {});
    deepStrictEqual([after.discoveries, after.open_searches], [before.discoveries, before.open_searches + 1]);
    strictEqual(after.baseline_tokens, before.baseline_tokens);
    ok(after.spent_tokens > before.spent_tokens);
  },

  async "shows how the cache of long results is used"({ management }) {
    const figures = await management.request("stats.cache", {});
    deepStrictEqual([figures.entries, figures.max_bytes], [0, 64 * 1024 * 1024]);
    await rejects(
      management.request("tools.search", { q: "x", limit: 0 }),
      failsWith("MCPX_INVALID_INPUT", /limit/),
    );
  },
});
