import { basename, dirname, join } from "node:path";
import { isAlive } from "./deno_family.ts";
import type { AppendFile, FileLock, FilePart, Files, FileStat, WatchEvents } from "./platform.ts";

const encoder = new TextEncoder();

/** {@link Files} over Deno's file system. */
export function createDenoFiles(): Files {
  return {
    readText,
    writeAtomic,
    sweep,
    replaceText,
    makeDirectory,
    stat,
    list,
    realPath,
    remove,
    rename,
    chmod,
    freeBytes,
    openAppend,
    rotate,
    readPart,
    tryLock,
    lock,
    watch,
  };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writeAtomic(path: string, text: string, mode: number): Promise<void> {
  await writeAndRename(path, text, { mode, isStillWanted: () => true });
}

async function replaceText(
  path: string,
  { from, to, mode }: { readonly from: string; readonly to: string; readonly mode: number },
): Promise<boolean> {
  return await writeAndRename(path, to, { mode, isStillWanted: () => holds(path, from) });
}

/** Asks as late as can be: nothing is awaited between the answer and the rename. */
async function writeAndRename(
  path: string,
  text: string,
  { mode, isStillWanted }: { readonly mode: number; readonly isStillWanted: () => boolean },
): Promise<boolean> {
  await sweep(path);
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const temporary = `${path}.tmp.${Deno.pid}-${random}`;
  unfinished.add(temporary);
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true, mode });
    const bytes = encoder.encode(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.sync();
    await chmod(temporary, mode); // the umask takes bits away that the file is to have
    if (!isStillWanted()) {
      await remove(temporary);
      return false;
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    await remove(temporary);
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
  await syncDirectory(dirname(path));
  return true;
}

/** Temporary files that this process is writing. */
const unfinished = new Set<string>();

async function sweep(path: string): Promise<void> {
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

function holds(path: string, text: string): boolean {
  try {
    return Deno.readTextFileSync(path) === text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Makes the rename itself durable; Windows cannot open directories and needs no such step. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}

async function makeDirectory(path: string, mode: number): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode });
}

async function stat(path: string): Promise<FileStat | undefined> {
  try {
    const found = await Deno.lstat(path);
    return {
      kind: found.isFile ? "file" : found.isDirectory ? "directory" : found.isSymlink ? "symlink" : "other",
      sizeBytes: found.size,
      modifiedAt: found.mtime?.getTime() ?? 0,
      mode: found.mode === null ? undefined : found.mode & 0o7777,
      uid: found.uid ?? undefined,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function list(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(path)) names.push(entry.name);
  return names.sort();
}

function realPath(path: string): Promise<string> {
  return Deno.realPath(path);
}

async function remove(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function rename(from: string, to: string): Promise<void> {
  await Deno.rename(from, to);
  await syncDirectory(dirname(to));
}

async function freeBytes(path: string): Promise<number> {
  const { statfs } = await import("node:fs/promises");
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

async function chmod(path: string, mode: number): Promise<void> {
  if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
}

function openAppend(path: string, mode: number): AppendFile {
  Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = Deno.openSync(path, { append: true, create: true, mode });
  const found = file.statSync();
  // An older file may be open to more people than it is meant for.
  if (found.mode !== null && (found.mode & 0o7777 & ~mode) !== 0) Deno.chmodSync(path, mode);
  return {
    sizeBytes: found.size,
    write(text) {
      const bytes = encoder.encode(text);
      for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function rotate(path: string, backups: number): void {
  for (let number = backups; number > 0; number--) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    ignoreMissing(() => Deno.renameSync(from, `${path}.${number}`));
  }
  if (backups === 0) ignoreMissing(() => Deno.removeSync(path));
}

function ignoreMissing(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function readPart(path: string, offset: number, maxBytes: number): Promise<FilePart | undefined> {
  try {
    using file = await Deno.open(path, { read: true });
    const { size, ino } = await file.stat();
    const start = offset < 0 ? Math.max(0, size + offset) : offset;
    await file.seek(start, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.max(0, Math.min(maxBytes, size - start)));
    let filled = 0;
    for (let read: number | null = 0; filled < bytes.length && read !== null; filled += read ?? 0) {
      read = await file.read(bytes.subarray(filled));
    }
    return { bytes: bytes.subarray(0, filled), offset: start, sizeBytes: size, id: ino ?? undefined };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function tryLock(path: string): Promise<FileLock | undefined> {
  const file = await openLockFile(path);
  if (await file.tryLock(true)) return toLock(file);
  file.close();
  return undefined;
}

async function lock(path: string): Promise<FileLock> {
  const file = await openLockFile(path);
  await file.lock(true);
  return toLock(file);
}

function openLockFile(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
}

function toLock(file: Deno.FsFile): FileLock {
  return {
    write(text) {
      file.truncateSync(0);
      file.seekSync(0, Deno.SeekMode.Start);
      file.writeSync(encoder.encode(text));
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function watch(directory: string, events: WatchEvents): Disposable | undefined {
  let watcher: Deno.FsWatcher;
  try {
    watcher = Deno.watchFs(directory, { recursive: false });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  let closed = false;
  const close = () => {
    if (!closed) watcher.close();
    closed = true;
  };
  void (async () => {
    for await (const { kind, paths } of watcher) {
      // Reading the file is an event of its own and would never end.
      if (kind !== "access") events.onChange();
      // The kernel drops the watch with its directory and says nothing more.
      if (kind === "remove" && paths.includes(directory)) close();
    }
    events.onEnd();
  })();
  return { [Symbol.dispose]: close };
}
