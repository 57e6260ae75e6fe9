import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { GatewayError } from "../contracts/mod.ts";
import type { Files, Platform } from "../platform/mod.ts";

/** A client's file as it was read. */
export interface ClientText {
  /** Where the client looks. */
  readonly path: string;
  /** Where the text is: people keep such files elsewhere and link to them. */
  readonly target: string;
  /** `undefined` if there is no file. */
  readonly text: string | undefined;
  readonly mode: number;
}

const OWNER_ONLY = 0o600;
const BACKUP = /\.bak\.\d{8}-\d{6}(?:-\d+)?$/;

/**
 * Reads a client's file.
 *
 * @throws {GatewayError} MCPX_CLIENT_FILE_DENIED.
 */
export async function readClientText(files: Files, path: string): Promise<ClientText> {
  try {
    const target = await files.realPath(path).catch(() => path);
    const text = await files.readText(target);
    const stat = await files.stat(target);
    // It is going to hold a key, which nobody else may read.
    return { path, target, text, mode: (stat?.mode ?? OWNER_ONLY) & 0o700 };
  } catch (cause) {
    throw new GatewayError("MCPX_CLIENT_FILE_DENIED", `Cannot read "${path}": the system refuses it`, {
      cause,
    });
  }
}

/**
 * Writes a client's file if it still holds what was read; a copy of that is kept.
 *
 * @param next `undefined` removes the file.
 * @returns Path of the copy; an empty one stands for a file that was not there.
 * @throws {GatewayError} MCPX_CLIENT_FILE_CHANGED, MCPX_CLIENT_FILE_DENIED.
 */
export async function writeClientText(platform: Platform, from: ClientText, next: string): Promise<string> {
  const { files } = platform;
  try {
    if (await files.stat(dirname(from.target)) === undefined) {
      await files.makeDirectory(dirname(from.target), 0o700);
    }
    const backup = await freeBackupPath(platform, from.path);
    await files.writeAtomic(backup, from.text ?? "", OWNER_ONLY);
    if (await replace(files, from, next)) return backup;
    await files.remove(backup);
  } catch (cause) {
    throw new GatewayError("MCPX_CLIENT_FILE_DENIED", `Cannot write "${from.path}": the system refuses it`, {
      cause,
    });
  }
  throw changedMeanwhile(from.path);
}

/** Puts a text in the place of what was read, without a copy; `false` if the file holds something else by now. */
export async function replace(files: Files, from: ClientText, next: string): Promise<boolean> {
  const { target, text, mode } = from;
  if (text !== undefined) return await files.replaceText(target, { from: text, to: next, mode });
  if (await files.stat(target) !== undefined) return false;
  await files.writeAtomic(target, next, mode);
  return true;
}

/** Names of the copies of a file, the newest first. */
export async function backupsOf(files: Files, path: string): Promise<string[]> {
  const names = await files.list(dirname(path)).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${basename(path)}.bak.`) && BACKUP.test(name));
  return own.sort((a, b) => orderOf(b).localeCompare(orderOf(a)));
}

/** Several copies of one second are told apart by a number. */
function orderOf(name: string): string {
  const [, time = "", number = "0"] = /(\d{8}-\d{6})(?:-(\d+))?$/.exec(name) ?? [];
  return `${time}-${number.padStart(6, "0")}`;
}

async function freeBackupPath({ files, clock }: Platform, path: string): Promise<string> {
  const [day = "", time = ""] = new Date(clock.now()).toISOString().replace(/[-:]|\..*$/g, "").split("T");
  const first = join(dirname(path), `${basename(path)}.bak.${day}-${time}`);
  let free = first;
  for (let number = 1; await files.stat(free) !== undefined; number++) free = `${first}-${number}`;
  return free;
}

/** Tells one text from another. */
export function fingerprint(text: string | undefined): string {
  return text === undefined ? "absent" : createHash("sha256").update(text).digest("hex");
}

/** The error of a file that somebody else has written to. */
export function changedMeanwhile(path: string): GatewayError {
  return new GatewayError(
    "MCPX_CLIENT_FILE_CHANGED",
    `Cannot write "${path}": it is not as it was when it was looked at`,
  );
}
