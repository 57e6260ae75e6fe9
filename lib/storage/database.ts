import { GatewayError } from "../contracts/mod.ts";
import type { Files, Platform } from "../platform/mod.ts";
import { toStorageError } from "./failures.ts";

const SCHEMA_KEY = ["schema"];
const SCHEMA_VERSION = 1;
const MODE = 0o600;
/** SQLite keeps two more files beside the one we name. */
const COMPANIONS = ["-wal", "-shm"];

/** What opening a database needs. */
export interface DatabaseOptions {
  readonly platform: Pick<Platform, "clock" | "files" | "keyValues">;
  readonly path: string;
  /** Hears in words what a person should know. */
  readonly onNotice: (text: string) => void;
}

/**
 * Opens the database file, made with mode 0600 if missing. A damaged one is
 * renamed, never deleted, and a new one takes its place.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_LOCKED, MCPX_DATA_DIR_DENIED,
 * MCPX_STORAGE_TOO_NEW or MCPX_STORAGE_FAILED.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Deno.Kv> {
  const { files, keyValues } = options.platform;
  try {
    touch(files, options.path);
    if (!await keyValues.isSound(options.path)) {
      await setAside(options);
      touch(files, options.path);
    }
    return await openFile(options);
  } catch (thrown) {
    throw toStorageError("open database", options.path, thrown);
  }
}

/** Takes the database for its own: writes the schema version, or checks the one it finds. */
export async function claimSchema(kv: Deno.Kv, path: string): Promise<void> {
  const { value } = await kv.get(SCHEMA_KEY);
  if (value === SCHEMA_VERSION) return;
  if (value === null) return void await kv.set(SCHEMA_KEY, SCHEMA_VERSION);
  throw new GatewayError(
    "MCPX_STORAGE_TOO_NEW",
    `Cannot open database "${path}": its schema is ${value}, this version reads up to ${SCHEMA_VERSION}`,
    { details: { path, found: value, supported: SCHEMA_VERSION } },
  );
}

/** SQLite gives its companions the mode of the main file, so that one has to be right first. */
function touch(files: Files, path: string): void {
  files.openAppend(path, MODE)[Symbol.dispose]();
}

async function openFile({ platform, path }: DatabaseOptions): Promise<Deno.Kv> {
  const kv = await platform.keyValues.open(path);
  try {
    await claimSchema(kv, path);
    await narrowCompanions(platform, path);
    return kv;
  } catch (thrown) {
    kv.close();
    throw thrown;
  }
}

/** Files left by an earlier run may be open to others. */
async function narrowCompanions({ files }: DatabaseOptions["platform"], path: string): Promise<void> {
  for (const suffix of COMPANIONS) {
    const found = await files.stat(path + suffix);
    if (found?.mode !== undefined && found.mode !== MODE) await files.chmod(path + suffix, MODE);
  }
}

async function setAside({ platform, path, onNotice }: DatabaseOptions): Promise<void> {
  const aside = `${path}.corrupt-${platform.clock.now()}`;
  for (const suffix of ["", ...COMPANIONS]) {
    if (await platform.files.stat(path + suffix) === undefined) continue;
    await platform.files.rename(path + suffix, aside + suffix);
  }
  onNotice(`Database "${path}" is damaged and was set aside as "${aside}"; a new one takes its place`);
}
