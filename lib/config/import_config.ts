import { dirname } from "node:path";
import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { checkConfig } from "./check.ts";
import { commitEdit } from "./commit_edit.ts";
import { FIRST_FILE, readConfig } from "./config_file.ts";

/** What an import has done. */
export interface ImportOutcome {
  /** Names of the servers of the imported file. */
  readonly servers: readonly string[];
  readonly notices: readonly string[];
  /** Copy of the file that was there before. */
  readonly backup?: string;
}

/**
 * Takes over a config of mcpproxy-go: copies its text, comments and all, if it
 * is valid here. The old file stays as it is.
 *
 * @param force Replaces a config file that somebody has written; a copy of it is kept.
 * @throws {GatewayError} MCPX_CONFIG_EXISTS, MCPX_CONFIG_NOT_FOUND, and whatever is wrong with the imported file.
 */
export async function importConfig(
  platform: Platform,
  { from, path, force }: { readonly from: string; readonly path: string; readonly force?: boolean },
): Promise<ImportOutcome> {
  const { files, env } = platform;
  const text = await readConfig(files, from);
  const check = checkConfig(text, { path: from, env });
  if (!check.valid) throw check.error;
  const before = await files.readText(path);
  const backup = await makeRoom(platform, { path, before, text, force });
  if (before === undefined) {
    if (await files.stat(dirname(path)) === undefined) await files.makeDirectory(dirname(path), 0o700);
    await files.writeAtomic(path, text, 0o600);
  } else {
    await commitEdit(platform, { path, mayBeBlank: true, acceptedText: before, change: () => text });
  }
  return { servers: check.config.mcpServers.map(({ name }) => name), notices: check.notices, backup };
}

async function makeRoom(
  platform: Platform,
  { path, before, text, force }: {
    readonly path: string;
    readonly before: string | undefined;
    readonly text: string;
    readonly force?: boolean;
  },
): Promise<string | undefined> {
  if (before === undefined || before === FIRST_FILE || before === text) return undefined;
  if (force !== true) {
    throw new GatewayError(
      "MCPX_CONFIG_EXISTS",
      `Cannot import into "${path}": the file has settings of its own`,
      {
        remedy: "Add --force to replace it; a copy of it is kept beside it",
        details: { path },
      },
    );
  }
  const backup = `${path}.${platform.clock.now()}.bak`;
  await platform.files.writeAtomic(backup, before, 0o600);
  return backup;
}
