/**
 * Judges the search on any set of tools and marked queries:
 *
 *   deno task eval:search --tools FILE --queries FILE [--json]
 *
 * @module
 */

import { parseArgs } from "node:util";
import { DEPTH, judge } from "./search_quality.ts";
import { fillIndex, memoryMb, readJson, type SearchSet } from "./search_sets.ts";

/** Searches before those that are timed. */
const WARM_UP = 2_000;
const ROUNDS = 5;

const { tools, queries, json } = readArguments();
const set = {
  tools: readJson<SearchSet["tools"]>(tools),
  queries: readJson<SearchSet["queries"]>(queries),
};

const usedBefore = memoryMb();
const startedAt = performance.now();
const index = fillIndex(set.tools);
const buildMs = performance.now() - startedAt;
const usedMb = memoryMb() - usedBefore;
// A daemon answers more than one search; the first ones are slow while the runtime compiles.
for (let asked = 0; asked < WARM_UP && set.queries.length > 0; asked++) {
  index.search(set.queries[asked % set.queries.length]?.query ?? "", { limit: DEPTH });
}
// Each query counts with its best round: what is measured is the search, not what else the machine does.
const times: number[] = set.queries.map(() => Infinity);
const found: (readonly string[])[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const [at, { query }] of set.queries.entries()) {
    const askedAt = performance.now();
    const hits = index.search(query, { limit: DEPTH });
    times[at] = Math.min(times[at] ?? Infinity, performance.now() - askedAt);
    found[at] = hits.map(({ server, tool }) => `${server}:${tool}`);
  }
}
times.sort((a, b) => a - b);
const timeAt = (part: number) =>
  round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0);
const quality = judge(set.queries, found);
const report = {
  tools: set.tools.length,
  queries: set.queries.length,
  recall_at_1: round(quality.recallAt1),
  recall_at_3: round(quality.recallAt3),
  recall_at_5: round(quality.recallAt5),
  recall_at_10: round(quality.recallAt10),
  mrr: round(quality.mrr),
  ndcg: round(quality.ndcg),
  latency_ms: { p50: timeAt(0.5), p99: timeAt(0.99) },
  build_ms: round(buildMs),
  memory_mb: round(usedMb),
};
if (json) console.log(JSON.stringify(report));
else {
  for (const [name, value] of Object.entries(report)) {
    console.log(name.padEnd(14), typeof value === "number" ? value : JSON.stringify(value));
  }
}

function round(value: number): number {
  return Number(value.toFixed(4));
}

function readArguments() {
  const { values } = parseArgs({
    options: { tools: { type: "string" }, queries: { type: "string" }, json: { type: "boolean" } },
  });
  const { tools, queries, json = false } = values;
  if (tools !== undefined && queries !== undefined) return { tools, queries, json };
  console.error("Cannot judge the search: a file is missing, wanted --tools FILE --queries FILE [--json]");
  Deno.exit(2);
}
