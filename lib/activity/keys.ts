/**
 * Names of what the file of the activity holds.
 *
 * @module
 */

/** Version of everything below. */
export const SCHEMA_KEY: Deno.KvKey = ["schema"];
/** Number from which the hashes of this file come. */
export const SEED_KEY: Deno.KvKey = ["seed"];
/** Number of the oldest record that was not removed. */
export const FLOOR_KEY: Deno.KvKey = ["floor"];
/** Records below this number are in the usage that is stored. */
export const COUNTED_KEY: Deno.KvKey = ["counted"];

/** A record, by its number. */
export const recordKey = (seq: number): Deno.KvKey => ["record", seq];
/** A part of what was sent and answered, if that is long. */
export const chunkKey = (seq: number, chunk: number): Deno.KvKey => ["chunk", seq, chunk];
/** What can be filtered by of the records of one page. */
export const pageKey = (page: number): Deno.KvKey => ["page", page];
/**
 * Usage of one tool in one hour since the epoch. The names are in the value:
 * all keys of a transaction have 81,920 bytes together.
 */
export const usageKey = (hour: number, cell: number): Deno.KvKey => ["usage", hour, cell];
