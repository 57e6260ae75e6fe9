import type { KnownClient, Place } from "../client_files/mod.ts";
import type { Files } from "../platform/mod.ts";

/** The config file of a client: the first that exists, else where the first would be. */
export async function existingPath(
  files: Files,
  client: KnownClient,
  place: Place,
): Promise<{ readonly path: string; readonly exists: boolean }> {
  const paths = client.paths(place);
  for (const path of paths) {
    const stat = await files.stat(path).catch(() => undefined);
    if (stat !== undefined) return { path, exists: true };
  }
  return { path: paths[0] ?? "", exists: false };
}
