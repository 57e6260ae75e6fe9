import type { ToolRef } from "../../contracts/mod.ts";
import type { Clock, Random } from "../../platform/mod.ts";
import type { Records } from "./records.ts";

/** A result that was too long to be handed over whole. */
export interface CachedResult extends ToolRef {
  /** Whose call it was; for everybody else it does not exist. */
  readonly owner: string;
  /** The call that it is the result of. */
  readonly requestId?: string;
  /** The whole text of the result. */
  readonly text: string;
  readonly records: Records;
}

/** How full the cache is and what became of its entries since the start. */
export interface ResultCacheStats {
  readonly entries: number;
  readonly bytes: number;
  readonly max_bytes: number;
  readonly stored: number;
  readonly hits: number;
  readonly misses: number;
  /** Left for lack of room. */
  readonly evicted: number;
  readonly expired: number;
  /** Larger than the cache takes. */
  readonly refused: number;
}

/** Bounds of the cache. */
export interface ResultCacheLimits {
  readonly maxBytes: number;
  readonly ttlMs: number;
}

/** Keeps long results for a while, in memory only: the least recently read goes when there are too many. */
export interface ResultCache {
  /** @returns The key, which cannot be guessed; `undefined` if there is no room for this one. */
  put(result: CachedResult): string | undefined;
  /** @returns `undefined` if there is no such entry any more, or it is somebody else's. */
  get(key: string, owner: string): CachedResult | undefined;
  stats(): ResultCacheStats;
}

interface Entry {
  readonly result: CachedResult;
  readonly bytes: number;
  readonly expiresAt: number;
}

/** One entry may take no more than this part of the cache. */
const LARGEST_PART = 2;
/** The text may take two bytes a character; each span takes a small object. */
const [BYTES_PER_CHARACTER, BYTES_PER_SPAN, BYTES_PER_ENTRY] = [2, 48, 500];

/** Creates an empty cache; the limits are read anew for each entry. */
export function createResultCache(
  { clock, random, limits }: {
    readonly clock: Pick<Clock, "now">;
    readonly random: Pick<Random, "bytes">;
    readonly limits: () => ResultCacheLimits;
  },
): ResultCache {
  /** In order of use: the first is the one to go. */
  const entries = new Map<string, Entry>();
  const counts = { stored: 0, hits: 0, misses: 0, evicted: 0, expired: 0, refused: 0 };
  let bytes = 0;

  function drop(key: string, why: "evicted" | "expired"): void {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
    counts[why]++;
  }

  function sweep(room: number): void {
    const now = clock.now();
    for (const [key, { expiresAt }] of entries) if (expiresAt <= now) drop(key, "expired");
    const { maxBytes } = limits();
    for (const key of entries.keys()) {
      if (bytes + room <= maxBytes) return;
      drop(key, "evicted");
    }
  }

  return {
    put(result) {
      const size = sizeOf(result);
      const { maxBytes, ttlMs } = limits();
      if (size > maxBytes / LARGEST_PART) {
        counts.refused++;
        return undefined;
      }
      sweep(size);
      const key = toHex(random.bytes(16));
      entries.set(key, { result, bytes: size, expiresAt: clock.now() + ttlMs });
      bytes += size;
      counts.stored++;
      return key;
    },
    get(key, owner) {
      sweep(0);
      const entry = entries.get(key);
      if (entry === undefined || entry.result.owner !== owner) {
        counts.misses++;
        return undefined;
      }
      entries.delete(key);
      entries.set(key, entry);
      counts.hits++;
      return entry.result;
    },
    stats() {
      sweep(0);
      return { entries: entries.size, bytes, max_bytes: limits().maxBytes, ...counts };
    },
  };
}

function sizeOf({ text, records }: CachedResult): number {
  const characters = text.length + (records.text === text ? 0 : records.text.length);
  return BYTES_PER_ENTRY + BYTES_PER_CHARACTER * characters + BYTES_PER_SPAN * records.spans.length;
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
