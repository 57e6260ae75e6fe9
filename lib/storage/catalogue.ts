import { atOnce, type Clock, inSlices } from "../platform/mod.ts";
import { MAX_VALUE_BYTES } from "./operation.ts";
import {
  type CatalogueEntry,
  headerKey,
  isShort,
  readLists,
  removeList,
  shorten,
  stepsToList,
  toBytes,
  toShortHeader,
  withoutNotes,
  writeList,
  type WrittenList,
} from "./tool_lists.ts";
import type { Writer } from "./writer.ts";

/** Lists of more tools are written as bytes when their turn comes, and not in one go. */
const LONG = 100;

/** The last known tools of every server. */
export interface CatalogueRepository {
  /**
   * Every entry by server, as it is kept now; the caller owns the map. Notes
   * are given once, to the first who asks, and tools parsed when asked for.
   */
  load(): Promise<Map<string, CatalogueEntry>>;
  /** Keeps an entry; it is written within 100 ms. */
  save(entry: CatalogueEntry): void;
  remove(server: string): void;
}

/** Reads the catalogue kept in the database; a list that cannot be read is left out and said so. */
export async function openCatalogueRepository(
  options: {
    readonly kv: Deno.Kv;
    readonly writer: Writer;
    readonly clock: Clock;
    readonly onNotice: (text: string) => void;
  },
): Promise<CatalogueRepository> {
  const { kv, writer, clock, onNotice } = options;
  const entries = new Map<string, CatalogueEntry>();
  /** Servers that have, or may have, parts in the database. */
  const split = new Set<string>();
  for await (const { server, entry, isSplit } of readLists(kv)) {
    if (isSplit) split.add(server);
    if (entry !== undefined) entries.set(server, entry);
    else onNotice(`Cannot read the stored tools of server "${server}"; they will be listed anew`);
  }

  const idOf = (server: string) => headerKey(server).join("\0");
  const tellTooDeep = (server: string) =>
    onNotice(`Cannot keep the tools of server "${server}": they are nested too deep`);

  async function writeLong(to: Deno.Kv, entry: CatalogueEntry, bytes?: Uint8Array): Promise<void> {
    let list: WrittenList;
    try {
      list = await inSlices(clock, bytes === undefined ? stepsToList(entry) : shorten(bytes, entry));
    } catch {
      return tellTooDeep(entry.server);
    }
    await writeList(to, entry, list);
  }

  return {
    load() {
      const loaded = new Map(entries);
      for (const [server, entry] of entries) entries.set(server, withoutNotes(entry));
      return Promise.resolve(loaded);
    },
    save(entry) {
      const { server } = entry;
      entries.set(server, withoutNotes(entry));
      if (entry.tools.length > LONG) {
        split.add(server);
        return writer.enqueue({ kind: "stepped", id: idOf(server), run: (to) => writeLong(to, entry) });
      }
      const bytes = tryToBytes(entry);
      if (bytes === undefined) return tellTooDeep(server);
      if (!isShort(bytes, entry)) split.add(server);
      if (split.has(server)) {
        return writer.enqueue({
          kind: "stepped",
          id: idOf(server),
          run: (to) => writeLong(to, entry, bytes),
        });
      }
      const list = atOnce(shorten(bytes, entry));
      const mutation = { kind: "set", key: headerKey(server), value: toShortHeader(entry, list) } as const;
      writer.enqueue({ kind: "single", id: idOf(server), mutation, sizeBytes: MAX_VALUE_BYTES });
    },
    remove(server) {
      entries.delete(server);
      if (split.has(server)) {
        return writer.enqueue({ kind: "stepped", id: idOf(server), run: (to) => removeList(to, server) });
      }
      const mutation = { kind: "delete", key: headerKey(server) } as const;
      writer.enqueue({ kind: "single", id: idOf(server), mutation, sizeBytes: 0 });
    },
  };
}

function tryToBytes(entry: CatalogueEntry): Uint8Array | undefined {
  try {
    return toBytes(entry);
  } catch {
    return undefined;
  }
}
