import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type Config, GatewayError, toGatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { type ConfigEdit, editConfig } from "./edit.ts";
import { applyEnvironment } from "./environment.ts";
import { expandTopLevel } from "./expand.ts";
import { parseConfig } from "./parse.ts";
import { watchConfig } from "./watch.ts";

/** The config in force; frozen through and through. */
export interface Snapshot {
  /** Grows by one with each change. */
  readonly version: number;
  /** SHA-256 of the effective config, in hex. */
  readonly hash: string;
  readonly path: string;
  readonly config: Config;
  /** Things to know that are no mistakes. */
  readonly notices: readonly string[];
}

/** Called after a change with the snapshot now in force and the one before. */
export type ConfigListener = (to: Snapshot, from: Snapshot) => void;

/** Owner of the config file and of the snapshot in force. */
export interface ConfigService extends AsyncDisposable {
  readonly path: string;
  snapshot(): Snapshot;
  /**
   * Edits the file and takes the result as the new snapshot. The edits apply
   * to the file as it is at that moment, so a hand edit made meanwhile stays.
   *
   * @throws {GatewayError} MCPX_CONFIG_INVALID and others; then nothing was written.
   */
  change(source: string, edits: readonly ConfigEdit[]): Promise<Snapshot>;
  /** Reads the file again. @throws {GatewayError} If it is invalid; the snapshot in force stays. */
  reload(): Promise<Snapshot>;
  onChange(listener: ConfigListener): Disposable;
  /** Why the file as it is now is not in force; `undefined` while it is. */
  rejection(): GatewayError | undefined;
  /** Hears when the file becomes unusable, and with `undefined` when it is usable again. */
  onRejection(listener: (rejection: GatewayError | undefined) => void): Disposable;
}

/** How a config is opened. */
export interface OpenConfigOptions {
  readonly path: string;
  /** Lays the command line over what file and environment say. */
  readonly overrides?: (config: Config) => Config;
  readonly mustExist?: boolean;
  /** Takes over changes that others make to the file. */
  readonly watch?: boolean;
}

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const FIRST_FILE = `{
  // Config of mcpproxy. Every key is described in docs/reference/config.schema.json.
  "listen": "127.0.0.1:8080",

  // Servers, such as:
  // { "name": "memory", "command": "npx", "args": ["-y", "@modelcontextprotocol/server-memory"], "quarantined": false }
  // A server without "quarantined": false is held until you approve it.
  "mcpServers": []
}
`;

/**
 * Opens the config file; a missing one is made.
 *
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR, MCPX_CONFIG_INVALID, MCPX_CONFIG_NOT_FOUND, MCPX_CONFIG_UNWRITABLE.
 */
export async function openConfig(platform: Platform, options: OpenConfigOptions): Promise<ConfigService> {
  const { files } = platform;
  const { path } = options;
  const firstNotices = await ensureFile(platform, options);
  const listeners = new Set<ConfigListener>();
  let snapshot = toSnapshot(await readFile(), 1, firstNotices);
  /** Changes and reloads run one after the other. */
  let work: Promise<unknown> = Promise.resolve();

  async function readFile(): Promise<string> {
    const text = await files.readText(path);
    if (text !== undefined) return text;
    throw new GatewayError("MCPX_CONFIG_NOT_FOUND", `Cannot read config "${path}": the file does not exist`);
  }

  function toSnapshot(text: string, version: number, more: readonly string[] = []): Snapshot {
    const parsed = parseConfig(text, path);
    const expanded = expandTopLevel(parsed.config, platform.env, path);
    const effective = applyEnvironment(expanded, platform.env);
    const config = deepFreeze(options.overrides?.(effective.config) ?? effective.config);
    const hash = createHash("sha256").update(JSON.stringify(config)).digest("hex");
    return Object.freeze({
      version,
      hash,
      path,
      config,
      notices: [...more, ...parsed.notices, ...effective.notices],
    });
  }

  /** The one place where a verified text becomes the snapshot in force. */
  function commit(text: string): Snapshot {
    const next = toSnapshot(text, snapshot.version + 1);
    if (next.hash === snapshot.hash) return snapshot;
    const from = snapshot;
    snapshot = next;
    for (const listener of [...listeners]) notify(listener, next, from);
    return next;
  }

  let rejected: GatewayError | undefined;
  const rejectionListeners = new Set<(rejection: GatewayError | undefined) => void>();

  /** A file that stays wrong in the same way is told of once. */
  function settle(rejection: GatewayError | undefined): void {
    if (rejected?.message === rejection?.message) return;
    rejected = rejection;
    for (const listener of [...rejectionListeners]) listener(rejection);
  }

  async function reloadFile(): Promise<Snapshot> {
    try {
      const next = commit(await readFile());
      settle(undefined);
      return next;
    } catch (thrown) {
      const error = toGatewayError(thrown);
      settle(error);
      throw error;
    }
  }

  function enqueue(task: () => Promise<Snapshot>): Promise<Snapshot> {
    const result = work.then(task);
    work = result.catch(() => {}); // the caller of this task gets its failure; the next one runs all the same
    return result;
  }

  async function editFile(edits: readonly ConfigEdit[]): Promise<Snapshot> {
    const real = await files.realPath(path);
    using _lock = await lockFile(platform, real);
    const before = await readFile();
    const after = editConfig(before, edits);
    toSnapshot(after, snapshot.version + 1); // throws before anything is written
    if (after !== before) await writeFile(platform, real, after);
    const next = commit(after);
    settle(undefined);
    return next;
  }

  // A rejected file is told of by onRejection; there is no caller to throw at.
  const onFile = () => void enqueue(reloadFile).catch(() => {});
  const watch = options.watch === true
    ? watchConfig({ files, clock: platform.clock, path, onChange: onFile })
    : undefined;
  return {
    path,
    snapshot: () => snapshot,
    change: (_source, edits) => enqueue(() => editFile(edits)),
    reload: () => enqueue(reloadFile),
    rejection: () => rejected,
    onRejection(listener) {
      rejectionListeners.add(listener);
      return { [Symbol.dispose]: () => void rejectionListeners.delete(listener) };
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    async [Symbol.asyncDispose]() {
      await watch?.[Symbol.asyncDispose]();
      listeners.clear();
      rejectionListeners.clear();
      await work;
    },
  };
}

function notify(listener: ConfigListener, to: Snapshot, from: Snapshot): void {
  try {
    listener(to, from);
  } catch (error) {
    // One listener must not keep the others from the change; its failure still surfaces.
    queueMicrotask(() => {
      throw error;
    });
  }
}

async function ensureFile(platform: Platform, { path, mustExist }: OpenConfigOptions): Promise<string[]> {
  const { files } = platform;
  if (await files.stat(path) !== undefined) return [];
  if (mustExist === true) {
    throw new GatewayError("MCPX_CONFIG_NOT_FOUND", `Cannot read config "${path}": the file does not exist`);
  }
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
    notices.push(`Found a config of mcpproxy-go; to use it, start with --config ${old}`);
  }
  return notices;
}

async function lockFile(platform: Platform, path: string) {
  try {
    return await platform.files.lock(`${path}.lock`);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

async function writeFile(platform: Platform, path: string, text: string): Promise<void> {
  const mode = (await platform.files.stat(path))?.mode ?? FILE_MODE;
  try {
    await platform.files.writeAtomic(path, text, mode);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): GatewayError {
  return new GatewayError(
    "MCPX_CONFIG_UNWRITABLE",
    `Cannot write config "${path}": the system does not allow it`,
    {
      remedy: `Make ${path} and its directory writable for you`,
      cause,
    },
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
