import type { Files } from "../platform/mod.ts";
import { type ClientName, type ClientPlace, CLIENTS } from "./client_configs/clients.ts";

/** Where a client's config file is; one that may have comments in its name is looked for as well. */
export async function existingPath(
  files: Files,
  client: ClientName,
  place: ClientPlace,
): Promise<{ readonly path: string; readonly exists: boolean }> {
  const usual = CLIENTS[client].path(place);
  for (const path of [usual, `${usual}c`]) {
    if (path !== usual && client !== "opencode") continue;
    const stat = await files.stat(path).catch(() => undefined);
    if (stat !== undefined) return { path, exists: true };
  }
  return { path: usual, exists: false };
}
