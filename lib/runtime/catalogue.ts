import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ServerConfig, ToolDefinition } from "../contracts/mod.ts";
import type { ToolIndex } from "../search/mod.ts";
import type { Storage } from "../storage/mod.ts";

/** The last known tools of one server; `tools` stays the same object while a list is like the one before. */
export interface ListedTools {
  readonly tools: readonly ToolDefinition[];
  readonly byName: ReadonlyMap<string, ToolDefinition>;
  readonly listedAt: number;
  /** Of the entry the list was made with. */
  readonly fingerprint: string;
}

/**
 * What every server offers, whether it is up or not. Kept in storage, so that
 * lists and search have answers before any server is connected.
 */
export interface Catalogue {
  get(server: string): ListedTools | undefined;
  /**
   * Takes a fresh list: in force at once and in one step, then kept; resolves
   * when it is searchable, too, if the server is exposed.
   */
  set(server: ServerConfig, tools: readonly ToolDefinition[]): Promise<void>;
  /** Shows or hides a server's tools in search. */
  expose(server: ServerConfig, exposed: boolean): Promise<void>;
  /** Forgets a server. */
  remove(name: string): Promise<void>;
}

/**
 * Identifies how a server is reached. A stored list belongs to the entry it
 * was made with; another command or URL under the same name is another server.
 */
export function fingerprintOf(server: ServerConfig): string {
  const { command, args, url, protocol, working_dir } = server;
  const launch = JSON.stringify([command, args, url, protocol, working_dir, Object.keys(server.env).sort()]);
  return createHash("sha256").update(launch).digest("hex");
}

/** What a catalogue works with. */
export interface CatalogueOptions {
  readonly storage: Storage;
  readonly index: ToolIndex;
  readonly now: () => number;
  /** Hears of tools that the index does not take; everything else goes on. */
  readonly onIndexError?: (server: string, error: unknown) => void;
}

/** Opens the catalogue over what storage has kept. */
export async function openCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const { storage, now } = options;
  const stored = await storage.catalogue.load();
  const listed = new Map<string, ListedTools>();
  const exposed = new Set<string>();
  /** Parts of the index as storage had them; each is of use once, and only for the list it was kept with. */
  const saved = new Map<string, Uint8Array>();
  const bringUpToDate = createIndexWork(
    options,
    (name) => {
      const index = saved.get(name);
      saved.delete(name);
      return exposed.has(name) ? { tools: listed.get(name)?.tools ?? [], index } : undefined;
    },
    (name) => keep(name, options.index.saveServer(name)),
  );

  function keep(name: string, index?: Uint8Array): void {
    const known = listed.get(name);
    if (known === undefined) return;
    const { tools, fingerprint, listedAt } = known;
    storage.catalogue.save({ server: name, fingerprint, tools, listedAt, index });
  }

  function adopt(server: ServerConfig): void {
    const entry = stored.get(server.name);
    stored.delete(server.name);
    if (entry === undefined || entry.fingerprint !== fingerprintOf(server)) return;
    listed.set(server.name, toListed(entry.tools, entry));
    if (entry.index !== undefined) saved.set(server.name, entry.index);
  }

  /** Another command or URL under the same name is another server: what the old one offered is not its. */
  function forgetOther(server: ServerConfig): boolean {
    const known = listed.get(server.name);
    if (known === undefined || known.fingerprint === fingerprintOf(server)) return false;
    listed.delete(server.name);
    saved.delete(server.name);
    storage.catalogue.remove(server.name);
    return true;
  }

  return {
    get: (server) => listed.get(server),
    async set(server, tools) {
      stored.delete(server.name);
      const listedAt = now();
      const fingerprint = fingerprintOf(server);
      const known = listed.get(server.name);
      if (known?.fingerprint === fingerprint && isDeepStrictEqual(known.tools, tools)) {
        // Most lists are like the one before; whoever keeps the tools sees that by their identity.
        listed.set(server.name, { ...known, listedAt });
        return;
      }
      listed.set(server.name, toListed(tools, { listedAt, fingerprint }));
      saved.delete(server.name);
      keep(server.name);
      if (exposed.has(server.name)) await bringUpToDate(server.name);
    },
    async expose(server, on) {
      const isOther = forgetOther(server);
      if (!listed.has(server.name)) adopt(server);
      const isChange = exposed.has(server.name) !== on;
      if (on) exposed.add(server.name);
      else exposed.delete(server.name);
      if (isChange || isOther) await bringUpToDate(server.name);
    },
    async remove(name) {
      exposed.delete(name);
      listed.delete(name);
      stored.delete(name);
      saved.delete(name);
      storage.catalogue.remove(name);
      await bringUpToDate(name);
    },
  };
}

/** What the index is to hold of a server, and what it once made of that. */
interface Indexed {
  readonly tools: readonly ToolDefinition[];
  readonly index: Uint8Array | undefined;
}

/**
 * Makes what brings the index up to date with one server: one change of a
 * server at a time, each with the tools as they are when it comes to it.
 *
 * @param onIndexed Hears of a server whose part of the index is another now.
 */
function createIndexWork(
  { index, onIndexError }: Pick<CatalogueOptions, "index" | "onIndexError">,
  wantedOf: (name: string) => Indexed | undefined,
  onIndexed: (name: string) => void,
): (name: string) => Promise<void> {
  const work = new Map<string, Promise<void>>();

  async function change(name: string, before: Promise<void> | undefined): Promise<void> {
    await before;
    const wanted = wantedOf(name);
    try {
      if (wanted === undefined) return await index.removeServer(name);
      const readAnew = await index.replaceServer(name, wanted.tools, wanted.index);
      if (readAnew > 0 || wanted.index === undefined) onIndexed(name);
    } catch (error) {
      onIndexError?.(name, error);
    }
  }

  return (name) => {
    const mine = change(name, work.get(name)).finally(() => {
      if (work.get(name) === mine) work.delete(name);
    });
    work.set(name, mine);
    return mine;
  };
}

function toListed(
  tools: readonly ToolDefinition[],
  { listedAt, fingerprint }: Pick<ListedTools, "listedAt" | "fingerprint">,
): ListedTools {
  return { tools, listedAt, fingerprint, byName: new Map(tools.map((tool) => [tool.name, tool])) };
}
