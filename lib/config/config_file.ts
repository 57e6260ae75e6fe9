/**
 * The config as a file: made, read, locked and replaced.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { GatewayError } from "../contracts/mod.ts";
import { type FileLock, type Files, isDiskFull, type Platform } from "../platform/mod.ts";

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** Text of a config file that nobody has written yet. */
export const FIRST_FILE = `{
  // Config of mcpproxy. Every key is described in docs/reference/config.schema.json.
  "listen": "127.0.0.1:8080",

  // Servers, such as:
  // { "name": "memory", "command": "npx", "args": ["-y", "@modelcontextprotocol/server-memory"], "quarantined": false }
  // A server without "quarantined": false is held until you approve it.
  "mcpServers": []
}
`;

/**
 * Makes the config file if it is missing.
 *
 * @returns What a person should know of it; empty if it was there.
 * @throws {GatewayError} MCPX_CONFIG_NOT_FOUND if it must exist, MCPX_CONFIG_UNWRITABLE.
 */
export async function ensureConfig(
  platform: Platform,
  { path, mustExist }: { readonly path: string; readonly mustExist?: boolean },
): Promise<string[]> {
  const { files } = platform;
  // What cannot be looked at may be there all the same, so it is never written over.
  const found = await files.stat(path).catch((cause) => {
    throw mustExist === true ? notFound(path, cause) : unwritable(path, cause);
  });
  if (found !== undefined) {
    await sweep(files, path);
    return [];
  }
  if (mustExist === true) throw notFound(path);
  const directory = dirname(path);
  try {
    if (await files.stat(directory) === undefined) await files.makeDirectory(directory, DIRECTORY_MODE);
    await files.writeAtomic(path, FIRST_FILE, FILE_MODE);
  } catch (cause) {
    throw unwritable(path, cause);
  }
  const old = join(directory, "mcp_config.json");
  const notices = [`Made the config file ${path}`];
  if (basename(path) !== "mcp_config.json" && await files.stat(old) !== undefined) {
    notices.push(
      `Found a config of mcpproxy-go; to take it over: mcpproxy config import (or start with --config ${old})`,
    );
  }
  return notices;
}

/** Clears away what an edit left that was cut short; the text may hold secrets. */
async function sweep(files: Files, path: string): Promise<void> {
  const real = await files.realPath(path).catch(() => path); // a link to nowhere is found out by the reader
  await files.sweep(real);
}

/** Reading more would keep everything else waiting; a thousand servers take half a megabyte. */
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;

function tooLarge(path: string, sizeBytes: number): GatewayError {
  const megabytes = (sizeBytes / 1024 / 1024).toFixed(1);
  return new GatewayError(
    "MCPX_CONFIG_INVALID",
    `Cannot read config "${path}": it has ${megabytes} MB, wanted at most ${MAX_CONFIG_BYTES / 1024 / 1024}`,
    {
      remedy: "See whether it is the right file, and whether something was added to it again and again",
      details: { path },
    },
  );
}

/** Reads the config; whatever keeps it from being read is said in words. */
export async function readConfig(files: Files, path: string): Promise<string> {
  let text: string | undefined;
  try {
    const { sizeBytes = 0 } = await files.stat(path) ?? {};
    if (sizeBytes > MAX_CONFIG_BYTES) throw tooLarge(path, sizeBytes);
    text = await files.readText(path);
    // What a link leads to was not looked at before.
    if (text !== undefined && text.length > MAX_CONFIG_BYTES) throw tooLarge(path, text.length);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError(
      "MCPX_CONFIG_INVALID",
      `Cannot read config "${path}": the system says "${why}", wanted a readable file`,
      { remedy: `Make ${path} a file that you may read`, cause, details: { path } },
    );
  }
  if (text !== undefined) return text;
  throw notFound(path);
}

/** Waits until no other process edits the config. */
export async function lockConfig(platform: Platform, path: string): Promise<FileLock> {
  try {
    return await platform.files.lock(`${path}.lock`);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * Replaces the config in one step if it still holds `from`; its mode stays.
 *
 * @returns `false` if it holds something else by now.
 * @throws {GatewayError} MCPX_CONFIG_UNWRITABLE, also for a file of somebody else, which would be ours then.
 */
export async function replaceConfig(
  platform: Platform,
  path: string,
  change: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const { mode = FILE_MODE, uid } = await platform.files.stat(path) ?? {};
  if (uid !== undefined && platform.machine.uid !== undefined && uid !== platform.machine.uid) {
    throw new GatewayError(
      "MCPX_CONFIG_UNWRITABLE",
      `Cannot write config "${path}": it belongs to user ${uid}, wanted you (${platform.machine.uid})`,
      { remedy: `Edit it as its owner, or make it yours: chown ${platform.machine.uid} ${path}` },
    );
  }
  try {
    return await platform.files.replaceText(path, { ...change, mode });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function notFound(path: string, cause?: unknown): GatewayError {
  return new GatewayError("MCPX_CONFIG_NOT_FOUND", `Cannot read config "${path}": the file does not exist`, {
    cause,
    details: { path },
  });
}

function unwritable(path: string, cause: unknown): GatewayError {
  if (isDiskFull(cause)) {
    return new GatewayError("MCPX_DISK_FULL", `Cannot write config "${path}": the disk is full`, {
      remedy: `Free space on the disk of ${dirname(path)}, then repeat the change; the file is as it was`,
      cause,
    });
  }
  return new GatewayError(
    "MCPX_CONFIG_UNWRITABLE",
    `Cannot write config "${path}": the system does not allow it`,
    {
      remedy: `Make ${path} and its directory writable for you`,
      cause,
    },
  );
}
