/**
 * What clients are told about keeping an answer.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/caching
 * @module
 */

type Result = Readonly<Record<string, unknown>>;

/** Results of these say how long they may be kept; those of legacy servers may not be. */
const CACHED = /^(?:(?:tools|prompts|resources|resources\/templates)\/list|resources\/read)$/;
/** What a person takes back is not to live on in a client for longer than that. */
const MAX_TTL_MS = 60 * 60_000;

/**
 * Gives an answer hints that are true of it: what a client gets depends on its
 * token, whatever the server says, so that no other client may be given it.
 */
export function withCacheHints(method: string, result: Result): Result {
  if (!CACHED.test(method)) return result;
  return { ...result, ttlMs: clamp(result.ttlMs), cacheScope: "private" };
}

/** Whatever is no number of milliseconds means not at all. */
function clamp(ttlMs: unknown): number {
  if (typeof ttlMs !== "number" || Number.isNaN(ttlMs)) return 0;
  return Math.floor(Math.min(Math.max(ttlMs, 0), MAX_TTL_MS));
}
