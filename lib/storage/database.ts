import { GatewayError } from "../contracts/mod.ts";
import type { Files, Platform } from "../platform/mod.ts";
import { DamageError, isDamage, isOfEnvironment, toStorageError } from "./failures.ts";
import { planMigrations } from "./migrations.ts";
import { type Mark, readMark, SCHEMA_VERSION, writeMark } from "./schema.ts";
import { COMPANIONS, findSetAside, type SetAside, setAside } from "./set_aside.ts";

const MODE = 0o600;
/** A file gets its name when it is complete; until then it is called this and may be thrown away. */
const UNFINISHED = ".new";

/** What opening a database needs. */
export interface DatabaseOptions {
  readonly platform: Pick<Platform, "clock" | "files" | "keyValues">;
  readonly path: string;
  /** Hears in words what a person should know. */
  readonly onNotice: (text: string) => void;
}

/** An open database. */
export interface Database<T> {
  readonly kv: Deno.Kv;
  /** Epoch milliseconds; see {@link Mark}. */
  readonly replacedAt: number | undefined;
  /** The last damaged database that still lies beside it. */
  readonly setAside: SetAside | undefined;
  /** What `read` has made of it. */
  readonly content: T;
}

/**
 * Opens the database file, made with mode 0600 if missing, and reads it. A
 * damaged one is renamed, never deleted, and a new one takes its place; an
 * older one is migrated, and kept as it was under another name.
 *
 * @param read Reads what is needed from the start; called again on the new database if the old one cannot be read.
 * @throws {GatewayError} MCPX_DATA_DIR_LOCKED, MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL,
 * MCPX_STORAGE_TOO_NEW or MCPX_STORAGE_FAILED.
 */
export async function openDatabase<T>(
  options: DatabaseOptions,
  read: (kv: Deno.Kv) => Promise<T>,
): Promise<Database<T>> {
  try {
    await removeStore(options.platform.files, options.path + UNFINISHED);
    try {
      return await openOnce(options, read);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      await replace(options, thrown);
      return await openOnce(options, read);
    }
  } catch (thrown) {
    throw toStorageError("open database", options.path, thrown);
  }
}

async function openOnce<T>(
  options: DatabaseOptions,
  read: (kv: Deno.Kv) => Promise<T>,
): Promise<Database<T>> {
  const { platform, path } = options;
  await checkFile(options);
  const { kv, mark } = await openNewest(options);
  try {
    await narrowCompanions(platform, path);
    const content = await read(kv);
    return { kv, replacedAt: mark.replacedAt, setAside: await findSetAside(platform, path), content };
  } catch (thrown) {
    kv.close();
    throw thrown;
  }
}

interface Marked {
  readonly kv: Deno.Kv;
  readonly mark: Mark;
}

async function openNewest(options: DatabaseOptions): Promise<Marked> {
  const found = await openMarked(options);
  if (found.mark.version === SCHEMA_VERSION) return found;
  found.kv.close();
  await migrate(options, found.mark);
  return await openMarked(options);
}

async function openMarked(options: DatabaseOptions): Promise<Marked> {
  const kv = await openFile(options);
  try {
    return { kv, mark: await checkMark(kv, options.path) };
  } catch (thrown) {
    kv.close();
    throw thrown;
  }
}

/** Makes the file if it is missing; proves it sound if it is there. */
async function checkFile(options: DatabaseOptions): Promise<void> {
  const { platform: { files, keyValues }, path } = options;
  const found = await files.stat(path);
  if (found === undefined) {
    if (await hasCompanions(files, path)) throw new DamageError("Its main file is missing");
    return await create(options);
  }
  if (found.kind === "directory" || found.kind === "other") throw notAFile(path, found.kind);
  if (found.kind === "file" && found.mode !== undefined && found.mode !== MODE) await files.chmod(path, MODE);
  // It got its name when it was complete, so it never was empty.
  if (found.sizeBytes === 0) throw new DamageError("It is empty");
  if (!await keyValues.isSound(path)) throw new DamageError("Its pages or its journal do not fit together");
}

function notAFile(path: string, kind: string): GatewayError {
  const what = kind === "directory" ? "a directory" : "something that is no file";
  return new GatewayError("MCPX_DATA_DIR_DENIED", `Cannot open database "${path}": ${what} is in its place`, {
    remedy: `Move ${path} away, or choose another directory with --data-dir`,
  });
}

async function openFile({ platform, path }: DatabaseOptions): Promise<Deno.Kv> {
  try {
    return await platform.keyValues.open(path);
  } catch (thrown) {
    if (isOfEnvironment(thrown)) throw thrown;
    throw new DamageError("It cannot be opened", { cause: thrown });
  }
}

async function checkMark(kv: Deno.Kv, path: string): Promise<Mark> {
  const mark = await readMark(kv);
  if (mark === undefined) throw new DamageError("It has lost its schema version");
  if (mark.version <= SCHEMA_VERSION) return mark;
  throw new GatewayError(
    "MCPX_STORAGE_TOO_NEW",
    `Cannot open database "${path}": its schema is ${mark.version}, this version reads up to ${SCHEMA_VERSION}`,
    { details: { path, found: mark.version, supported: SCHEMA_VERSION } },
  );
}

async function create(options: DatabaseOptions): Promise<void> {
  const { platform, path } = options;
  const unfinished = path + UNFINISHED;
  touch(platform.files, unfinished);
  const kv = await platform.keyValues.open(unfinished);
  try {
    const isReplacement = await findSetAside(platform, path) !== undefined;
    const replacedAt = isReplacement ? platform.clock.now() : undefined;
    await writeMark(kv, { version: SCHEMA_VERSION, replacedAt });
  } finally {
    kv.close();
  }
  await takePlace(options);
}

/** Brings a copy up to date, and then lets it take the place of the original in one step. */
async function migrate(options: DatabaseOptions, { version, replacedAt }: Mark): Promise<void> {
  const { platform: { files, keyValues }, path, onNotice } = options;
  // An attempt that was cut short may have left one; the original is still the same.
  const backup = `${path}.schema-${version}`;
  await copyUnfinished(options);
  await files.rename(path + UNFINISHED, backup);
  await copyUnfinished(options);
  const kv = await keyValues.open(path + UNFINISHED);
  try {
    for (const { run } of planMigrations(version)) await run(kv);
    await writeMark(kv, { version: SCHEMA_VERSION, replacedAt });
  } finally {
    kv.close();
  }
  await takePlace(options);
  onNotice(
    `Database "${path}" was brought from schema ${version} to ${SCHEMA_VERSION}; as it was: "${backup}"`,
  );
}

async function copyUnfinished({ platform: { files, keyValues }, path }: DatabaseOptions): Promise<void> {
  await demandClosed(files, path);
  touch(files, path + UNFINISHED);
  await keyValues.copy(path, path + UNFINISHED);
}

/** SQLite gives its companions the mode of the main file, so that one has to be right first. */
function touch(files: Files, path: string): void {
  files.openAppend(path, MODE)[Symbol.dispose]();
}

async function takePlace({ platform: { files }, path }: DatabaseOptions): Promise<void> {
  await demandClosed(files, path + UNFINISHED);
  await demandClosed(files, path);
  await files.rename(path + UNFINISHED, path);
}

/** A closed store has no journal; one that has would be put together with another file's. */
async function demandClosed(files: Files, path: string): Promise<void> {
  if (!await hasCompanions(files, path)) return;
  throw new GatewayError(
    "MCPX_STORAGE_FAILED",
    `Cannot replace database "${path}": its journal is still in use`,
    {
      remedy: "Stop whatever else uses the file, then start mcpproxy again",
    },
  );
}

async function hasCompanions(files: Files, path: string): Promise<boolean> {
  const found = await Promise.all(COMPANIONS.map((suffix) => files.stat(path + suffix)));
  return found.some((stat) => stat !== undefined);
}

async function removeStore(files: Files, path: string): Promise<void> {
  for (const suffix of ["", ...COMPANIONS]) await files.remove(path + suffix);
}

async function replace({ platform, path, onNotice }: DatabaseOptions, thrown: unknown): Promise<void> {
  const { path: aside } = await setAside(platform, path);
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  onNotice(
    `Database "${path}" is damaged (${
      toClause(why)
    }) and was set aside as "${aside}"; a new one takes its place, ` +
      "and what had been approved in it counts as not approved",
  );
}

function toClause(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Files left by an earlier run may be open to others. */
async function narrowCompanions({ files }: DatabaseOptions["platform"], path: string): Promise<void> {
  for (const suffix of COMPANIONS) {
    const found = await files.stat(path + suffix);
    if (found?.mode !== undefined && found.mode !== MODE) await files.chmod(path + suffix, MODE);
  }
}
