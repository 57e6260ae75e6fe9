import { join } from "node:path";
import type { Config } from "../contracts/mod.ts";
import { type ConfigService, locateConfig, openConfig, resolveDataDir } from "../config/mod.ts";
import { type Logs, openLogs } from "../observability/mod.ts";
import { createRedactor } from "../secrets/mod.ts";
import { openMemoryStorage, openStorage, type Storage } from "../storage/mod.ts";
import type { PlaceOptions } from "./options.ts";
import {
  lockDataDirectory,
  lockedBy,
  openApiKey,
  openDataDirectory,
  openTokenKey,
  withOverrides,
} from "./place.ts";

const DAY_MS = 86_400_000;

/** How the core is to work. */
export interface CoreOptions extends PlaceOptions {
  /** A daemon owns the data directory; a short-lived process makes do with memory if it is taken. */
  readonly running: boolean;
  readonly logToConsole: boolean;
  readonly phase: () => string;
  readonly listenAddress: () => string | undefined;
  readonly onNotice: (text: string) => void;
}

/** The first things to be there: config, data directory, lock, key, logs. */
export interface Ground {
  readonly config: ConfigService;
  readonly dataDir: string;
  readonly apiKey: string;
  /** Key of the hashes of agent tokens. */
  readonly tokenKey: string;
  readonly logs: Logs;
  /** Opens the storage; the listener hears in words what a person should know of it. */
  readonly storage: (onNotice: (text: string) => void) => Promise<Storage>;
  readonly redactor: ReturnType<typeof createRedactor>;
  /** Whether this process holds the lock of the data directory. */
  readonly ownsDataDir: boolean;
}

/**
 * Opens what must be there before anything may listen or start.
 *
 * @throws {GatewayError} For a bad config or data directory, or a second daemon.
 */
export async function openGround(stack: AsyncDisposableStack, options: CoreOptions): Promise<Ground> {
  const { platform } = options;
  const { env, machine: { home, cwd } } = platform;
  const path = locateConfig({ flag: options.config, dataDir: options.dataDir, env, home, cwd });
  if (options.running) await refuseWhenHeld(options, path);
  const config = stack.use(
    await openConfig(platform, {
      path,
      overrides: (read: Config) => withOverrides(read, options),
      watch: options.running,
      mustExist: options.configMustExist,
    }),
  );
  const snapshot = config.snapshot();
  for (const notice of snapshot.notices) options.onNotice(notice);
  const dataDir = resolveDataDir({
    flag: options.dataDir,
    env,
    config: snapshot.config,
    configPath: config.path,
    home,
  });
  await openDataDirectory(platform, dataDir);
  const { storage, ownsDataDir } = await chooseStorage(stack, options, dataDir);
  const apiKey = await openApiKey(platform, dataDir, snapshot.config);
  const tokenKey = await openTokenKey(platform, dataDir);
  const redactor = createRedactor();
  redactor.add(apiKey);
  redactor.add(tokenKey);
  const logs = stack.use(openLogs(logOptions(options, snapshot.config, dataDir, redactor)));
  return { config, dataDir, apiKey, tokenKey, logs, storage, redactor, ownsDataDir };
}

/** A second daemon is told so before it leaves anything behind, such as a config file of its own. */
async function refuseWhenHeld({ platform, dataDir: flag }: CoreOptions, configPath: string): Promise<void> {
  const { files, env, machine: { home } } = platform;
  // What cannot be looked at, and a file that says itself where its data is, are for those who open them.
  if (await files.stat(configPath).catch(() => "unknown") !== undefined) return;
  const dataDir = resolveDataDir({ flag, env, config: undefined, configPath, home });
  if (await files.stat(dataDir).catch(() => undefined) === undefined) return;
  const lock = await lockDataDirectory(platform, dataDir);
  if (lock === undefined) throw await lockedBy(platform, dataDir);
  lock[Symbol.dispose]();
}

async function chooseStorage(stack: AsyncDisposableStack, options: CoreOptions, dataDir: string) {
  const { platform } = options;
  const lock = await lockDataDirectory(platform, dataDir);
  if (lock !== undefined) {
    stack.use(lock);
    const path = join(dataDir, "mcpproxy.db");
    const storage = (onNotice: (text: string) => void) => openStorage(platform, { path, onNotice });
    return { storage, ownsDataDir: true };
  }
  if (options.running) throw await lockedBy(platform, dataDir);
  return { storage: () => openMemoryStorage(platform), ownsDataDir: false };
}

function logOptions(
  options: CoreOptions,
  config: Config,
  dataDir: string,
  redactor: ReturnType<typeof createRedactor>,
) {
  const { logging } = config;
  return {
    platform: options.platform,
    directory: logDirectory(dataDir, config),
    level: logging.level,
    console: options.logToConsole && logging.enable_console,
    file: options.running && logging.enable_file,
    filename: logging.filename,
    json: logging.json_format,
    maxSizeBytes: logging.max_size * 1024 * 1024,
    maxBackups: logging.max_backups,
    maxAgeMs: logging.max_age === 0 ? Infinity : logging.max_age * DAY_MS,
    compress: logging.compress,
    redact: (text: string) => redactor.redact(text),
  };
}

/** Where log files go. */
export function logDirectory(dataDir: string, { logging }: Config): string {
  return logging.log_dir === "" ? join(dataDir, "logs") : logging.log_dir;
}
