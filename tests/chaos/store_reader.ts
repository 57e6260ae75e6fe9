/**
 * Opens a storage twice, as two starts of the program would, and prints what
 * it found as one JSON line each. A process of its own, because a damaged file
 * can end the whole process.
 *
 * @module
 */

import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { openStorage } from "../../lib/storage/mod.ts";
import { CONSENTS } from "./store_content.ts";

/** What one start has found. */
export interface Finding {
  readonly error?: { readonly code?: string; readonly message: string; readonly remedy?: string };
  readonly notices: readonly string[];
  readonly consents?: Readonly<Record<string, unknown>>;
  readonly lists?: number;
  readonly tools?: number;
  readonly level?: string;
  readonly summary?: string;
  readonly setAside?: string;
  readonly replacedAt?: number;
}

async function look(path: string, round: number): Promise<Finding> {
  const notices: string[] = [];
  try {
    await using storage = await openStorage(createDenoPlatform(), {
      path,
      onNotice: (text) => notices.push(text),
    });
    const consents: Record<string, unknown> = {};
    for (const key of Object.keys(CONSENTS)) consents[key] = await storage.meta.get(key);
    const lists = await storage.catalogue.load();
    const tools = storage.statistics.all().length;
    await storage.meta.set("start", round);
    storage.statistics.record("new", `${round}`);
    await storage.flush();
    const { level, summary, setAside } = storage.health();
    return {
      notices,
      consents,
      lists: lists.size,
      tools,
      level,
      summary,
      setAside,
      replacedAt: storage.replacedAt,
    };
  } catch (thrown) {
    const { code, message, remedy } = thrown as { code?: string; message: string; remedy?: string }; // an Error
    return { notices, error: { code, message, remedy } };
  }
}

if (import.meta.main) {
  const [path = ""] = Deno.args;
  for (const round of [1, 2]) console.log(JSON.stringify(await look(path, round)));
}
