import { basename, dirname, join } from "node:path";
import { isAlive } from "./deno_family.ts";

/** Temporary files that this process is writing. */
const unfinished = new Set<string>();

/** How a file is to be replaced in one step. */
export interface Replacement {
  readonly mode: number;
  /** Writes the new content. */
  readonly fill: (file: Deno.FsFile) => Promise<void>;
  /**
   * Asked, with the name of the temporary file, as late as can be: nothing is
   * awaited between the answer and the rename.
   */
  readonly isStillWanted: (temporary: string) => boolean;
  /** Follows the rename without a wait in between. */
  readonly afterRename?: () => void;
}

/** Writes a temporary file beside `path` and gives it that name; `false` if it was not wanted any more. */
export async function replaceFile(path: string, replacement: Replacement): Promise<boolean> {
  await sweep(path);
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const temporary = `${path}.tmp.${Deno.pid}-${random}`;
  unfinished.add(temporary);
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true, mode: replacement.mode });
    await replacement.fill(file);
    await file.sync();
    await chmod(temporary, replacement.mode); // the umask takes bits away that the file is to have
    if (!replacement.isStillWanted(temporary)) {
      await remove(temporary);
      return false;
    }
    Deno.renameSync(temporary, path);
    replacement.afterRename?.();
  } catch (error) {
    await remove(temporary);
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
  await syncDirectory(dirname(path));
  return true;
}

/** {@link Files.sweep} */
export async function sweep(path: string): Promise<void> {
  const prefix = `${basename(path)}.tmp.`;
  // A directory that cannot be listed can perhaps be written, and then says better what is wrong.
  const names = await list(dirname(path)).catch(() => []);
  for (const name of names) {
    if (name.startsWith(prefix) && isAbandoned(path, name.slice(prefix.length))) {
      await remove(join(dirname(path), name)).catch(() => {}); // the next write tries again
    }
  }
}

/** In a container one daemon after the other has the same id, so an own id alone says nothing. */
function isAbandoned(path: string, suffix: string): boolean {
  const pid = Number(/^(\d+)-\d+$/.exec(suffix)?.[1] ?? Number.NaN);
  if (pid === Deno.pid) return !unfinished.has(`${path}.tmp.${suffix}`);
  return Number.isSafeInteger(pid) && !isAlive(pid);
}

/** Writes all of the bytes. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

/** Makes a rename itself durable; Windows cannot open directories and needs no such step. */
export async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}

/** {@link Files.list} */
export async function list(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(path)) names.push(entry.name);
  return names.sort();
}

/** {@link Files.remove} */
export async function remove(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** {@link Files.chmod} */
export async function chmod(path: string, mode: number): Promise<void> {
  if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
}
