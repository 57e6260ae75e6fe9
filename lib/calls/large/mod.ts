/**
 * Results that are too long for an agent to read at once: shortened, kept for
 * a while, and read in parts.
 *
 * @module
 */

export { readCache, type ReadCacheOptions } from "./read_cache.ts";
export {
  type CachedResult,
  createResultCache,
  type ResultCache,
  type ResultCacheLimits,
  type ResultCacheStats,
} from "./result_cache.ts";
export { type ShapeOptions, shapeResult, TRUNCATED_KEY } from "./shape_result.ts";
