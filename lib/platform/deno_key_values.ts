import type { KeyValues } from "./platform.ts";

/** {@link KeyValues} over Deno KV. */
export function createDenoKeyValues(): KeyValues {
  return { open, isSound };
}

async function open(path: string): Promise<Deno.Kv> {
  // The types always have it; the runtime only if it was asked to.
  if (!("openKv" in Deno)) throw new TypeError("Deno KV is off, wanted the flag --unstable-kv");
  return await Deno.openKv(path);
}

/**
 * Deno 2.9 panics in a thread of its own when its clean-up meets a damaged
 * page (seen in November 2026), so damage has to be found before KV opens the
 * file. The check reads all of it: about 1 ms for each MB.
 */
async function isSound(path: string): Promise<boolean> {
  if (await isMissing(path)) return true;
  // Loaded here because most commands never open a database.
  const { DatabaseSync } = await import("node:sqlite");
  // Read-only, so that a damaged file and its journal stay as they were found.
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const report = database.prepare("PRAGMA quick_check(1)").get();
    return report?.quick_check === "ok";
  } catch (error) {
    if (error instanceof Error && /not a database|malformed/.test(error.message)) return false;
    throw error;
  } finally {
    database.close();
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
