import type { Config } from "../contracts/mod.ts";
import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { keyPath, lockedBy, makeKey, writeKeyFile } from "./place.ts";

/** The admin key, which may be replaced while the gateway runs. */
export interface AdminKey {
  /** The key in force. */
  text(): string;
  /** Aborted when the key in force now has been replaced. */
  ended(): AbortSignal;
  /** Where it is kept. */
  readonly file: string;
  /**
   * Puts a new key into force, once it is on the disk.
   *
   * @throws {GatewayError} MCPX_CONFIG_CONFLICT if the config or the environment states the key,
   * MCPX_DATA_DIR_LOCKED if another process has the data directory, MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL.
   */
  reset(): Promise<string>;
}

/** What the key is kept with. */
export interface AdminKeyOptions {
  readonly platform: Platform;
  readonly dataDir: string;
  readonly ownsDataDir: boolean;
  readonly config: () => Config;
  /** The key at the start. */
  readonly apiKey: string;
  /** Hears of every new key before it is in force. */
  readonly onNew: (key: string) => void;
}

/** Keeps the admin key. */
export function createAdminKey(options: AdminKeyOptions): AdminKey {
  const { platform, dataDir } = options;
  let text = options.apiKey;
  let end = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function replace(): Promise<string> {
    if (options.config().api_key !== undefined) throw statedElsewhere(platform);
    if (!options.ownsDataDir) throw await lockedBy(platform, dataDir);
    const next = makeKey(platform);
    options.onNew(next);
    await writeKeyFile(platform, dataDir, { path: keyPath(dataDir), key: next });
    text = next;
    end.abort(new GatewayError("MCPX_UNAUTHORIZED", "Cannot go on: the admin key has been replaced"));
    end = new AbortController();
    return next;
  }

  return {
    text: () => text,
    ended: () => end.signal,
    file: keyPath(dataDir),
    // One after the other, so that the file has the key that is in force.
    reset: () => {
      const made = last.then(replace);
      last = made.catch(() => {});
      return made;
    },
  };
}

function statedElsewhere({ env }: Platform): GatewayError {
  const isInEnvironment = (env.MCPPROXY_API_KEY ?? "") !== "";
  const where = isInEnvironment ? "MCPPROXY_API_KEY" : '"api_key" in the config';
  return new GatewayError("MCPX_CONFIG_CONFLICT", `Cannot make a new admin key: ${where} states the key`, {
    remedy: `Change it there and restart mcpproxy, or take it out and restart: then a key is made and kept`,
  });
}
