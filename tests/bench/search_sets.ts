/**
 * Sets of tools and marked queries, read from a folder in which each set is a
 * folder with `tools.json` and one or more `queries*.json`.
 *
 * @module
 */

import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ToolDefinition } from "../../lib/contracts/mod.ts";
import { openToolIndex, type ToolIndex } from "../../lib/search/mod.ts";
import { DEPTH, judge, type MarkedQuery, type Quality } from "./search_quality.ts";

/** A tool as the sets name it. */
export interface SetTool extends ToolDefinition {
  readonly server: string;
}

/** Tools, and queries that are to find them. */
export interface SearchSet {
  readonly name: string;
  readonly tools: readonly SetTool[];
  readonly queries: readonly MarkedQuery[];
}

/** Finds the ids of the best tools for a query. */
export type Find = (query: string) => Promise<readonly string[]> | readonly string[];

/** Reads every set in a folder. The files are trusted. */
export function readSets(folder: string): SearchSet[] {
  const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  const isFolder = (name: string) => Deno.statSync(join(folder, name)).isDirectory;
  return names(folder).filter(isFolder).flatMap((set) => {
    const tools: readonly SetTool[] = readJson(join(folder, set, "tools.json"));
    return names(join(folder, set)).filter((name) => /^queries.*\.json$/.test(name)).map((file) => ({
      name: [set, /^queries-(.*)\.json$/.exec(file)?.[1]].filter((part) => part !== undefined).join(" "),
      tools,
      queries: readJson<readonly MarkedQuery[]>(join(folder, set, file)),
    }));
  });
}

/** Reads a JSON file that is trusted to hold what is asked for. */
export function readJson<Content>(path: string): Content {
  return JSON.parse(Deno.readTextFileSync(path));
}

/** Puts tools into an index, each server at once. */
export function fillIndex(tools: readonly SetTool[], index: ToolIndex = openToolIndex()): ToolIndex {
  for (const [server, own] of byServer(tools)) index.replaceServer(server, own);
  return index;
}

/** Sorts tools by server. */
export function byServer(tools: readonly SetTool[]): Map<string, SetTool[]> {
  return Map.groupBy(tools, ({ server }) => server);
}

/** Finds with our index. */
export function findWith(index: ToolIndex): Find {
  return (query) => index.search(query, { limit: DEPTH }).map(({ server, tool }) => `${server}:${tool}`);
}

/** Judges a way to find on one set. */
export async function judgeSet({ queries }: SearchSet, find: Find): Promise<Quality> {
  const found: (readonly string[])[] = [];
  for (const { query } of queries) found.push(await find(query));
  return judge(queries, found);
}

/** Memory in use after a collection, in 10⁶ bytes. */
export function memoryMb(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = Deno.memoryUsage();
  return (heapUsed + external) / 1e6;
}
