import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ServerConfig, ToolDefinition } from "../contracts/mod.ts";
import type { ToolIndex } from "../search/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { Trust } from "./trust/trust_types.ts";

/**
 * The last known tools of one server, as far as they are accepted: nothing else
 * may reach an agent. `tools` stays the same object while a list is like the
 * one before.
 */
export interface ListedTools {
  readonly tools: readonly ToolDefinition[];
  /** Everything the server has listed, for those who decide about it. */
  readonly all: readonly ToolDefinition[];
  /** How many of all wait until a person accepts them. */
  readonly held: number;
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
  /** Grows whenever the tools of a server are others. */
  readonly version: number;
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
  readonly trust: Pick<Trust, "isAccepted" | "find" | "review" | "onChange" | "forget">;
  readonly now: () => number;
  /** Hears of tools that the index does not take; everything else goes on. */
  readonly onIndexError?: (server: string, error: unknown) => void;
}

/** Opens the catalogue over what storage has kept. */
export async function openCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const { storage, now, trust } = options;
  const stored = await storage.catalogue.load();
  const listed = new Map<string, ListedTools>();
  let version = 0;
  const exposed = new Set<string>();
  /** Lists that are being decided about, with whose they are. */
  const arriving = new Map<string, Pick<ListedTools, "fingerprint">>();
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
    const { all, fingerprint, listedAt } = known;
    storage.catalogue.save({ server: name, fingerprint, tools: all, listedAt, index });
  }

  function put(name: string, next: ListedTools): void {
    if (listed.get(name)?.tools !== next.tools) version++;
    listed.set(name, next);
  }

  function drop(name: string): void {
    if (listed.delete(name)) version++;
  }

  function adopt(server: ServerConfig): void {
    const entry = stored.get(server.name);
    stored.delete(server.name);
    if (entry === undefined || entry.fingerprint !== fingerprintOf(server)) return;
    put(server.name, accepted(server.name, entry.tools, entry));
    if (entry.index !== undefined) saved.set(server.name, entry.index);
  }

  function accepted(
    server: string,
    all: readonly ToolDefinition[],
    { listedAt, fingerprint }: Pick<ListedTools, "listedAt" | "fingerprint">,
  ): ListedTools {
    const tools = all.filter((tool) => trust.isAccepted(server, "tool", tool.name, tool));
    const held = all.length === tools.length ? 0 : all.filter((tool) => waits(server, tool)).length;
    return {
      all,
      held,
      tools: tools.length === all.length ? all : tools,
      listedAt,
      fingerprint,
      byName: new Map(tools.map((tool) => [tool.name, tool])),
    };
  }

  /** What was refused does not wait. */
  function waits(server: string, tool: ToolDefinition): boolean {
    return !trust.isAccepted(server, "tool", tool.name, tool) &&
      trust.find(server, "tool", tool.name)?.record.blocked !== true;
  }

  /** Other tools are accepted now. */
  function refresh(name: string): void {
    const known = listed.get(name);
    if (known === undefined) return;
    const next = accepted(name, known.all, known);
    const isSame = next.tools.length === known.tools.length &&
      next.tools.every((tool, index) => tool === known.tools[index]);
    if (isSame && next.held === known.held) return;
    put(name, next);
    if (!isSame && exposed.has(name)) void bringUpToDate(name);
  }

  trust.onChange((server, kind) => kind === "tool" ? refresh(server) : undefined);

  /** Another command or URL under the same name is another server: what the old one offered is not its. */
  function forgetOther(server: ServerConfig): boolean {
    const fingerprint = fingerprintOf(server);
    if (arriving.get(server.name)?.fingerprint !== fingerprint) arriving.delete(server.name);
    const known = listed.get(server.name);
    if (known === undefined || known.fingerprint === fingerprint) return false;
    drop(server.name);
    saved.delete(server.name);
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
      const known = listed.get(server.name);
      if (known?.fingerprint === fingerprint && isDeepStrictEqual(known.all, tools)) {
        // Most lists are like the one before; whoever keeps the tools sees that by their identity.
        put(server.name, { ...known, listedAt });
        arriving.delete(server.name);
        return await trust.review(server, "tool", known.all);
      }
      const mine = { fingerprint };
      arriving.set(server.name, mine);
      const take = () => put(server.name, accepted(server.name, tools, { listedAt, fingerprint }));
      // Of a list that takes the place of another, what was accepted before is in force at once. A first one
      // comes when it is decided about: whoever wants a tool waits for that, as for the server itself.
      if (known !== undefined) take();
      await trust.review(server, "tool", tools);
      if (arriving.get(server.name) !== mine) return;
      arriving.delete(server.name);
      if (known === undefined) take();
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
      const known = on ? listed.get(server.name) : undefined;
      // What is kept was shown by the server once; what the config says of it may have changed since.
      if (known !== undefined) void trust.review(server, "tool", known.all);
      if (isChange || isOther) await bringUpToDate(server.name);
    },
    async remove(name) {
      exposed.delete(name);
      arriving.delete(name);
      drop(name);
      stored.delete(name);
      saved.delete(name);
      storage.catalogue.remove(name);
      await Promise.all([bringUpToDate(name), trust.forget(name)]);
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
