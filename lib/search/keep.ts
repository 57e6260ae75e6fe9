import { Names } from "./names.ts";
import { stepsToPack } from "./packed.ts";
import type { Ranking } from "./ranking.ts";
import { formOf, type ToolToKeep } from "./restored.ts";
import { stepsToSnapshot } from "./snapshot.ts";

/**
 * Puts an index into one piece with a little at each step; it must not change meanwhile.
 *
 * @param servers All that have tools; documents are numbered anew in this order.
 * @returns `undefined` if it has something that cannot be kept.
 */
export function* stepsToKeep(
  { postings, verbOf }: Ranking,
  servers: readonly (readonly [server: string, tools: readonly ToolToKeep[]])[],
): Generator<void, Uint8Array | undefined> {
  const documents = servers.flatMap(([, tools]) => tools.map(({ document }) => document));
  const fingerprints = new Uint32Array(2 * documents.length);
  const verbs = new Uint16Array(documents.length + 1);
  const names = new Names();
  let last = 0;
  for (const [server, tools] of servers) {
    for (const { source, document } of tools) {
      fingerprints.set(formOf(source), 2 * last);
      verbs[++last] = verbOf[document] ?? 0;
      yield names.add(server, source.name, last);
    }
  }
  const packed = yield* stepsToPack(postings, documents);
  if (packed === undefined) return undefined;
  const kept = servers.map(([server, tools]) => [server, tools.map(({ source }) => source.name)] as const);
  return yield* stepsToSnapshot({ servers: kept, fingerprints, verbs, names: names.table, postings: packed });
}
