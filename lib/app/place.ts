import { join } from "node:path";
import { type Config, GatewayError } from "../contracts/mod.ts";
import { type FileLock, type FileStat, isDiskFull, type Platform } from "../platform/mod.ts";
import type { PlaceOptions } from "./options.ts";

const OPEN_TO_OTHERS = 0o077;

/** Lays the command line over the config; it wins over file and environment. */
export function withOverrides(config: Config, options: PlaceOptions): Config {
  const { listen, requireMcpAuth, readOnly, enableSocket, logLevel, logToFile, logDir } = options;
  const logging = {
    ...config.logging,
    // The CLI has checked the word against the levels of the config schema.
    ...(logLevel === undefined ? {} : { level: logLevel as Config["logging"]["level"] }),
    ...(logToFile === undefined ? {} : { enable_file: logToFile }),
    ...(logDir === undefined ? {} : { log_dir: logDir }),
  };
  return {
    ...config,
    ...options.settings,
    logging,
    ...(listen === undefined ? {} : { listen }),
    ...(requireMcpAuth === undefined ? {} : { require_mcp_auth: requireMcpAuth }),
    ...(readOnly === undefined ? {} : { read_only_mode: readOnly }),
    ...(enableSocket === undefined ? {} : { enable_socket: enableSocket }),
  };
}

/**
 * Makes the data directory, private to its owner, and proves that it can be written.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL.
 */
export async function openDataDirectory(platform: Platform, path: string): Promise<void> {
  const { files } = platform;
  try {
    const before = await files.stat(path);
    if (before === undefined) await files.makeDirectory(path, 0o700);
    else checkOwner(platform, path, before);
    // One name for all: what a killed process leaves of it is cleared away by the next.
    const probe = join(path, ".probe");
    await files.writeAtomic(probe, "", 0o600);
    await files.remove(probe);
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : unwritable(path, cause);
  }
  const found = await files.stat(path);
  if (platform.machine.os === "windows" || found?.kind !== "directory" || found.mode === undefined) return;
  if ((found.mode & OPEN_TO_OTHERS) === 0) return;
  throw new GatewayError(
    "MCPX_DATA_DIR_DENIED",
    `Cannot use data directory "${path}": its mode is 0${
      found.mode.toString(8)
    }, wanted 0700 so that only you can read it`,
    { remedy: `chmod 0700 ${path}` },
  );
}

/**
 * Before anything is written: whoever owns the directory, or the link in its
 * place, decides what is found in it later.
 */
function checkOwner({ machine: { uid } }: Platform, path: string, found: FileStat): void {
  if (found.kind === "symlink") {
    throw new GatewayError(
      "MCPX_DATA_DIR_DENIED",
      `Cannot use data directory "${path}": it is a link, wanted a directory`,
      { remedy: `Name the directory itself: --data-dir "$(realpath ${path})"` },
    );
  }
  if (uid === undefined || found.uid === undefined || found.uid === uid) return;
  throw new GatewayError(
    "MCPX_DATA_DIR_DENIED",
    `Cannot use data directory "${path}": it belongs to user ${found.uid}, wanted you (${uid})`,
    { remedy: `chown -R ${uid} ${path}, or choose another directory with --data-dir` },
  );
}

function unwritable(path: string, cause: unknown): GatewayError {
  if (isDiskFull(cause)) {
    return new GatewayError("MCPX_DISK_FULL", `Cannot use data directory "${path}": its disk is full`, {
      remedy: `Free space on the disk of ${path}, or choose another directory with --data-dir`,
      cause,
    });
  }
  return new GatewayError(
    "MCPX_DATA_DIR_DENIED",
    `Cannot use data directory "${path}": it cannot be written`,
    {
      remedy: `Make it writable (chmod 0700 ${path}) or choose another with --data-dir`,
      cause,
    },
  );
}

/**
 * Takes the lock of the data directory; the system drops it when the process ends.
 *
 * @returns `undefined` if another process holds it.
 * @throws {GatewayError} MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL.
 */
export async function lockDataDirectory(platform: Platform, path: string): Promise<FileLock | undefined> {
  let lock: FileLock | undefined;
  try {
    lock = await platform.files.tryLock(lockPath(path));
  } catch (cause) {
    throw unwritable(path, cause);
  }
  try {
    lock?.write(JSON.stringify({ pid: platform.machine.pid, started_at: platform.clock.now() }));
  } catch {
    // The lock holds all the same; a second daemon is told less of who has it.
  }
  return lock;
}

/** Makes the error for a directory that another daemon holds, naming its process. */
export async function lockedBy(platform: Platform, path: string): Promise<GatewayError> {
  const pid = /"pid":(\d+)/.exec(await platform.files.readText(lockPath(path)) ?? "")?.[1];
  const who = pid === undefined ? "another mcpproxy" : `mcpproxy with process id ${pid}`;
  return new GatewayError("MCPX_DATA_DIR_LOCKED", `Cannot use data directory "${path}": ${who} uses it`, {
    remedy: pid === undefined
      ? undefined
      : `Stop it (kill ${pid}) or choose another directory with --data-dir`,
    details: { pid: pid === undefined ? undefined : Number(pid) },
  });
}

function lockPath(dataDir: string): string {
  return join(dataDir, "mcpproxy.lock");
}

/** Path of the file that holds the admin key made on first start. */
export function keyPath(dataDir: string): string {
  return join(dataDir, "api_key");
}

/**
 * Gives the key with which agent tokens are hashed; made if it does not exist.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL.
 */
export function openTokenKey(platform: Platform, dataDir: string): Promise<string> {
  return openKeyFile(platform, dataDir, join(dataDir, ".token_key"));
}

/**
 * Gives the admin key: of the config, else of its file, which is made if it does not exist.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL.
 */
export async function openApiKey(platform: Platform, dataDir: string, config: Config): Promise<string> {
  if (config.api_key !== undefined) return config.api_key;
  return await openKeyFile(platform, dataDir, keyPath(dataDir));
}

/** A file with 256 random bits that nobody else can read. */
async function openKeyFile(platform: Platform, dataDir: string, path: string): Promise<string> {
  const stored = (await platform.files.readText(path))?.trim();
  if (stored !== undefined && stored !== "") return stored;
  const key = makeKey(platform);
  await writeKeyFile(platform, dataDir, { path, key });
  return key;
}

/** Makes 256 random bits, as text. */
export function makeKey({ random }: Platform): string {
  return Array.from(random.bytes(32), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Writes a key so that nobody else can read it. @throws {GatewayError} MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL. */
export async function writeKeyFile(
  { files }: Platform,
  dataDir: string,
  { path, key }: { readonly path: string; readonly key: string },
): Promise<void> {
  try {
    await files.writeAtomic(path, key + "\n", 0o600);
  } catch (cause) {
    throw unwritable(dataDir, cause);
  }
}
