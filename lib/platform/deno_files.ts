import { dirname } from "node:path";
import type { AppendFile, FileLock, FilePart, Files, FileStat, WatchEvents } from "./platform.ts";

const encoder = new TextEncoder();

/** {@link Files} over Deno's file system. */
export function createDenoFiles(): Files {
  return {
    readText,
    writeAtomic,
    makeDirectory,
    stat,
    list,
    realPath,
    remove,
    rename,
    chmod,
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
  const suffix = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const temporary = `${path}.tmp.${suffix}`;
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true, mode });
    const bytes = encoder.encode(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.sync();
    await chmod(temporary, mode); // the umask takes bits away that the file is to have
    await Deno.rename(temporary, path);
  } catch (error) {
    await remove(temporary);
    throw error;
  }
  await syncDirectory(dirname(path));
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

function rename(from: string, to: string): Promise<void> {
  return Deno.rename(from, to);
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
