import type { ServerConfig, ToolDefinition } from "../contracts/mod.ts";
import { atOnce, type Clock, inSlices } from "../platform/mod.ts";
import type { ListIndex, ToolSource } from "../search/mod.ts";
import type { CatalogueEntry, Storage } from "../storage/mod.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Directory, readNotes, writeNotes } from "./list_notes.ts";
import { AcceptedTools, type ListedTools, type Listing } from "./listed_tools.ts";
import { readListing } from "./read_list.ts";
import type { Trust } from "./trust/trust_types.ts";

/**
 * What every server offers, whether it is up or not. Kept in storage, so that
 * lists and search have answers before any server is connected.
 */
export interface Catalogue {
  get(server: string): ListedTools | undefined;
  /** Grows whenever the tools of a server are others. */
  readonly version: number;
  /**
   * Takes a fresh list: in force in one step, at once or, if it is long, when it
   * has been read, then kept; resolves when it is searchable, too, if the server
   * is exposed. One that a newer list overtakes is not taken.
   */
  set(server: ServerConfig, tools: readonly ToolDefinition[]): Promise<void>;
  /** Shows or hides a server's tools in search. */
  expose(server: ServerConfig, exposed: boolean): Promise<void>;
  /** Forgets a server. */
  remove(name: string): Promise<void>;
  /** Takes servers that are not exposed out of the index, if it has kept them; for when all others have been. */
  tidy(): Promise<unknown>;
}

/** What a catalogue works with. */
export interface CatalogueOptions {
  readonly storage: Storage;
  readonly index: ListIndex;
  readonly trust: Pick<
    Trust,
    "standingOf" | "hashOf" | "recall" | "isSettled" | "review" | "onChange" | "forget"
  >;
  readonly now: () => number;
  /** Long lists are read in slices by it; in one go where it is absent. */
  readonly clock?: Pick<Clock, "monotonic" | "after">;
  /** Hears of tools that the index does not take; everything else goes on. */
  readonly onIndexError?: (server: string, error: unknown) => void;
}

/** Opens the catalogue over what storage has kept. */
export async function openCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const { storage, now, trust, clock } = options;
  const hashOf: Trust["hashOf"] = (kind, definition) => trust.hashOf(kind, definition);
  const stored = await storage.catalogue.load();
  const listed = new Map<string, ListedTools>();
  let version = 0;
  /** What each of `listed` shows. */
  const accepted = new Map<string, AcceptedTools>();
  const exposed = new Set<string>();
  /** Lists that are being decided about, with whose they are. */
  const arriving = new Map<string, Pick<ListedTools, "fingerprint">>();
  /** Lists that were found to need no review, as everything in them is accepted. */
  const reviewed = new WeakSet<Listing>();
  /** Servers whose list storage has not been given yet. */
  const unkept = new Set<string>();
  /** Parts of the index as storage had them; each is of use once, and only for the list it was kept with. */
  const saved = new Map<string, Uint8Array>();
  const bringUpToDate = createIndexWork({
    index: options.index,
    wantedOf(name) {
      const index = saved.get(name);
      saved.delete(name);
      return exposed.has(name) ? { tools: accepted.get(name)?.sources() ?? [], index } : undefined;
    },
    onIndexed: async (name) => keep(name, await options.index.saveServer(name)),
    onFailed(name, error) {
      keep(name);
      options.onIndexError?.(name, error);
    },
  });

  function keep(name: string, index?: Uint8Array): void {
    unkept.delete(name);
    const known = listed.get(name);
    const directory = accepted.get(name)?.listing;
    if (known === undefined || directory === undefined) return;
    const { all, fingerprint, listedAt } = known;
    const notes = writeNotes({ directory, index });
    storage.catalogue.save({ server: name, fingerprint, tools: all, listedAt, notes });
  }

  function put(name: string, next: ListedTools): void {
    if (listed.get(name)?.names !== next.names) version++;
    listed.set(name, next);
  }

  function drop(name: string): void {
    if (listed.delete(name)) version++;
  }

  function adopt(server: ServerConfig): void {
    const entry = stored.get(server.name);
    stored.delete(server.name);
    if (entry === undefined || entry.fingerprint !== fingerprintOf(server)) return;
    const notes = entry.notes && readNotes(entry.notes);
    show(
      server.name,
      notes === undefined ? toListing(entry.tools) : keptListing(entry, notes.directory),
      entry,
    );
    if (notes?.index !== undefined) saved.set(server.name, notes.index);
  }

  function toListing(all: readonly ToolDefinition[]): Listing {
    return atOnce(readListing(all, undefined, hashOf));
  }

  /** A list that is parsed when somebody asks for it, and then is known to have these hashes. */
  function keptListing(entry: CatalogueEntry, { names, hashes }: Directory): Listing {
    let all: readonly ToolDefinition[] | undefined;
    return {
      names,
      hashes,
      get all() {
        if (all !== undefined) return all;
        all = entry.tools;
        for (const [place, tool] of all.entries()) {
          const hash = hashes[place];
          if (hash !== undefined) trust.recall(tool, hash);
        }
        return all;
      },
    };
  }

  function accept(server: string, listing: Listing): AcceptedTools {
    return new AcceptedTools(listing, (name, hash) => trust.standingOf(server, "tool", name, hash));
  }

  function show(
    server: string,
    listing: Listing,
    head: Pick<ListedTools, "listedAt" | "fingerprint">,
    part = accept(server, listing),
  ): void {
    accepted.set(server, part);
    put(server, part.toListed(head));
  }

  function forgetList(server: string): void {
    accepted.delete(server);
    drop(server);
    saved.delete(server);
    unkept.delete(server);
  }

  /** Other tools are accepted now. */
  function refresh(name: string): void {
    const [known, before] = [listed.get(name), accepted.get(name)];
    if (known === undefined || before === undefined) return;
    reviewed.delete(before.listing);
    const next = accept(name, before.listing);
    const isSame = next.isLike(before);
    if (isSame && next.held === before.held) return;
    show(name, next.listing, known, next);
    if (!isSame && exposed.has(name)) void bringUpToDate(name);
  }

  /** What is kept was shown by the server once; what the config says of it may have changed since. */
  async function reviewAgain(server: ServerConfig): Promise<void> {
    const part = accepted.get(server.name);
    if (part === undefined || reviewed.has(part.listing)) return;
    if (!part.isScanned || !trust.isSettled(server.name, "tool", part.names)) {
      return await trust.review(server, "tool", part.listing.all);
    }
    // Everything is accepted, which the config does not change; only the trust itself does.
    reviewed.add(part.listing);
  }

  trust.onChange((server, kind) => kind === "tool" ? refresh(server) : undefined);

  /** Another command or URL under the same name is another server: what the old one offered is not its. */
  function forgetOther(server: ServerConfig): boolean {
    const fingerprint = fingerprintOf(server);
    if (arriving.get(server.name)?.fingerprint !== fingerprint) arriving.delete(server.name);
    const known = listed.get(server.name);
    if (known === undefined || known.fingerprint === fingerprint) return false;
    forgetList(server.name);
    storage.catalogue.remove(server.name);
    return true;
  }

  return {
    get: (server) => listed.get(server),
    get version() {
      return version;
    },
    async set(server, tools) {
      stored.delete(server.name);
      const listedAt = now();
      const fingerprint = fingerprintOf(server);
      const mine = { fingerprint };
      arriving.set(server.name, mine);
      const last = listed.get(server.name)?.fingerprint === fingerprint
        ? accepted.get(server.name)?.listing
        : undefined;
      const read = inSlices(clock, readListing(tools, last, hashOf));
      const listing = read instanceof Promise ? await read : read;
      if (arriving.get(server.name) !== mine) return;
      const known = listed.get(server.name);
      const before = accepted.get(server.name);
      if (before?.listing === listing) {
        // Most lists are like the one before; whoever keeps the tools sees that by their identity.
        put(server.name, before.toListed({ listedAt, fingerprint }));
        arriving.delete(server.name);
        return await trust.review(server, "tool", listing.all);
      }
      const take = () => show(server.name, listing, { listedAt, fingerprint });
      // Of a list that takes the place of another, what was accepted before is in force at once. A first one
      // comes when it is decided about: whoever wants a tool waits for that, as for the server itself.
      if (known !== undefined) take();
      await trust.review(server, "tool", listing.all);
      if (arriving.get(server.name) !== mine) return;
      arriving.delete(server.name);
      if (known === undefined) take();
      saved.delete(server.name);
      // What is indexed is kept with its part of the index; what is hidden meanwhile without.
      unkept.add(server.name);
      if (exposed.has(server.name)) await bringUpToDate(server.name);
      if (unkept.has(server.name)) keep(server.name);
    },
    async expose(server, on) {
      const isOther = forgetOther(server);
      if (!listed.has(server.name)) adopt(server);
      const isChange = exposed.has(server.name) !== on;
      if (on) exposed.add(server.name);
      else exposed.delete(server.name);
      if (on) void reviewAgain(server);
      if (isChange || isOther) await bringUpToDate(server.name);
    },
    tidy: () => Promise.all(options.index.waiting.map(bringUpToDate)),
    async remove(name) {
      exposed.delete(name);
      arriving.delete(name);
      forgetList(name);
      stored.delete(name);
      storage.catalogue.remove(name);
      await Promise.all([bringUpToDate(name), trust.forget(name)]);
    },
  };
}

/** What the index is to hold of a server, and what it once made of that. */
interface Indexed {
  readonly tools: readonly ToolSource[];
  readonly index: Uint8Array | undefined;
}

interface IndexWork {
  readonly index: ListIndex;
  readonly wantedOf: (name: string) => Indexed | undefined;
  /** Hears of a server whose part of the index is another now, before that is changed again. */
  readonly onIndexed: (name: string) => Promise<void>;
  readonly onFailed: (name: string, error: unknown) => void;
}

/**
 * Makes what brings the index up to date with one server: one change of a
 * server at a time, each with the tools as they are when it comes to it.
 */
function createIndexWork({ index, wantedOf, onIndexed, onFailed }: IndexWork) {
  const work = new Map<string, Promise<void>>();

  async function change(name: string, before: Promise<void> | undefined): Promise<void> {
    await before;
    const wanted = wantedOf(name);
    try {
      if (wanted === undefined) return void await index.removeServer(name);
      const readAnew = await index.takeServer(name, wanted.tools, wanted.index);
      if (readAnew > 0 || wanted.index === undefined) await onIndexed(name);
    } catch (error) {
      onFailed(name, error);
    }
  }

  return (name: string): Promise<void> => {
    const mine = change(name, work.get(name)).finally(() => {
      if (work.get(name) === mine) work.delete(name);
    });
    work.set(name, mine);
    return mine;
  };
}
