/**
 * Reads the log of one server, and follows it while it is written, by this
 * process or by another.
 *
 * @module
 */

import { basename, join } from "node:path";
import { isServerName, type LogLine } from "../contracts/mod.ts";
import { type Clock, type Files, sleep } from "../platform/mod.ts";
import { parseServerLine } from "./lines.ts";
import { readNew, readTail } from "./tail.ts";

const POLL_MS = 250;

/** Which log, and how much of it. */
export interface ServerLogSource {
  readonly files: Files;
  readonly directory: string;
  readonly name: string;
  /** How many of the last lines. */
  readonly tail: number;
}

/** Where the log of a server is; `undefined` for a name no server can have. */
export function serverLogPath(directory: string, name: string): string | undefined {
  return isServerName(name) ? join(directory, `server-${name}.log`) : undefined;
}

/** Tells whether a path is where the log of some server is. */
export function isServerLogPath(directory: string, path: string): boolean {
  const name = /^server-(.+)\.log$/.exec(basename(path))?.[1];
  return name !== undefined && serverLogPath(directory, name) === path;
}

/**
 * Reads the last lines of a server's log, oldest first.
 *
 * @returns Fewer lines, or none, if not more were written or kept.
 */
export async function readServerLog({ files, directory, name, tail }: ServerLogSource): Promise<LogLine[]> {
  const path = serverLogPath(directory, name);
  if (path === undefined) return [];
  const { lines } = await readTail(files, path, tail);
  return lines.map((line) => parseServerLine(name, line));
}

/**
 * Yields the last `tail` lines of a server's log, then each line as it is
 * written, across rotations; ends when `signal` aborts.
 */
export async function* followServerLog(
  options: ServerLogSource & { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<LogLine, void, void> {
  const { files, clock, directory, name, signal } = options;
  const path = serverLogPath(directory, name);
  if (path === undefined || signal.aborted) return;
  let { lines, position } = await readTail(files, path, options.tail);
  while (true) {
    for (const line of lines) {
      if (signal.aborted) return;
      yield parseServerLine(name, line);
    }
    if (!await isPollDue(clock, signal)) return;
    ({ lines, position } = await readNew(files, path, position));
  }
}

/** Waits for the next poll; `false` if the wait was aborted. */
async function isPollDue(clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(clock, POLL_MS, signal);
    return true;
  } catch {
    return false;
  }
}
