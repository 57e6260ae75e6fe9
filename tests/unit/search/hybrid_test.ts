import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ServerTool } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createHttpEmbedder, createHybrid, openToolIndex } from "../../../lib/search/mod.ts";
import { DEPTH, judge } from "../../bench/search_quality.ts";
import { fillIndex, readJson, type SearchSet } from "../../bench/search_sets.ts";

/** An endpoint whose vectors count groups of three letters: weak, but not blind. */
function serveEmbeddings() {
  const state = { asked: [] as string[][], broken: false, blind: false, headers: new Headers() };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    state.headers = request.headers;
    const { input } = await request.json();
    state.asked.push(input);
    if (state.broken) return Response.json({ error: "no" }, { status: 500 });
    const data = input.map((text: string, index: number) => ({
      index,
      embedding: state.blind ? toNoise(text) : toVector(text),
    }));
    return Response.json({ data: data.reverse() });
  });
  return {
    state,
    url: `http://127.0.0.1:${server.addr.port}/v1/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function toVector(text: string): number[] {
  const vector = new Array<number>(256).fill(0.001);
  const letters = text.toLowerCase().replace(/[^a-z]+/g, " ");
  for (let at = 0; at + 3 <= letters.length; at++) {
    const place =
      (letters.charCodeAt(at) * 31 + letters.charCodeAt(at + 1) * 7 + letters.charCodeAt(at + 2)) % 256;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}

/** A vector that has nothing to do with what the text says. */
function toNoise(text: string): number[] {
  let seed = 7;
  for (let at = 0; at < text.length; at++) seed = (Math.imul(seed, 31) + text.charCodeAt(at)) >>> 0;
  return Array.from(
    { length: 64 },
    () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 31 - 1,
  );
}

function openHybrid(url: string, tools: readonly ServerTool[], weight: number) {
  const { network, clock } = createDenoPlatform();
  const index = openToolIndex();
  for (const [server, own] of Map.groupBy(tools, ({ server }) => server)) {
    index.replaceServer(server, own.map(({ definition }) => definition));
  }
  const failures: unknown[] = [];
  const learned: { readonly share: number; readonly isTrusted: boolean }[] = [];
  const time = { now: 0 };
  let settled = Promise.withResolvers<void>();
  const finder = createHybrid({
    index,
    embedder: createHttpEmbedder({
      network,
      clock,
      endpoint: () => ({ url, model: "m", apiKey: "key", timeoutMs: 5_000 }),
    }),
    clock: { now: () => time.now },
    weight: () => weight,
    model: () => "m",
    tools: () => tools,
    onLearned: (share) => {
      learned.push(share);
      settled.resolve();
    },
    onFailure: (cause) => {
      failures.push(cause);
      settled.resolve();
    },
  });
  return {
    index,
    finder,
    failures,
    learned,
    time,
    /** The first search sets off what later ones use. */
    async warm() {
      settled = Promise.withResolvers();
      await finder.search("warm", { limit: 1 });
      await settled.promise;
    },
  };
}

const TOOLS: readonly ServerTool[] = [
  ["mail", "send_message", "Sends a message to somebody"],
  ["mail", "list_folders", "Lists folders"],
  ["photos", "photograph_find", "Photographs by their subject"],
].map(([server = "", name = "", description = ""]) => ({
  server,
  definition: { name, description, inputSchema: {} },
}));

const MANY: readonly ServerTool[] = Array.from({ length: 60 }, (_, at) => ({
  server: "s",
  definition: { name: `tool_${at}`, description: "A tool", inputSchema: {} },
}));

Deno.test("Hybrid adds tools that words do not find, and leaves those it may not show", async () => {
  await using endpoint = serveEmbeddings();
  const { finder, index, warm } = openHybrid(endpoint.url, TOOLS, 0.3);
  strictEqual(index.search("otographer", { limit: 3 }).length, 0);

  await warm();
  strictEqual((await finder.search("otographer", { limit: 3 }))[0]?.tool, "photograph_find");
  const inside = await finder.search("otographer", { limit: 3, accept: (server) => server === "mail" });
  ok(inside.every(({ server }) => server === "mail"));
  strictEqual((await finder.search("list folders", { limit: 1 }))[0]?.tool, "list_folders");
  strictEqual(endpoint.state.headers.get("authorization"), "Bearer key");
});

Deno.test("Hybrid asks for each text once", async () => {
  await using endpoint = serveEmbeddings();
  const { finder, warm } = openHybrid(endpoint.url, TOOLS, 0.2);
  await warm();
  await finder.search("some query", { limit: 3 });
  const before = endpoint.state.asked.flat().length;

  for (let time = 0; time < 5; time++) await finder.search("some query", { limit: 3 });

  strictEqual(endpoint.state.asked.flat().length, before);
  strictEqual(new Set(endpoint.state.asked.flat()).size, before);
});

Deno.test("Hybrid answers with words alone when the endpoint fails, and leaves it alone for a while", async () => {
  await using endpoint = serveEmbeddings();
  endpoint.state.broken = true;
  const { finder, index, failures, time, warm } = openHybrid(endpoint.url, TOOLS, 0.2);
  const search = () => finder.search("send a message", { limit: 3 });

  await warm();
  strictEqual(failures.length, 1);
  deepStrictEqual(await search(), index.search("send a message", { limit: 3 }));
  const asked = endpoint.state.asked.length;
  for (let turn = 0; turn < 5; turn++) await search();
  strictEqual(endpoint.state.asked.length, asked);

  time.now = 31_000;
  endpoint.state.broken = false;
  await warm();
  await search();
  strictEqual(endpoint.state.asked.at(-1)?.[0], "send a message");
});

Deno.test("Hybrid does not use vectors that say nothing", async () => {
  await using endpoint = serveEmbeddings();
  endpoint.state.blind = true;
  const { finder, index, warm, learned } = openHybrid(endpoint.url, MANY, 0.3);
  await warm();

  strictEqual(learned[0]?.isTrusted, false);
  deepStrictEqual(await finder.search("tool", { limit: 9 }), index.search("tool", { limit: 9 }));
});

Deno.test("Hybrid asks nobody when it is off", async () => {
  await using endpoint = serveEmbeddings();
  const { finder, index } = openHybrid(endpoint.url, TOOLS, 0);

  deepStrictEqual(finder.search("list folders", { limit: 3 }), index.search("list folders", { limit: 3 }));
  strictEqual(endpoint.state.asked.length, 0);
});

Deno.test("Hybrid lowers no figure of a development set by more than 0.01, even with weak vectors", async () => {
  await using endpoint = serveEmbeddings();
  const folder = new URL("../../bench/sets/livemcp/", import.meta.url).pathname;
  const set = readJson<SearchSet["tools"]>(`${folder}tools.json`);
  const tools = set.map(({ server, ...definition }) => ({ server, definition }));
  const { finder, warm } = openHybrid(endpoint.url, tools, 0.3);
  await warm();
  const words = fillIndex(set);

  for (const kind of ["step", "agent"]) {
    const queries = readJson<SearchSet["queries"]>(`${folder}queries-${kind}.json`);
    const found: string[][] = [];
    for (const { query } of queries) {
      const hits = await finder.search(query, { limit: DEPTH });
      found.push(hits.map(({ server, tool }) => `${server}:${tool}`));
    }
    const byWords = queries.map(({ query }) =>
      words.search(query, { limit: DEPTH }).map(({ server, tool }) => `${server}:${tool}`)
    );
    const [both, alone] = [judge(queries, found), judge(queries, byWords)];
    for (const figure of ["recallAt1", "recallAt5", "mrr"] as const) {
      ok(both[figure] >= alone[figure] - 0.01, `${kind}: ${figure} ${both[figure]} < ${alone[figure]}`);
    }
  }
});
