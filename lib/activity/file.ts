import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { DamageError, describe, isDamage, toActivityError } from "./failures.ts";
import { SCHEMA_KEY } from "./keys.ts";

const MODE = 0o600;
/** What this program writes and reads. */
const SCHEMA_VERSION = 1;
/** SQLite keeps two more files beside the one we name. */
const FILES = ["", "-wal", "-shm"];
/** A file gets its name when it is complete; until then it is called this and may be thrown away. */
const UNFINISHED = ".new";

/** What opening the file needs. */
export interface FileOptions {
  readonly platform: Pick<Platform, "clock" | "files" | "keyValues">;
  readonly path: string;
  /** Hears in words what a person should know. */
  readonly onNotice: (text: string) => void;
}

/** The open file. */
export interface ActivityFile<T> {
  readonly kv: Deno.Kv;
  /** Where a damaged one lies that was set aside just now. */
  readonly setAside: string | undefined;
  /** What `read` has made of it. */
  readonly content: T;
}

/**
 * Opens the file of the activity, made with mode 0600 if missing, and reads
 * it. A damaged one is renamed, never deleted, and a new one takes its place;
 * one of a newer version is left alone.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_LOCKED, MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL,
 * MCPX_STORAGE_TOO_NEW or MCPX_STORAGE_FAILED.
 */
export async function openFile<T>(
  options: FileOptions,
  read: (kv: Deno.Kv) => Promise<T>,
): Promise<ActivityFile<T>> {
  try {
    try {
      return { ...await openOnce(options, read), setAside: undefined };
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      const setAside = await replace(options, thrown);
      return { ...await openOnce(options, read), setAside };
    }
  } catch (thrown) {
    throw toActivityError("open activity", options.path, thrown);
  }
}

async function openOnce<T>(
  options: FileOptions,
  read: (kv: Deno.Kv) => Promise<T>,
): Promise<{ readonly kv: Deno.Kv; readonly content: T }> {
  const { platform: { files, keyValues }, path } = options;
  await checkFile(options);
  const kv = await keyValues.open(path);
  try {
    await checkSchema(kv, path);
    await narrow(files, path);
    return { kv, content: await read(kv) };
  } catch (thrown) {
    kv.close();
    throw thrown;
  }
}

/** Makes the file if it is missing; proves it sound if it is there. */
async function checkFile(options: FileOptions): Promise<void> {
  const { platform: { files, keyValues }, path } = options;
  for (const suffix of FILES) await files.remove(path + UNFINISHED + suffix);
  const found = await files.stat(path);
  if (found === undefined) {
    for (const suffix of FILES) {
      if (await files.stat(path + suffix) !== undefined) throw new DamageError("Its main file is missing");
    }
    return await create(options);
  }
  // It got its name when it was complete, so it never was empty.
  if (found.sizeBytes === 0) throw new DamageError("It is empty");
  if (!await keyValues.isSound(path)) throw new DamageError("Its pages or its journal do not fit together");
}

async function create({ platform: { files, keyValues }, path }: FileOptions): Promise<void> {
  const unfinished = path + UNFINISHED;
  // SQLite gives its companions the mode of the main file, so that one has to be right first.
  files.openAppend(unfinished, MODE)[Symbol.dispose]();
  const kv = await keyValues.open(unfinished);
  try {
    await kv.set(SCHEMA_KEY, SCHEMA_VERSION);
  } finally {
    kv.close();
  }
  await files.rename(unfinished, path);
}

async function checkSchema(kv: Deno.Kv, path: string): Promise<void> {
  const { value } = await kv.get(SCHEMA_KEY);
  if (value === SCHEMA_VERSION) return;
  if (typeof value !== "number") throw new DamageError("It has lost its schema version");
  throw new GatewayError(
    "MCPX_STORAGE_TOO_NEW",
    `Cannot open activity "${path}": its schema is ${value}, this version reads up to ${SCHEMA_VERSION}`,
    {
      remedy: `Update mcpproxy, or move ${path} away to record activity anew`,
      details: { path, found: value, supported: SCHEMA_VERSION },
    },
  );
}

/** Files left by an earlier run may be open to others. */
async function narrow(files: Platform["files"], path: string): Promise<void> {
  for (const suffix of FILES) {
    const found = await files.stat(path + suffix);
    if (found?.kind !== "file" || found.mode === undefined || found.mode === MODE) continue;
    await files.chmod(path + suffix, MODE);
  }
}

async function replace({ platform: { clock, files }, path, onNotice }: FileOptions, thrown: unknown) {
  let at = clock.now();
  while (await files.stat(`${path}.corrupt-${at}`) !== undefined) at++;
  const aside = `${path}.corrupt-${at}`;
  // The file goes first: without its journal it could be taken for a sound one, if this is cut short.
  for (const suffix of FILES) {
    if (await files.stat(path + suffix) !== undefined) await files.rename(path + suffix, aside + suffix);
  }
  const why = describe(thrown);
  onNotice(
    `Activity "${path}" is damaged (${why.charAt(0).toLowerCase()}${why.slice(1)}) and was set aside as ` +
      `"${aside}"; a new record of activity begins`,
  );
  return aside;
}
