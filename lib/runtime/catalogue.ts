import { createHash } from "node:crypto";
import type { ServerConfig, ToolDefinition } from "../contracts/mod.ts";
import type { ToolIndex } from "../search/mod.ts";
import type { Storage } from "../storage/mod.ts";

/** The last known tools of one server. */
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
  /** Takes a fresh list: kept, persisted and, while exposed, searchable. */
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

/** Opens the catalogue over what storage has kept. */
export async function openCatalogue(
  options: { readonly storage: Storage; readonly index: ToolIndex; readonly now: () => number },
): Promise<Catalogue> {
  const { storage, index, now } = options;
  const stored = await storage.catalogue.load();
  const listed = new Map<string, ListedTools>();
  const exposed = new Set<string>();

  function adopt(server: ServerConfig): void {
    const entry = stored.get(server.name);
    stored.delete(server.name);
    if (entry === undefined || entry.fingerprint !== fingerprintOf(server)) return;
    listed.set(server.name, toListed(entry.tools, entry));
  }

  /** Another command or URL under the same name is another server: what the old one offered is not its. */
  async function forgetOther(server: ServerConfig): Promise<void> {
    const known = listed.get(server.name);
    if (known === undefined || known.fingerprint === fingerprintOf(server)) return;
    listed.delete(server.name);
    storage.catalogue.remove(server.name);
    await index.removeServer(server.name);
  }

  return {
    get: (server) => listed.get(server),
    async set(server, tools) {
      stored.delete(server.name);
      const listedAt = now();
      const fingerprint = fingerprintOf(server);
      listed.set(server.name, toListed(tools, { listedAt, fingerprint }));
      storage.catalogue.save({ server: server.name, fingerprint, tools, listedAt });
      if (exposed.has(server.name)) await index.replaceServer(server.name, tools);
    },
    async expose(server, on) {
      await forgetOther(server);
      if (!listed.has(server.name)) adopt(server);
      if (!on) {
        exposed.delete(server.name);
        return await index.removeServer(server.name);
      }
      if (exposed.has(server.name)) return;
      exposed.add(server.name);
      await index.replaceServer(server.name, listed.get(server.name)?.tools ?? []);
    },
    async remove(name) {
      exposed.delete(name);
      listed.delete(name);
      stored.delete(name);
      storage.catalogue.remove(name);
      await index.removeServer(name);
    },
  };
}

function toListed(
  tools: readonly ToolDefinition[],
  { listedAt, fingerprint }: Pick<ListedTools, "listedAt" | "fingerprint">,
): ListedTools {
  return { tools, listedAt, fingerprint, byName: new Map(tools.map((tool) => [tool.name, tool])) };
}
