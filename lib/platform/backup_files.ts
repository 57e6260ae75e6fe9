/**
 * Files that were renamed because they were full, `path.1`, `path.2` and so
 * on, compressed ones with `.gz` behind that.
 *
 * @module
 */

import type { FileEnd } from "./files.ts";
import { replaceFile, writeAll } from "./temporary_files.ts";

/** Small enough that compressing one chunk holds nothing else up for long. */
const CHUNK_BYTES = 32_768;

/** {@link Files.rotate} */
export function rotate(path: string, backups: number): void {
  const oldest = backups === 0 ? path : `${path}.${backups}`;
  ignoreMissing(() => Deno.removeSync(oldest));
  if (backups > 0) ignoreMissing(() => Deno.removeSync(`${oldest}.gz`));
  for (let number = backups; number > 0; number--) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    ignoreMissing(() => Deno.renameSync(from, `${path}.${number}`));
    if (number > 1) ignoreMissing(() => Deno.renameSync(`${from}.gz`, `${path}.${number}.gz`));
  }
}

/** {@link Files.removeOlder} */
export function removeOlder(path: string, than: number): boolean {
  return ignoreMissing(() => {
    const { isFile, mtime } = Deno.lstatSync(path);
    if (!isFile || mtime === null || mtime.getTime() >= than) return false;
    Deno.removeSync(path);
    return true;
  }) ?? false;
}

/** {@link Files.compress} */
export async function compress(
  path: string,
  { mode, signal }: { readonly mode: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const found = await openFile(path);
  if (found === undefined) return false;
  using source = found;
  const before = await source.stat();
  return await replaceFile(`${path}.gz`, {
    mode,
    async fill(target) {
      const packed = chunks(source, signal).pipeThrough(new CompressionStream("gzip"));
      for await (const chunk of packed) await writeAll(target, chunk);
    },
    isStillWanted(temporary) {
      signal.throwIfAborted();
      if (before.mtime !== null) Deno.utimeSync(temporary, before.mtime, before.mtime);
      return isSame(path, before);
    },
    afterRename: () => Deno.removeSync(path),
  });
}

/** {@link Files.readCompressedEnd} */
export async function readCompressedEnd(path: string, maxBytes: number): Promise<FileEnd | undefined> {
  const found = await openFile(path);
  if (found === undefined) return undefined;
  using source = found;
  const kept: Uint8Array[] = [];
  let size = 0;
  let dropped = 0;
  for await (const chunk of chunks(source).pipeThrough(new DecompressionStream("gzip"))) {
    kept.push(chunk);
    size += chunk.length;
    for (let [first] = kept; first !== undefined && size - first.length >= maxBytes; [first] = kept) {
      kept.shift();
      size -= first.length;
      dropped += first.length;
    }
  }
  const cut = Math.max(0, size - maxBytes);
  return { bytes: concat(kept, size).subarray(cut), isWhole: dropped + cut === 0 };
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function chunks(file: Deno.FsFile, signal?: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      signal?.throwIfAborted();
      const buffer = new Uint8Array(CHUNK_BYTES);
      const read = await file.read(buffer);
      if (read === null) controller.close();
      else controller.enqueue(buffer.subarray(0, read));
    },
  });
}

async function openFile(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A rotation may have given the name to another file. */
function isSame(path: string, before: Deno.FileInfo): boolean {
  return ignoreMissing(() => {
    const { ino, size, mtime } = Deno.lstatSync(path);
    return ino === before.ino && size === before.size && mtime?.getTime() === before.mtime?.getTime();
  }) ?? false;
}

function ignoreMissing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}
