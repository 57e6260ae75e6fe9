import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { isPrivateHost } from "./private_host.ts";
import { type ListedServer, readListing } from "./listing.ts";
import type { RegistrySource } from "./source.ts";

/** How a listing is fetched. */
export interface FetchOptions {
  readonly query: string;
  readonly signal: AbortSignal;
  /** Addresses of this machine and its networks may be asked. */
  readonly mayBePrivate: boolean;
}

/** A listing and how old it is. */
export interface Fetched {
  readonly servers: readonly ListedServer[];
  readonly cache?: { readonly ageSeconds: number; readonly stale: boolean };
}

/** Asks registries over HTTP and keeps their answers for a while. */
export interface Fetcher {
  /** @throws {GatewayError} MCPX_REGISTRY_UNAVAILABLE; the abort reason of the signal. */
  list(source: RegistrySource, options: FetchOptions): Promise<Fetched>;
  forget(source: RegistrySource): number;
}

interface Kept {
  readonly servers: readonly ListedServer[];
  readonly at: number;
}

/** Of one request; a registry that takes longer is of no use to somebody who waits. */
const TIMEOUT_MS = 15_000;
const ATTEMPTS = 2;
const FRESH_MS = 5 * 60_000;
const MAX_KEPT = 100;
const MAX_BYTES = 8 * 1024 * 1024;
const PAGE_SIZE = 100;
const MAX_PAGES = 3;

/** Creates the fetcher. */
export function createFetcher(platform: Platform): Fetcher {
  const { clock } = platform;
  const kept = new Map<string, Kept>();

  function keep(key: string, servers: readonly ListedServer[]): void {
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.delete(key);
    kept.set(key, { servers, at: clock.monotonic() });
  }

  return {
    async list(source, options) {
      const key = JSON.stringify([source.id, source.serversUrl, options.query]);
      const last = kept.get(key);
      const ageMs = last === undefined ? Infinity : clock.monotonic() - last.at;
      const cache = { ageSeconds: Math.round(ageMs / 1000), stale: ageMs >= FRESH_MS };
      if (last !== undefined && !cache.stale) return { servers: last.servers, cache };
      try {
        const servers = await fetchPages(platform, source, options);
        keep(key, servers);
        return { servers };
      } catch (error) {
        if (last === undefined || options.signal.aborted) throw error;
        return { servers: last.servers, cache };
      }
    },
    forget({ id }) {
      const keys = [...kept.keys()].filter((key) => JSON.parse(key)[0] === id);
      for (const key of keys) kept.delete(key);
      return keys.length;
    },
  };
}

async function fetchPages(
  platform: Platform,
  source: RegistrySource,
  options: FetchOptions,
): Promise<readonly ListedServer[]> {
  const servers: ListedServer[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const url = pageUrl(source, options.query, cursor);
    checkAddress(source, url, options);
    const listing = readListing(await fetchJson(platform, source, { url, signal: options.signal }));
    servers.push(...listing.servers);
    cursor = listing.nextCursor;
    if (cursor === undefined) break;
  }
  return servers;
}

function pageUrl({ id, serversUrl }: RegistrySource, query: string, cursor: string | undefined): URL {
  if (!URL.canParse(serversUrl)) throw unavailable(id, `"${serversUrl}" is no URL`);
  const url = new URL(serversUrl);
  url.searchParams.set("limit", String(PAGE_SIZE));
  url.searchParams.set("version", "latest");
  // The registry looks in names only, for one piece of text.
  const [word] = query.trim().split(/\s+/);
  if (word !== undefined && word !== "") url.searchParams.set("search", word);
  if (cursor !== undefined) url.searchParams.set("cursor", cursor);
  return url;
}

function checkAddress({ id }: RegistrySource, url: URL, { mayBePrivate }: FetchOptions): void {
  if (!/^https?:$/.test(url.protocol)) throw unavailable(id, "its address is not http or https");
  if (mayBePrivate || !isPrivateHost(url.hostname)) return;
  throw unavailable(id, `"${url.hostname}" is an address of this machine or its network`, {
    remedy: 'Set "allow_private_registry_fetch": true in the config if that is meant',
  });
}

interface PageRequest {
  readonly url: URL;
  readonly signal: AbortSignal;
}

async function fetchJson(platform: Platform, source: RegistrySource, request: PageRequest): Promise<unknown> {
  for (let attempt = 1;; attempt++) {
    try {
      return await fetchOnce(platform, source, request);
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      const mayRepeat = !(error instanceof GatewayError) || error.details.mayRepeat === true;
      if (attempt < ATTEMPTS && mayRepeat) continue;
      if (error instanceof GatewayError) throw error;
      throw unavailable(source.id, "it cannot be reached", { cause: error });
    }
  }
}

async function fetchOnce(
  platform: Platform,
  source: RegistrySource,
  { url, signal }: PageRequest,
): Promise<unknown> {
  const late = new AbortController();
  const error = unavailable(source.id, `it has not answered within ${TIMEOUT_MS / 1000} s`);
  using _timer = platform.clock.after(TIMEOUT_MS, () => late.abort(error));
  const response = await platform.network.fetch(url, {
    headers: { accept: "application/json", ...keyOf(platform, source) },
    // Where it leads has not been checked.
    redirect: "manual",
    signal: AbortSignal.any([signal, late.signal]),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw unavailable(source.id, `it has answered with status ${response.status}`, {
      details: { mayRepeat: response.status >= 500 },
    });
  }
  return parse(source, await readBounded(source, response));
}

/** Each registry has a key of its own in the environment. */
function keyOf({ env }: Platform, { id, requiresKey }: RegistrySource): Record<string, string> {
  const variable = `MCPPROXY_REGISTRY_${id.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_API_KEY`;
  const key = env[variable];
  if (key !== undefined && key !== "") return { authorization: `Bearer ${key}` };
  if (!requiresKey) return {};
  throw unavailable(id, "it wants a key and none is set", { remedy: `Set the variable ${variable}` });
}

async function readBounded({ id }: RegistrySource, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) throw unavailable(id, `its answer is over ${MAX_BYTES} bytes`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function parse({ id }: RegistrySource, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unavailable(id, "its answer is not JSON", { cause });
  }
}

function unavailable(
  id: string,
  why: string,
  more: { readonly remedy?: string; readonly cause?: unknown; readonly details?: Record<string, unknown> } =
    {},
): GatewayError {
  return new GatewayError("MCPX_REGISTRY_UNAVAILABLE", `Cannot read registry "${id}": ${why}`, more);
}
