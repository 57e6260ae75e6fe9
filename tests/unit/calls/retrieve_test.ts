import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { retrieveTools } from "../../../lib/calls/retrieve.ts";
import { ConfigSchema, type ToolDefinition } from "../../../lib/contracts/mod.ts";
import type { Runtime } from "../../../lib/runtime/mod.ts";
import { openToolIndex } from "../../../lib/search/mod.ts";
import type { Storage } from "../../../lib/storage/mod.ts";

const tool = (name: string): ToolDefinition => ({ name, description: "About issues", inputSchema: {} });

/** Two servers, of which the second is held. */
function options() {
  const index = openToolIndex();
  const tools = new Map([["open", [tool("create_issue"), tool("list_issues")]], ["held", [tool("issue")]]]);
  for (const [server, own] of tools) index.replaceServer(server, own);
  const servers = new Map([...tools.keys()].map((name) => [name, {
    config: { enabled: true },
    quarantined: name === "held",
  }]));
  const runtime = {
    view: () => ({ servers }),
    catalogue: {
      get: (name: string) => ({
        tools: tools.get(name),
        byName: new Map(tools.get(name)?.map((one) => [one.name, one])),
        names: new Set(tools.get(name)?.map((one) => one.name)),
      }),
    },
  } as unknown as Runtime; // all that a search uses
  const storage = { statistics: { get: () => ({ count: 0 }) } } as unknown as Storage; // as above
  return { config: () => ConfigSchema.parse({}), runtime, index, storage };
}

async function explain(id: string) {
  const { result: { structuredContent, content } } = await retrieveTools(options(), {
    query: "create issues",
    debug: true,
    explain_tool: id,
  });
  const text = content[0]?.["text"];
  const answer = structuredContent ?? JSON.parse(String(text));
  return answer.explanation;
}

Deno.test("retrieveTools() explains the score of a tool", async () => {
  const { rank, score, scoring } = await explain("open:create_issue");

  deepStrictEqual([rank, scoring.rank], [1, 1]);
  ok(Math.abs(scoring.score - score) < 1e-3);
  deepStrictEqual(
    scoring.terms.map(({ word, how }: { word: string; how: string }) => [word, how]),
    [
      ["create", "stem"],
      ["create", "exact"],
      ["issues", "stem"],
      ["issues", "exact"],
      ["create issues", "joined"],
    ],
  );
});

Deno.test("retrieveTools() explains no score of a tool that the caller may not see", async () => {
  for (const id of ["held:issue", "open:no_such", "nonsense"]) {
    const { found_in_results, scoring } = await explain(id);
    strictEqual(found_in_results, false, id);
    strictEqual(scoring, undefined, id);
  }
});
