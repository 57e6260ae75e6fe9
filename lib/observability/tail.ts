/**
 * Reads the ends of rotating files of lines, `path`, `path.1`, `path.2` and so
 * on, without reading all of a big one, unless it is compressed (`path.1.gz`).
 *
 * @module
 */

import type { FilePart, Files } from "../platform/mod.ts";

const FIRST_WINDOW = 65_536;
const MAX_WINDOW = 16_777_216;
const MAX_BACKUPS = 100;
const NEWLINE = 10;
const decoder = new TextDecoder();

/** Up to where a file has been read. */
export interface Position {
  readonly id: number | undefined;
  readonly offset: number;
}

/** Lines, oldest first, and where the next one will start; no position while there is no file. */
export interface Lines {
  readonly lines: readonly string[];
  readonly position: Position | undefined;
}

/** Reads the last `count` complete lines, from renamed files too if the current one is short. */
export async function readTail(files: Files, path: string, count: number): Promise<Lines> {
  let lines: string[] = [];
  let position: Position | undefined;
  const seen = new Set<number>();
  for (let number = 0; number <= MAX_BACKUPS; number++) {
    if (number > 0 && lines.length >= count) break;
    const end = await readEnd(files, backupPath(path, number), count - lines.length);
    // Right after a rotation the current file is missing for a moment.
    if (end === undefined && number === 0) continue;
    if (end === undefined) {
      const packed = await readPacked(files, backupPath(path, number), count - lines.length);
      if (packed === undefined) break;
      lines = [...packed, ...lines];
      continue;
    }
    position ??= end.position;
    // The file read before may have been renamed to this name meanwhile.
    if (end.position.id !== undefined && seen.has(end.position.id)) continue;
    if (end.position.id !== undefined) seen.add(end.position.id);
    lines = [...end.lines, ...lines];
  }
  return { lines, position };
}

/** Reads what was written since `position`, in renamed files too. */
export async function readNew(files: Files, path: string, position: Position | undefined): Promise<Lines> {
  const current = await files.readPart(path, position?.offset ?? 0, MAX_WINDOW);
  if (current === undefined) return { lines: [], position };
  if (position === undefined || isContinued(current, position)) return takeLines(current);
  return await readRotated(files, path, position);
}

/** The file read so far has been renamed: finishes it, then all younger ones. */
async function readRotated(files: Files, path: string, position: Position): Promise<Lines> {
  const backup = await findBackup(files, path, position);
  const lines: string[] = [];
  let next: Position | undefined;
  for (let number = backup ?? 0; number >= 0; number--) {
    const offset = number === backup ? position.offset : 0;
    const part = await files.readPart(backupPath(path, number), offset, MAX_WINDOW);
    if (part === undefined) continue;
    const taken = takeLines(part);
    lines.push(...taken.lines);
    next = taken.position;
  }
  return { lines, position: next ?? position };
}

async function findBackup(files: Files, path: string, position: Position): Promise<number | undefined> {
  for (let number = 1; number <= MAX_BACKUPS; number++) {
    const part = await files.readPart(backupPath(path, number), 0, 0);
    if (part === undefined) return undefined;
    if (isContinued(part, position)) return number;
  }
  return undefined;
}

/** A system may give the number of a removed file to a new one; the new one is then shorter. */
function isContinued({ id, sizeBytes }: FilePart, position: Position): boolean {
  return id === position.id && sizeBytes >= position.offset;
}

async function readEnd(
  files: Files,
  path: string,
  count: number,
): Promise<{ readonly lines: readonly string[]; readonly position: Position } | undefined> {
  for (let window = FIRST_WINDOW;; window *= 4) {
    const part = await files.readPart(path, -window, window);
    if (part === undefined) return undefined;
    const { lines, position } = takeLines(part);
    // A window that starts within the file starts within a line.
    const whole = part.offset === 0 ? lines : lines.slice(1);
    if (whole.length >= count || part.offset === 0 || window >= MAX_WINDOW) {
      return { lines: whole.slice(Math.max(0, whole.length - count)), position };
    }
  }
}

/** Reads the last lines of a compressed file; one that is damaged counts as missing. */
async function readPacked(files: Files, path: string, count: number): Promise<readonly string[] | undefined> {
  const end = await files.readCompressedEnd(`${path}.gz`, MAX_WINDOW).catch(() => undefined);
  if (end === undefined) return undefined;
  const { lines } = takeLines({ ...end, offset: 0, sizeBytes: end.bytes.length, id: undefined });
  const whole = end.isWhole ? lines : lines.slice(1);
  return whole.slice(Math.max(0, whole.length - count));
}

/** Takes the complete lines; a last one without its line break is left for later. */
function takeLines({ bytes, offset, id }: FilePart): Lines & { readonly position: Position } {
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  const lines = decoder.decode(bytes.subarray(0, end)).split("\n").filter((line) => line !== "");
  return { lines, position: { id, offset: offset + end } };
}

function backupPath(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}
