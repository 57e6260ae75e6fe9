/**
 * Keeps an index in a file, one of two kinds in turns and without an end, and
 * says so each time: `index_writer.ts PATH`.
 *
 * @module
 */

import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { openIndexFile, openToolIndex } from "../../../lib/search/mod.ts";

/** A list that can be told from the other by every tool. */
export function listOf(kind: "even" | "odd"): ToolDefinition[] {
  return Array.from({ length: 1_000 }, (_, at) => ({
    name: `${kind}_${at}`,
    description: `Counts ${kind} numbers up to ${at}`,
    inputSchema: { type: "object" },
  }));
}

if (import.meta.main) {
  const [path = ""] = Deno.args;
  for (let turn = 0;; turn++) {
    const index = openToolIndex();
    await using file = openIndexFile({
      ...createDenoPlatform(),
      path,
      onFailure: (doing, cause) => console.log(`cannot ${doing}: ${cause}`),
    });
    await file.serve(index);
    index.replaceServer("numbers", listOf(turn % 2 === 0 ? "even" : "odd"));
    for (const server of index.waiting) index.removeServer(server);
    await file[Symbol.asyncDispose]();
    console.log(`kept ${turn}`);
  }
}
