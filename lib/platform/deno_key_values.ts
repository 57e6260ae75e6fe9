import type { DatabaseSync } from "node:sqlite";
import type { KeyValues } from "./platform.ts";
import { isJournalSound } from "./sqlite_journal.ts";

/** {@link KeyValues} over Deno KV. */
export function createDenoKeyValues(): KeyValues {
  return { open, isSound, copy };
}

async function open(path: string): Promise<Deno.Kv> {
  // The types always have it; the runtime only if it was asked to.
  if (!("openKv" in Deno)) throw new TypeError("Deno KV is off, wanted the flag --unstable-kv");
  return await Deno.openKv(path);
}

/** Tables that KV expects in every file it has made; it does not look whether they are there. */
const TABLES = ["data_version", "kv", "migration_state", "queue", "queue_running"];

/**
 * Deno 2.9 panics in a thread of its own when its clean-up meets a damaged
 * page or misses a table (seen in November 2026), so damage has to be found
 * before KV opens the file. The check reads all of it: about 1 ms for each MB.
 */
async function isSound(path: string): Promise<boolean> {
  if (await isMissing(path)) return true;
  // Asking SQLite comes second: it would mend the journal in its own way.
  if (!isJournalSound(await readIfThere(`${path}-wal`), await readIfThere(`${path}-shm`))) return false;
  // Loaded here because most commands never open a database.
  const sqlite = await import("node:sqlite");
  // Read-only, so that a damaged file and its journal stay as they were found.
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  try {
    const report = database.prepare("PRAGMA integrity_check(1)").get();
    return report?.integrity_check === "ok" && hasTables(database) && isReadable(database);
  } catch (error) {
    if (error instanceof Error && /not a database|malformed/.test(error.message)) return false;
    throw error;
  } finally {
    database.close();
  }
}

/** A file without any table is a new one. */
function hasTables(database: DatabaseSync): boolean {
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    .map(({ name }) => name);
  return names.length === 0 || TABLES.every((table) => names.includes(table));
}

/**
 * Reads from each tree in the file: an integrity check overlooks that one begins with an empty page of another kind.
 *
 * @throws {Error} "malformed" if one cannot be read.
 */
function isReadable(database: DatabaseSync): true {
  const trees = database.prepare(
    "SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('table', 'index')",
  );
  for (const { type, name, tbl_name } of trees.all()) {
    const which = type === "table" ? "NOT INDEXED LIMIT 1" : `INDEXED BY ${quote(name)}`;
    database.prepare(`SELECT count(*) FROM (SELECT 1 FROM ${quote(tbl_name)} ${which})`).get();
  }
  return true;
}

function quote(name: unknown): string {
  return `"${String(name).replaceAll('"', '""')}"`;
}

async function copy(from: string, to: string): Promise<void> {
  const sqlite = await import("node:sqlite");
  // A reader that may not write could not take its journal away again.
  const database = new sqlite.DatabaseSync(from);
  try {
    database.prepare("VACUUM INTO ?").run(to);
  } finally {
    database.close();
  }
  // SQLite leaves it to the system when a copy gets to the disk.
  using file = await Deno.open(to, { read: true, write: true });
  await file.sync();
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function isMissing(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).size === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}
