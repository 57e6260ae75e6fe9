import { strictEqual } from "node:assert/strict";
import { renderExplained, renderTokens } from "../../../cli/render/search.ts";
import type { ToolView } from "../../../lib/contracts/mod.ts";

const LOOK = { width: undefined, colour: false };

Deno.test("renderExplained() shows the words of each result with their fields, best first", () => {
  const tool = { id: "s:list_\u001bnotes" } as ToolView; // nothing else of it is shown
  const explanation = {
    words: 0.5,
    verb: 1.15,
    server: 0.25,
    name: 0,
    terms: [{
      word: "note",
      matched: "note",
      how: "stem",
      score: 0.5,
      fields: { brief: 0.125, name: 0.375 },
    }],
  };
  const found = {
    query: "note",
    results: [{ tool, score: 0.825, snippet: "", matches: 1, explanation }],
    total: 1,
    took: "",
    unknown_words: ["xy"],
  };

  strictEqual(
    renderExplained(found, LOOK),
    `0.82  s:list_\\u{1b}notes
  words 0.500 × verb 1.15 + server 0.250
  WORD  MATCHED      SCORE  IN
  note  note (stem)  0.500  name 0.375, first sentence 0.125

No tool has: xy
`,
  );
});

Deno.test("renderTokens() shows what was saved, also when that is less than nothing", () => {
  const figures = {
    encoding: "e",
    catalogue_tools: 2,
    total_server_tool_list_size: 1_500,
    per_server_tool_list_sizes: { small: 500, large: 1_000 },
    own_tools_size: 1_376,
    searches: 3,
    discoveries: 1,
    open_searches: 2,
    average_query_result_size: 300,
    baseline_tokens: 1_500,
    spent_tokens: 3_000,
    saved_tokens: -1_500,
    saved_tokens_percentage: -100,
    since: "2026-11-21T12:00:00Z",
  };

  strictEqual(
    renderTokens(figures, LOOK),
    `Catalogue     2 tools, 1,500 tokens
Own tools     1,376 tokens
Searches      3, 300 tokens an answer
Discoveries   1 calls of what a search had shown
Read instead  3,000 of 1,500 tokens
Saved         -1,500 tokens, -100 %
Since         2026-11-21T12:00:00Z

SERVER  TOKENS
large    1,000
small      500
`,
  );
});
