import { dirname } from "node:path";
import { compress, readCompressedEnd, removeOlder, rotate } from "./backup_files.ts";
import type { AppendFile, FileLock, FilePart, Files, FileStat, WatchEvents } from "./files.ts";
import { chmod, list, remove, replaceFile, sweep, syncDirectory, writeAll } from "./temporary_files.ts";

const encoder = new TextEncoder();

/** {@link Files} over Deno's file system. */
export function createDenoFiles(): Files {
  return {
    readText,
    readBytes,
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
    removeOlder,
    compress,
    readCompressedEnd,
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

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writeAtomic(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await replaceFile(path, { mode, fill: filling(content), isStillWanted: () => true });
}

async function replaceText(
  path: string,
  { from, to, mode }: { readonly from: string; readonly to: string; readonly mode: number },
): Promise<boolean> {
  return await replaceFile(path, { mode, fill: filling(to), isStillWanted: () => holds(path, from) });
}

function filling(content: string | Uint8Array): (file: Deno.FsFile) => Promise<void> {
  return (file) => writeAll(file, typeof content === "string" ? encoder.encode(content) : content);
}

function holds(path: string, text: string): boolean {
  try {
    return Deno.readTextFileSync(path) === text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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

function realPath(path: string): Promise<string> {
  return Deno.realPath(path);
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

function openAppend(path: string, mode: number): AppendFile {
  const file = openOrCreate(path, mode);
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

/** Nearly always the directory is there, and whoever opens many files must not wait for a look at each. */
function openOrCreate(path: string, mode: number): Deno.FsFile {
  const options = { append: true, create: true, mode };
  try {
    return Deno.openSync(path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return Deno.openSync(path, options);
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
