import { ok, strictEqual } from "node:assert/strict";
import { openToolIndex } from "../../../lib/search/mod.ts";
import { DEPTH, judge } from "../../bench/search_quality.ts";
import queries from "./sample_queries.json" with { type: "json" };
import sample from "./sample_tools.json" with { type: "json" };

/**
 * What the ranking reached when this was written, less 0.01. The tools and
 * queries were made up for this test and never used to choose a weight.
 */
const FLOOR = { recallAt1: 0.832, recallAt5: 0.975, mrr: 0.89 };

function openSample() {
  const index = openToolIndex();
  for (const { server, tools } of sample) index.replaceServer(server, tools);
  return index;
}

Deno.test("search() finds what people would take, as often as it did before", () => {
  const index = openSample();

  const found = queries.map(({ query }) =>
    index.search(query, { limit: DEPTH }).map(({ server, tool }) => `${server}:${tool}`)
  );

  const quality = judge(queries, found);
  for (const figure of ["recallAt1", "recallAt5", "mrr"] as const) {
    ok(quality[figure] >= FLOOR[figure], `${figure} ${quality[figure].toFixed(4)} < ${FLOOR[figure]}`);
  }
});

Deno.test("search() finds each tool first by its name with spaces", () => {
  const index = openSample();
  const names = sample.flatMap(({ tools }) => tools.map(({ name }) => name));

  for (const name of names) {
    const query = name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
    strictEqual(index.search(query, { limit: 1 })[0]?.tool, name, query);
  }
});

Deno.test("every query of the sample names tools that exist", () => {
  const ids = new Set(sample.flatMap(({ server, tools }) => tools.map(({ name }) => `${server}:${name}`)));
  for (const { query, relevant } of queries) ok(relevant.every((id) => ids.has(id)), query);
});
