import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ServerConfigSchema, type ToolDefinition } from "../../../lib/contracts/mod.ts";
import { createBlindTrust } from "../../support/trust.ts";
import { hashDefinition } from "../../../lib/security/mod.ts";
import { openCatalogue } from "../../../lib/runtime/catalogue.ts";
import { readNotes, writeNotes } from "../../../lib/runtime/list_notes.ts";
import { openToolIndex } from "../../../lib/search/mod.ts";
import type { CatalogueEntry, Storage } from "../../../lib/storage/mod.ts";

const server = ServerConfigSchema.parse({ name: "github", command: "x" });
const tool = (name: string): ToolDefinition => ({ name, description: "About issues", inputSchema: {} });

const notesOf = (kept: ReadonlyMap<string, CatalogueEntry>) =>
  readNotes(kept.get("github")?.notes ?? new Uint8Array());

/** A catalogue over what a storage holds, with an index that tells how many tools it read anew each time. */
async function open(kept: Map<string, CatalogueEntry>) {
  const index = openToolIndex();
  const readAnew: number[] = [];
  const catalogue = await openCatalogue({
    now: () => 1,
    trust: createBlindTrust(),
    index: {
      waiting: [],
      saveServer: (name) => index.saveServer(name),
      takeServer(...args) {
        const count = index.takeServer(...args);
        readAnew.push(count);
        return count;
      },
      removeServer: (name) => index.removeServer(name),
    },
    storage: {
      catalogue: {
        load: () => Promise.resolve(new Map(kept)),
        save: (entry: CatalogueEntry) => kept.set(entry.server, entry),
        remove: (name: string) => kept.delete(name),
      },
    } as unknown as Storage, // all that a catalogue uses
  });
  return { catalogue, index, readAnew };
}

Deno.test("openCatalogue() makes stored tools searchable without reading them anew", async () => {
  const kept = new Map<string, CatalogueEntry>();
  const first = await open(kept);
  await first.catalogue.expose(server, true);
  await first.catalogue.set(server, [tool("create_issue"), tool("list_issues")]);
  deepStrictEqual(first.readAnew, [0, 2]);

  const second = await open(kept);
  await second.catalogue.expose(server, true);

  deepStrictEqual(second.readAnew, [0]);
  deepStrictEqual(
    second.index.search("create issue", { limit: 9 }),
    first.index.search("create issue", { limit: 9 }),
  );
});

Deno.test("openCatalogue() keeps the index of what a list became, also where tools only went", async () => {
  const kept = new Map<string, CatalogueEntry>();
  const first = await open(kept);
  await first.catalogue.expose(server, true);
  await first.catalogue.set(server, [tool("create_issue"), tool("list_issues")]);
  await first.catalogue.set(server, [tool("list_issues")]);
  ok(notesOf(kept)?.index !== undefined);

  const second = await open(kept);
  await second.catalogue.expose(server, true);
  await second.catalogue.set(server, [tool("list_issues"), tool("close_issue")]);

  deepStrictEqual(second.readAnew, [0, 1]);
  strictEqual(second.index.size, 2);
});

Deno.test("openCatalogue() reads tools anew when their index was not kept, and keeps it then", async () => {
  const kept = new Map<string, CatalogueEntry>();
  const hidden = await open(kept);
  await hidden.catalogue.set(server, [tool("create_issue")]);
  strictEqual(notesOf(kept)?.index, undefined);

  const shown = await open(kept);
  await shown.catalogue.expose(server, true);
  deepStrictEqual(shown.readAnew, [1]);

  const again = await open(kept);
  await again.catalogue.expose(server, true);
  deepStrictEqual(again.readAnew, [0]);
});

Deno.test("openCatalogue() counts changes of tools, and nothing else", async () => {
  const { catalogue } = await open(new Map());
  const grown = async (work: () => Promise<void>) => {
    const before = catalogue.version;
    await work();
    return catalogue.version > before;
  };

  strictEqual(await grown(() => catalogue.expose(server, true)), false);
  strictEqual(await grown(() => catalogue.set(server, [tool("a")])), true);
  strictEqual(await grown(() => catalogue.set(server, [tool("a")])), false);
  strictEqual(await grown(() => catalogue.set(server, [tool("b")])), true);
  strictEqual(await grown(() => catalogue.remove("github")), true);
  strictEqual(await grown(() => catalogue.remove("github")), false);
});

Deno.test("openCatalogue() finds stored tools without parsing one of their definitions", async () => {
  const kept = new Map<string, CatalogueEntry>();
  const first = await open(kept);
  await first.catalogue.expose(server, true);
  await first.catalogue.set(server, [tool("create_issue"), tool("list_issues")]);
  let parsed = 0;
  for (const [name, { tools, ...entry }] of kept) {
    const lazy = {
      ...entry,
      get tools() {
        parsed++;
        return tools;
      },
    };
    kept.set(name, lazy);
  }

  const second = await open(kept);
  await second.catalogue.expose(server, true);
  const listed = second.catalogue.get("github");

  strictEqual(second.index.search("create issue", { limit: 1 })[0]?.tool, "create_issue");
  deepStrictEqual([...listed?.names ?? []], ["create_issue", "list_issues"]);
  strictEqual(parsed, 0);
  deepStrictEqual(listed?.byName.get("list_issues"), tool("list_issues"));
  deepStrictEqual([parsed, listed?.all.length, listed?.tools === listed?.tools], [1, 2, true]);
});

Deno.test("readNotes() gives what writeNotes() was given, and nothing for anything else", () => {
  const hash = hashDefinition("tool", tool("a"));
  const directory = { names: ["a", "é\n"], hashes: [hash, undefined] };
  const index = Uint8Array.of(1, 2, 3);

  deepStrictEqual(readNotes(writeNotes({ directory, index })), { directory, index });
  deepStrictEqual(readNotes(writeNotes({ directory, index: undefined })), { directory, index: undefined });
  const bytes = writeNotes({ directory, index: undefined });
  for (let length = 0; length < bytes.length; length++) {
    strictEqual(readNotes(bytes.subarray(0, length)), undefined, `${length}`);
  }
  const wrong = [{ names: ["a"], hashes: [] }, { names: ["a"], hashes: [hash.replace("v1", "v0")] }];
  for (const directory of wrong) {
    strictEqual(readNotes(writeNotes({ directory, index: undefined })), undefined);
  }
});
