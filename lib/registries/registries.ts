import { fileURLToPath } from "node:url";
import { type Config, didYouMean, GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { createFetcher } from "./fetch_listing.ts";
import { type ListedServer, readListing } from "./listing.ts";
import { REFERENCE_SERVERS } from "./reference_servers.ts";
import { type RegistrySource, sourcesOf } from "./source.ts";

/** What to look for. */
export interface RegistryQuery {
  readonly id: string;
  /** Words that must all be in name or description; empty for everything. */
  readonly query: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** What was found. */
export interface RegistryAnswer {
  readonly source: RegistrySource;
  readonly servers: readonly ListedServer[];
  /** How old the listing is, and whether it is used only because there is no newer one. */
  readonly cache?: { readonly ageSeconds: number; readonly stale: boolean };
  /** Why there is nothing. */
  readonly unavailable?: string;
}

/** Server listings, asked for when somebody looks. */
export interface Registries {
  sources(): readonly RegistrySource[];
  /** @throws {GatewayError} MCPX_REGISTRY_NOT_FOUND */
  source(id: string): RegistrySource;
  /** Searches one registry; one that does not answer is said to be unavailable. */
  search(query: RegistryQuery): Promise<RegistryAnswer>;
  /** Finds one server by its id. @throws {GatewayError} MCPX_REGISTRY_SERVER_NOT_FOUND, MCPX_REGISTRY_UNAVAILABLE */
  find(id: string, serverId: string, signal: AbortSignal): Promise<ListedServer>;
  /** Forgets what a registry has answered. @returns How many answers. */
  forget(id: string): number;
}

const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Creates the registries of a config. */
export function createRegistries(platform: Platform, config: () => Config): Registries {
  const fetcher = createFetcher(platform);
  const sources = () => sourcesOf(config());

  function source(id: string): RegistrySource {
    const all = sources();
    const found = all.find((one) => one.id === id);
    if (found !== undefined) return found;
    const ids = all.map((one) => one.id);
    throw new GatewayError(
      "MCPX_REGISTRY_NOT_FOUND",
      `Cannot find registry "${id.slice(0, 100)}": no registry has this id${didYouMean(id, ids)}`,
      { details: { registries: ids } },
    );
  }

  async function list(from: RegistrySource, query: string, signal: AbortSignal) {
    if (from.protocol === "builtin/reference") return { servers: REFERENCE_SERVERS };
    if (from.protocol === "file") return { servers: await readFile(platform, from) };
    const { allow_private_registry_fetch: mayBePrivate } = config();
    return await fetcher.list(from, { query, signal, mayBePrivate });
  }

  async function search({ id, query, limit, signal }: RegistryQuery): Promise<RegistryAnswer> {
    const from = source(id);
    try {
      const { servers, ...rest } = await list(from, query, signal);
      return { source: from, servers: matching(servers, query).slice(0, limit), ...rest };
    } catch (error) {
      if (signal.aborted || !(error instanceof GatewayError)) throw error;
      return { source: from, servers: [], unavailable: error.message };
    }
  }

  return {
    sources,
    source,
    search,
    async find(id, serverId, signal) {
      const from = source(id);
      const { servers } = await list(from, serverId.split("/").at(-1) ?? serverId, signal);
      const found = servers.find((one) => one.id === serverId);
      if (found !== undefined) return found;
      throw new GatewayError(
        "MCPX_REGISTRY_SERVER_NOT_FOUND",
        `Cannot find server "${serverId.slice(0, 200)}" in registry "${id}": it lists none with this id${
          didYouMean(serverId, servers.map((one) => one.id))
        }`,
      );
    },
    forget: (id) => fetcher.forget(source(id)),
  };
}

/** Every word must be there; the name counts before the description. */
function matching(servers: readonly ListedServer[], query: string): readonly ListedServer[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return servers;
  const inName = ({ id }: ListedServer) => words.every((word) => id.toLowerCase().includes(word));
  const inAny = ({ id, description }: ListedServer) => {
    const text = `${id} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return [...servers.filter(inName), ...servers.filter((one) => !inName(one) && inAny(one))];
}

async function readFile({ files, machine }: Platform, { id, serversUrl }: RegistrySource) {
  const path = serversUrl.startsWith("file:")
    ? fileURLToPath(serversUrl)
    : serversUrl.replace(/^~(?=[\\/])/, machine.home);
  let text: string | undefined;
  try {
    const stat = await files.stat(path);
    if (stat !== undefined && stat.sizeBytes > MAX_FILE_BYTES) {
      throw unusable(id, `its file "${path}" is too big`);
    }
    text = await files.readText(path);
    if (text !== undefined) return readListing(JSON.parse(text)).servers;
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const why = cause instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    throw unusable(id, `its file "${path}" ${why}`, cause);
  }
  throw unusable(id, `there is no file "${path}"`);
}

function unusable(id: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError("MCPX_REGISTRY_UNAVAILABLE", `Cannot read registry "${id}": ${why}`, { cause });
}
