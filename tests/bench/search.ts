/**
 * Measures the search: how well it finds, how fast, and at what cost.
 *
 *   deno task bench search [FOLDER] [--quick]
 *
 * FOLDER holds sets of tools and queries (see search_sets.ts); without one the
 * small sample of the unit tests is used.
 *
 * @module
 */

import { create, insertMultiple, search } from "@orama/orama";
import { openToolIndex, type ToolIndex } from "../../lib/search/mod.ts";
import { toToolTexts } from "../../lib/search/tool_fields.ts";
import { HOSTILE_QUERIES, hostileTools } from "../unit/search/hostile.ts";
import queries from "../unit/search/sample_queries.json" with { type: "json" };
import sample from "../unit/search/sample_tools.json" with { type: "json" };
import type { WriteTable } from "./scale_report.ts";
import { measureAblation } from "./search_ablation.ts";
import { DEPTH, type MarkedQuery, meanQuality, type Quality } from "./search_quality.ts";
import {
  byServer,
  fillIndex,
  type Find,
  findWith,
  judgeSet,
  memoryMb,
  readSets,
  type SearchSet,
  type SetTool,
} from "./search_sets.ts";

const SIZES = [500, 1_000, 10_000, 20_000, 50_000];
const QUICK_SIZES = [500, 10_000];
/** The machine is shared: of so many rounds the best time of each query counts. */
const ROUNDS = 5;
const MAX_QUERIES = 300;
const HOSTILE_SIZE = 20_000;
const HOSTILE_SHOWN = 8;

/** Measures and prints tables. */
export async function reportSearch(write: WriteTable, folder: string | undefined, isQuick: boolean) {
  const sets = folder === undefined ? [sampleSet()] : readSets(folder);
  await reportQuality(write, sets);
  if (!isQuick) await reportAblation(write, sets);
  write(["query made to hurt", "bytes", "ms", "explained ms"], hostileRows(sets));
  const head = ["tools", "build ms", "p50 ms", "p95 ms", "p99 ms", "worst ms", "MB", "saved MB"];
  const rows = (isQuick ? QUICK_SIZES : SIZES).map((size) => speedRow(size, sets));
  write([...head, "from saved ms", "one server anew ms"], rows);
}

function sampleSet(): SearchSet {
  const tools = sample.flatMap(({ server, tools }) => tools.map((tool): SetTool => ({ ...tool, server })));
  return { name: "sample", tools, queries: queries satisfies readonly MarkedQuery[] };
}

const share = (value: number) => value.toFixed(3);

async function reportQuality(write: WriteTable, sets: readonly SearchSet[]): Promise<void> {
  const ways: readonly (readonly [string, (tools: readonly SetTool[]) => Find])[] = [
    ["ours", (tools) => findWith(fillIndex(tools))],
    ["Orama as delivered", findWithOrama],
  ];
  for (const [way, open] of ways) {
    const found: [string, Quality][] = [];
    for (const set of sets) {
      found.push([`${set.name} (${set.queries.length})`, await judgeSet(set, open(set.tools))]);
    }
    found.push(["mean", meanQuality(found.map(([, quality]) => quality))]);
    const rows = found.map(([name, { recallAt1, recallAt3, recallAt5, recallAt10, mrr, ndcg }]) => [
      name,
      ...[recallAt1, recallAt3, recallAt5, recallAt10, mrr, ndcg].map(share),
    ]);
    write([way, "R@1", "R@3", "R@5", "R@10", "MRR", "nDCG@10"], rows);
  }
}

async function reportAblation(write: WriteTable, sets: readonly SearchSet[]): Promise<void> {
  const rows = (await measureAblation(sets)).map(({ name, quality }) => [
    name,
    ...[quality.recallAt1, quality.recallAt5, quality.recallAt10, quality.mrr].map(share),
  ]);
  write(["mean over the sets", "R@1", "R@5", "R@10", "MRR"], rows);
}

/** Orama with nothing set, over the same texts. */
function findWithOrama(tools: readonly SetTool[]): Find {
  const schema = { server: "string", name: "string", description: "string", parameters: "string" } as const;
  const database = create({ schema });
  const documents = tools.map((tool) => {
    const { server, name, brief, rest, args, argTexts } = toToolTexts(tool.server, tool);
    return {
      id: `${server}:${name}`,
      server,
      name,
      description: brief + rest,
      parameters: `${args} ${argTexts}`,
    };
  });
  insertMultiple(database, documents);
  return async (query) => (await search(database, { term: query, limit: DEPTH })).hits.map(({ id }) => id);
}

function speedRow(size: number, sets: readonly SearchSet[]): string[] {
  const servers = byServer(enlarge(sets.flatMap(({ tools }) => tools), size));
  const before = memoryMb();
  const index = openToolIndex();
  const buildMs = timed(() => fill(index, servers));
  const usedMb = memoryMb() - before;
  const times = searchTimes(index, sets);
  const saved = new Map([...servers.keys()].map((server) => [server, index.saveServer(server)]));
  // The first search enters what was restored, so it belongs to it.
  const restoreMs = timed(() => {
    const restored = openToolIndex();
    fill(restored, servers, saved);
    restored.search("read a file", { limit: 5 });
  });
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const savedBytes = [...saved.values()].reduce((sum, { length }) => sum + length, 0);
  return [
    size.toLocaleString("en"),
    buildMs.toFixed(0),
    ...[at(0.5), at(0.95), at(0.99), at(1)].map((ms) => ms.toFixed(2)),
    usedMb.toFixed(1),
    (savedBytes / 1e6).toFixed(1),
    restoreMs.toFixed(0),
    changeMs(index, servers).toFixed(2),
  ];
}

/** The worst of the queries that were made to hurt, over 20,000 tools and hostile ones beside them. */
function hostileRows(sets: readonly SearchSet[]): string[][] {
  const index = openToolIndex();
  const servers = byServer(enlarge(sets.flatMap(({ tools }) => tools), HOSTILE_SIZE));
  fill(index, servers);
  const hostile = hostileTools();
  const addMs = timed(() => index.replaceServer("hostile", hostile));
  const [[server, [tool]] = ["", []]] = servers;
  const ref = { server, tool: tool?.name ?? "" };
  const rows = Object.entries(HOSTILE_QUERIES).map(([name, query]) => {
    const least = (work: () => unknown) =>
      Math.min(...Array.from({ length: ROUNDS }, () => timed(() => void work())));
    const ms = least(() => index.search(query, { limit: DEPTH }));
    return { name, bytes: query.length, ms, explainMs: least(() => index.explain(query, ref)) };
  });
  const worst = rows.sort((a, b) => b.ms - a.ms).slice(0, HOSTILE_SHOWN);
  return [
    ...worst.map(({ name, bytes, ms, explainMs }) => [
      name,
      bytes.toLocaleString("en"),
      ms.toFixed(2),
      explainMs.toFixed(2),
    ]),
    [`(entering ${hostile.length} hostile tools)`, "", addMs.toFixed(0), ""],
  ];
}

function fill(
  index: ToolIndex,
  servers: ReadonlyMap<string, SetTool[]>,
  saved?: ReadonlyMap<string, Uint8Array>,
): void {
  for (const [server, tools] of servers) index.replaceServer(server, tools, saved?.get(server));
}

/** As many tools as wanted: those there are, then copies of them with other names and some other words. */
function enlarge(tools: readonly SetTool[], size: number): SetTool[] {
  const distinct = [...new Map(tools.map((tool) => [`${tool.server}:${tool.name}`, tool])).values()];
  return Array.from({ length: size }, (_, at): SetTool => {
    // A prime spreads a part of the tools over all of them.
    const tool = distinct[at * 7_919 % distinct.length];
    if (tool === undefined) throw new RangeError("Cannot enlarge a set: it has no tools");
    const copy = Math.floor(at / distinct.length);
    if (copy === 0) return tool;
    const description = String(tool.description ?? "").split(" ")
      .map((word, place) => (at + 7 * place) % 12 === 0 ? `${word}x${(at * 31 + place) % 500}` : word).join(
        " ",
      );
    return { ...tool, server: `${tool.server}-${copy}`, name: `${tool.name}_v${copy}`, description };
  });
}

/** Milliseconds of each query, in order. */
function searchTimes(index: ToolIndex, sets: readonly SearchSet[]): number[] {
  const each = Math.ceil(MAX_QUERIES / sets.length);
  const texts = sets.flatMap(({ queries }) => queries.slice(0, each).map(({ query }) => query));
  const best = texts.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    texts.forEach((text, at) => {
      const took = timed(() => index.search(text, { limit: DEPTH }));
      best[at] = Math.min(best[at] ?? Infinity, took);
    });
  }
  return best.sort((a, b) => a - b);
}

/** Milliseconds to put other tools in the place of those of one server, the mean of some servers. */
function changeMs(index: ToolIndex, servers: ReadonlyMap<string, readonly SetTool[]>): number {
  const some = [...servers].slice(0, 50);
  const took = timed(() => {
    for (const [server, tools] of some) {
      index.replaceServer(
        server,
        tools.map((tool) => ({ ...tool, description: `Changed ${tool.description}` })),
      );
    }
  });
  return took / some.length;
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
