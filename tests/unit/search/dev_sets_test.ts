import { ok } from "node:assert/strict";
import { openToolIndex } from "../../../lib/search/mod.ts";
import { DEPTH, judge } from "../../bench/search_quality.ts";
import { fillIndex, readJson, type SearchSet } from "../../bench/search_sets.ts";

const SETS = new URL("../../bench/sets/", import.meta.url).pathname;
/** How much worse a set may become. */
const SLACK = 0.01;

/** What was reached in November 2026: recall at 1, at 5, and mean reciprocal rank. */
const REACHED: Readonly<Record<string, readonly [number, number, number]>> = {
  "golden45/queries": [0.7346, 0.9506, 0.8512],
  "livemcp/queries-task": [0.2125, 0.4559, 0.5205],
  "livemcp/queries-step": [0.8065, 0.9677, 0.8683],
  "livemcp/queries-agent": [0.5963, 0.937, 0.77],
  "azure/queries": [0.822, 0.9788, 0.8913],
  "toolbench/queries": [0.3337, 0.7597, 0.8063],
};

Deno.test("search() is no worse on any development set than it was", () => {
  for (const [folder, files] of byFolder()) {
    const index = fillIndex(readJson<SearchSet["tools"]>(`${SETS}${folder}/tools.json`));
    for (const file of files) {
      const queries = readJson<SearchSet["queries"]>(`${SETS}${file}.json`);
      const found = queries.map(({ query }) =>
        index.search(query, { limit: DEPTH }).map(({ server, tool }) => `${server}:${tool}`)
      );
      const { recallAt1, recallAt5, mrr } = judge(queries, found);
      const [atOne = 0, atFive = 0, rank = 0] = REACHED[file] ?? [];
      const figures = [["R@1", recallAt1, atOne], ["R@5", recallAt5, atFive], ["MRR", mrr, rank]] as const;
      for (const [name, now, before] of figures) {
        ok(now >= before - SLACK, `${file}: ${name} is ${now.toFixed(4)}, was ${before}`);
      }
    }
  }
});

Deno.test("search() finds each tool of many servers first by its name with spaces", () => {
  const tools = readJson<SearchSet["tools"]>(`${SETS}livemcp/tools.json`);
  const index = fillIndex(tools);
  const names = [...new Set(tools.map(({ name }) => name))];

  const missed = names.filter((name) => {
    const query = name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[_-]/g, " ");
    return index.search(query, { limit: 1 })[0]?.tool !== name;
  });

  ok(missed.length <= 0.005 * names.length, `${missed.length} of ${names.length}: ${missed.join(", ")}`);
});

Deno.test("search() repairs long words that are misspelt", () => {
  const index = fillIndex(readJson<SearchSet["tools"]>(`${SETS}livemcp/tools.json`));
  for (const kind of ["step", "agent"]) {
    const queries = readJson<SearchSet["queries"]>(`${SETS}livemcp/queries-${kind}.json`);
    const found = queries.map(({ query }) =>
      index.search(misspell(query), { limit: DEPTH }).map(({ server, tool }) => `${server}:${tool}`)
    );
    const { recallAt5 } = judge(queries, found);
    ok(recallAt5 >= 0.75, `${kind}: ${recallAt5.toFixed(3)}`);
  }
});

Deno.test("search() answers any query in bounded time, over tools that hold anything", () => {
  const index = openToolIndex();
  let deep: Record<string, unknown> = { type: "object" };
  for (let level = 0; level < 20_000; level++) deep = { type: "object", properties: { a: deep } };
  const cyclic: Record<string, unknown> = { type: "object" };
  cyclic["properties"] = { self: cyclic };
  const hostile = [
    { name: "silent", inputSchema: {} },
    { name: "endless", description: "read the file ".repeat(75_000), inputSchema: {} },
    { name: "deep", description: "Reads", inputSchema: deep },
    { name: "cyclic", description: "Reads", inputSchema: cyclic },
    { name: "wrong", description: 5, title: {}, inputSchema: { properties: 7, enum: "x", items: [null] } },
    { name: "__proto__", description: "constructor", inputSchema: { properties: { constructor: {} } } },
  ];
  index.replaceServer("s", hostile as unknown as Parameters<typeof index.replaceServer>[1]); // as a server may send
  const unit = "read file ";
  const queries = [
    "",
    " ",
    "\u0000\u001b[2J\u0007",
    unit.repeat(10_000),
    '"'.repeat(100_000),
    "-".repeat(100_000),
    "a\u0301".repeat(50_000),
    "\ud800\udfff\ud800",
    "读取文件 파일 ファイル ملف",
    "(a+)+$ [[[[ \\ ${x} %00 ../../etc/passwd",
    "__proto__ constructor toString",
  ];

  for (const query of queries) {
    const found = index.search(query, { limit: 10 });
    ok(found.every(({ score }) => Number.isFinite(score)), query.slice(0, 20));
    index.explain(query, { server: "s", tool: "endless" });
  }
  ok(index.search("silent", { limit: 1 })[0]?.tool === "silent");
  ok(index.search("__proto__", { limit: 1 })[0]?.tool === "__proto__");
});

function byFolder(): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const file of Object.keys(REACHED)) {
    const [folder = ""] = file.split("/");
    folders.set(folder, [...folders.get(folder) ?? [], file]);
  }
  return folders;
}

/** Swaps two letters in the middle of each long word. */
function misspell(query: string): string {
  return query.replace(/[a-z]{5,}/gi, (word) => {
    const at = Math.floor(word.length / 2);
    return `${word.slice(0, at - 1)}${word[at]}${word[at - 1]}${word.slice(at + 1)}`;
  });
}
