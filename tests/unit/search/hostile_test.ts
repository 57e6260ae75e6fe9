import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { openToolIndex } from "../../../lib/search/mod.ts";
import { Ranking } from "../../../lib/search/ranking.ts";
import { toToolTexts } from "../../../lib/search/tool_fields.ts";
import { HOSTILE_QUERIES, hostileTools } from "./hostile.ts";

const THINGS = [
  "invoice",
  "ticket",
  "branch",
  "contact",
  "event",
  "file",
  "message",
  "release",
  "order",
  "page",
];
const VERBS = ["list", "create", "update", "delete", "search", "read", "send", "archive", "export", "merge"];
const SERVERS = 40;
const TOOLS_EACH = 500;

function toolsOf(server: number): ToolDefinition[] {
  return Array.from({ length: TOOLS_EACH }, (_, at) => {
    const verb = VERBS[(server + at) % VERBS.length];
    const thing = THINGS[Math.floor((server + at) / VERBS.length) % THINGS.length];
    return { name: `${verb}_${thing}_${at}`, description: `${verb} one ${thing}`, inputSchema: {} };
  });
}

Deno.test("search() answers every query made to hurt, over 20,000 tools and hostile ones, in order and within its limit", () => {
  const index = openToolIndex();
  for (let server = 0; server < SERVERS; server++) index.replaceServer(`team-${server}`, toolsOf(server));
  index.replaceServer("hostile", hostileTools());
  strictEqual(index.size, SERVERS * TOOLS_EACH + hostileTools().length);

  for (const [name, query] of Object.entries(HOSTILE_QUERIES)) {
    const hits = index.search(query, { limit: 10 });
    ok(hits.length <= 10, name);
    ok(hits.every(({ score }) => Number.isFinite(score) && score > 0), name);
    const scores = hits.map(({ score }) => score);
    deepStrictEqual(scores, scores.toSorted((a, b) => b - a), name);
    deepStrictEqual(index.search(query, { limit: 10 }), hits, `${name}, once more`);
  }
  deepStrictEqual(index.search("", { limit: 10 }), []);
  strictEqual(
    index.search(HOSTILE_QUERIES["common words"] ?? "", { limit: 1 })[0]?.tool.startsWith("read_file"),
    true,
  );
  strictEqual(index.search("silent", { limit: 1 })[0]?.tool, "silent");
  strictEqual(index.search("archive the ticket", { limit: 1 })[0]?.tool.startsWith("archive_ticket"), true);
});

Deno.test("planSearch() looks at a bounded part of the index, whatever the query is", () => {
  const ranking = new Ranking();
  let document = 0;
  for (let server = 0; server < SERVERS; server++) {
    for (const tool of toolsOf(server)) {
      ranking.add(++document, ranking.toMaterial(toToolTexts(`team-${server}`, tool)));
    }
  }

  for (const [name, query] of Object.entries(HOSTILE_QUERIES)) {
    const { wanted } = ranking.plan(query);
    const parts = wanted.flatMap(({ parts }) => parts);
    const postings = parts.reduce((sum, { term }) => sum + ranking.postings.sizeOf(term), 0);
    ok(postings <= 200_000, `${name}: ${postings} postings`);
    ok(
      wanted.length <= 1_000 && parts.length <= 5_000,
      `${name}: ${wanted.length} words, ${parts.length} terms`,
    );
  }
});

Deno.test("explain() gives the rank that search() does", () => {
  const index = openToolIndex();
  for (let server = 0; server < 3; server++) index.replaceServer(`team-${server}`, toolsOf(server));
  const query = "send the message";

  const hits = index.search(query, { limit: 200 });

  for (const at of [0, 1, 17, 199]) {
    const { server = "", tool = "", score = 0 } = hits[at] ?? {};
    const explained = index.explain(query, { server, tool });
    deepStrictEqual([explained?.rank, explained?.score], [at + 1, score]);
  }
  const [first] = hits;
  const other = index.explain(query, { server: first?.server ?? "", tool: first?.tool ?? "" }, {
    servers: ["none"],
  });
  deepStrictEqual([other?.rank, other?.score], [undefined, 0]);
});
