import { basename, dirname, join } from "node:path";
import type { Platform } from "../platform/mod.ts";

/** SQLite keeps two more files beside the one we name. */
export const COMPANIONS = ["-wal", "-shm"];

/** A database that was damaged and given another name. */
export interface SetAside {
  readonly path: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Gives a damaged database, with its companions, a name that says when; nothing is deleted. */
export async function setAside(
  { clock, files }: Pick<Platform, "clock" | "files">,
  path: string,
): Promise<SetAside> {
  let at = clock.now();
  while (await files.stat(toName(path, at)) !== undefined) at++;
  const aside = toName(path, at);
  // The file goes first: without its journal it could be taken for a sound one, if this is cut short.
  for (const suffix of ["", ...COMPANIONS]) {
    if (await files.stat(path + suffix) !== undefined) await files.rename(path + suffix, aside + suffix);
  }
  return { path: aside, at };
}

/** Finds the last database that was set aside and is still there. */
export async function findSetAside(
  { files }: Pick<Platform, "files">,
  path: string,
): Promise<SetAside | undefined> {
  const directory = dirname(path);
  if (await files.stat(directory) === undefined) return undefined;
  const prefix = basename(toName(path, 0)).slice(0, -1);
  const times = (await files.list(directory))
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .map((rest) => Number(/^(\d+)(?:-wal|-shm)?$/.exec(rest)?.[1] ?? Number.NaN))
    .filter((at) => !Number.isNaN(at));
  if (times.length === 0) return undefined;
  const at = Math.max(...times);
  return { path: join(directory, prefix + at), at };
}

function toName(path: string, at: number): string {
  return `${path}.corrupt-${at}`;
}
