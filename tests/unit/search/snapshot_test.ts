import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { atOnce } from "../../../lib/platform/mod.ts";
import { openToolIndex, type ToolIndex } from "../../../lib/search/mod.ts";
import sampleQueries from "./sample_queries.json" with { type: "json" };
import sample from "./sample_tools.json" with { type: "json" };
import { ids, openSample, tool } from "./tool_index_fixture.ts";

const lists = new Map(sample.map(({ server, tools }) => [server, tools as readonly ToolDefinition[]]));
const queries = [...sampleQueries.map(({ query }) => query), "creat isue", "sky", "read file 的", ""];

function openFull(): ToolIndex {
  const index = openToolIndex();
  for (const [server, tools] of lists) index.replaceServer(server, tools);
  return index;
}

function snapshotOf(index: ToolIndex): Uint8Array {
  const bytes = atOnce(index.stepsToSnapshot());
  ok(bytes !== undefined);
  return bytes;
}

function restored(bytes: Uint8Array): ToolIndex {
  const index = openToolIndex();
  strictEqual(index.restore(bytes.slice()), true);
  return index;
}

const answers = (index: ToolIndex, limit = 20) => queries.map((query) => index.search(query, { limit }));

Deno.test("restore() gives the index that was kept, without reading a tool anew", () => {
  const before = openFull();
  const index = restored(snapshotOf(before));
  const { revision } = index;

  for (const [server, tools] of lists) strictEqual(index.replaceServer(server, tools), 0, server);

  deepStrictEqual([index.waiting, index.revision, index.size], [[], revision, before.size]);
  deepStrictEqual(answers(index), answers(before));
  const [server = "", tools = []] = [...lists][0] ?? [];
  const ref = { server, tool: tools[0]?.name ?? "" };
  deepStrictEqual(index.explain("send an email", ref), before.explain("send an email", ref));
  deepStrictEqual(
    index.search("file", { limit: 5, servers: [server] }),
    before.search("file", { limit: 5, servers: [server] }),
  );
  deepStrictEqual(index.saveServer(server).length, before.saveServer(server).length);
});

Deno.test("restore() shows the tools of a server when it has said which it has, and no others", () => {
  const index = restored(snapshotOf(openSample()));
  deepStrictEqual([ids(index, "file"), ids(index, "create_issue"), index.waiting], [[], [], [
    "github",
    "files",
  ]]);
  strictEqual(index.explain("file", { server: "files", tool: "read_file" }), undefined);

  index.replaceServer("files", [tool("read_file", "Read the text of a file", { path: { type: "string" } })]);

  deepStrictEqual(ids(index, "file"), ["files:read_file"]);
  deepStrictEqual([ids(index, "create_issue"), index.waiting], [[], ["github"]]);
  strictEqual(atOnce(index.stepsToSnapshot()), undefined, "not before all have said what they have");
  index.removeServer("github");
  deepStrictEqual([index.size, index.waiting], [1, []]);
  deepStrictEqual(ids(restoredWith(snapshotOf(index), "files", "read_file"), "file"), ["files:read_file"]);
});

function restoredWith(bytes: Uint8Array, server: string, name: string): ToolIndex {
  const index = restored(bytes);
  index.replaceServer(server, [tool(name, "Read the text of a file", { path: { type: "string" } })]);
  return index;
}

Deno.test("restore() finds a tool that has changed by its new words only", () => {
  const index = restored(snapshotOf(openSample()));

  const readAnew = index.replaceServer("files", [
    tool("create_directory", "Make a folder"),
    tool("write_file", "Paint a picture"),
    tool("read_file", "Read the text of a file", { path: { type: "string" } }),
  ]);

  strictEqual(readAnew, 1);
  deepStrictEqual(ids(index, "picture"), ["files:write_file"]);
  deepStrictEqual(ids(index, "replace"), []);
  deepStrictEqual(ids(index, "folder"), ["files:create_directory"]);
});

Deno.test("restore() is as if it had not been where the first server has none of its tools any more", () => {
  const before = openSample();
  const index = restored(snapshotOf(before));

  strictEqual(index.replaceServer("files", [tool("paint", "Paint a picture")]), 1);

  deepStrictEqual([index.size, index.waiting], [1, []]);
  deepStrictEqual([ids(index, "picture"), ids(index, "folder")], [["files:paint"], []]);
  strictEqual(index.replaceServer("github", [tool("search_code", "Find code")]), 1);
  deepStrictEqual(ids(index, "code"), ["github:search_code"]);
  deepStrictEqual(restoredWith(snapshotOf(index), "files", "read_file").waiting, []);
});

Deno.test("restore() refuses an index that has something", () => {
  const index = openSample();
  strictEqual(index.restore(snapshotOf(openFull())), false);
  deepStrictEqual(ids(index, "folder"), ["files:create_directory"]);
});

Deno.test("stepsToSnapshot() gives nothing of an index that changes meanwhile, or has nothing", () => {
  const index = openSample();
  const steps = index.stepsToSnapshot();
  steps.next();
  index.replaceServer("more", [tool("x")]);
  deepStrictEqual(steps.next(), { done: true, value: undefined });
  strictEqual(atOnce(openToolIndex().stepsToSnapshot()), undefined);
});

/** What an index finds that was to take these bytes, and whether it took them. */
function open(bytes: Uint8Array): readonly [boolean, unknown] {
  const index = openToolIndex();
  const isTaken = index.restore(bytes);
  for (const [server, tools] of lists) index.replaceServer(server, tools);
  return [isTaken, answers(index, 3)];
}

Deno.test("restore() takes nothing that is damaged, and the index is as if there had been none", () => {
  const bytes = snapshotOf(openFull());
  const [, wanted] = open(new Uint8Array());
  const empty = openToolIndex();
  deepStrictEqual(open(bytes.slice()), [true, wanted]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 4,
      }),
      (flips) => {
        const damaged = bytes.slice();
        for (const [at, bits] of flips) damaged[at] = (bytes[at] ?? 0) ^ bits;
        strictEqual(empty.restore(damaged), false);
      },
    ),
    { numRuns: 400 },
  );
  for (let at = 0; at < 120; at++) {
    const damaged = bytes.slice();
    damaged[at] = (bytes[at] ?? 0) ^ 1 << at % 8;
    strictEqual(empty.restore(damaged), false, `${at}`);
  }
  strictEqual(empty.size, 0);
  const cuts = [0, 1, 15, 16, 63, 64, 99, bytes.length >> 1, bytes.length - 1];
  for (const cut of cuts) deepStrictEqual(open(bytes.slice(0, cut)), [false, wanted], `${cut}`);
  const longer = new Uint8Array(bytes.length + 8);
  longer.set(bytes);
  deepStrictEqual(open(longer), [false, wanted]);
  deepStrictEqual(open(new TextEncoder().encode("[]".repeat(500))), [false, wanted]);
});

Deno.test("restore() takes no snapshot of another version, however whole", () => {
  const bytes = snapshotOf(openSample());
  const sumAt = 4 * (4 + (new Uint32Array(bytes.buffer, 0, 4)[3] ?? 0));
  for (const [place, what] of ["mark", "version", "version of the words", "count"].entries()) {
    const other = bytes.slice();
    const numbers = new Uint32Array(other.buffer, 0, 4);
    numbers[place] = (numbers[place] ?? 0) + 1;
    const hash = createHash("sha256").update(other.subarray(0, sumAt)).update(other.subarray(sumAt + 32));
    other.set(hash.digest(), sumAt);
    strictEqual(openToolIndex().restore(other), false, what);
  }
});

/** Words are added up in the order in which they came, which the last digits of a sum show. */
function rounded(index: ToolIndex, query: string, servers?: readonly string[]) {
  return index.search(query, { limit: 50, servers }).map((hit) => ({ ...hit, score: hit.score.toFixed(6) }));
}

Deno.test("an index that was kept and restored over and over answers like one that was made at once", () => {
  const words = ["read", "file", "create", "issue", "send", "folder", "text", "émile", "的"];
  const toolArb = fc.record({
    name: fc.nat(11),
    words: fc.array(fc.constantFrom(...words), { maxLength: 4 }),
  });
  const listArb = fc.uniqueArray(toolArb, { selector: ({ name }) => name, maxLength: 8 });
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ server: fc.constantFrom("a", "b", "c"), list: listArb }) },
    { weight: 1, arbitrary: fc.constant("restart" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), fc.constantFrom(...words), (history, query) => {
      const has = new Map<string, readonly ToolDefinition[]>();
      let index = openToolIndex();
      for (const one of history) {
        if (one === "restart") {
          const bytes = atOnce(index.stepsToSnapshot());
          index = openToolIndex();
          if (bytes !== undefined) index.restore(bytes);
          for (const [server, tools] of [...has].reverse()) index.replaceServer(server, tools);
        } else {
          const tools = one.list.map(({ name, words }) =>
            tool(`${words[0] ?? "x"}_${name}`, words.join(" "))
          );
          has.set(one.server, tools);
          index.replaceServer(one.server, tools);
          index.search(query, { limit: 1 });
        }
      }
      const fresh = openToolIndex();
      for (const [server, tools] of has) fresh.replaceServer(server, tools);
      for (const text of [query, `${query} file`, "raed"]) {
        deepStrictEqual(rounded(index, text), rounded(fresh, text));
        deepStrictEqual(rounded(index, text, ["b"]), rounded(fresh, text, ["b"]));
      }
      strictEqual(index.size, fresh.size);
    }),
    { numRuns: 60 },
  );
});

Deno.test("a snapshot changes only together with its version", () => {
  const sum = createHash("sha256").update(snapshotOf(openFull())).digest("hex").slice(0, 16);

  // Another sum means that the same tools lead to other bytes. Where saved.ts says so too, its VERSION is enough;
  // else count VERSION in snapshot.ts up, then change it here.
  strictEqual(sum, "8b73558d659132c2");
});
