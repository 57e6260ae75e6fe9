import { createHash } from "node:crypto";
import { type Config, GatewayError, toGatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { ensureConfig, lockConfig, readConfig, writeConfig } from "./config_file.ts";
import { type ConfigEdit, editConfig } from "./edit.ts";
import { applyEnvironment } from "./environment.ts";
import { expandTopLevel } from "./expand.ts";
import { parseConfig, withoutMark } from "./parse.ts";
import { parseSyntax } from "./syntax.ts";
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
  /** Hears of listeners that throw; standard error does when absent. */
  readonly onListenerError?: (error: unknown) => void;
}

/**
 * Opens the config file; a missing one is made.
 *
 * The effective config is what the file says, then the environment, then `overrides`.
 *
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR, MCPX_CONFIG_INVALID, MCPX_CONFIG_MISSING_SECRET,
 * MCPX_CONFIG_NOT_FOUND, MCPX_CONFIG_UNWRITABLE.
 */
export async function openConfig(platform: Platform, options: OpenConfigOptions): Promise<ConfigService> {
  const { files } = platform;
  const { path } = options;
  const firstNotices = await ensureConfig(platform, options);
  const listeners = new Set<ConfigListener>();
  const onListenerError = options.onListenerError ??
    ((error: unknown) => platform.stderr.write(`A listener of the config failed: ${error}\n`));
  let snapshot = toSnapshot(await readConfig(files, path), 1, firstNotices);
  /** Changes and reloads run one after the other. */
  let work: Promise<unknown> = Promise.resolve();

  function toSnapshot(text: string, version: number, more: readonly string[] = []): Snapshot {
    const parsed = parseConfig(text, path);
    const expanded = expandTopLevel(parsed.config, platform.env, path);
    const effective = applyEnvironment(expanded, platform.env);
    const config = options.overrides?.(effective.config) ?? effective.config;
    const hash = createHash("sha256").update(JSON.stringify(config)).digest("hex");
    return deepFreeze({
      version,
      hash,
      path,
      config,
      notices: [...more, ...parsed.notices, ...effective.notices],
    });
  }

  /** One listener that throws must not keep the others from the news. */
  function tell<L>(all: ReadonlySet<L>, call: (listener: L) => void): void {
    for (const listener of [...all]) {
      try {
        call(listener);
      } catch (error) {
        onListenerError(error);
      }
    }
  }

  /** The one place where a verified text becomes the snapshot in force. */
  function commit(text: string): Snapshot {
    const next = toSnapshot(text, snapshot.version + 1);
    if (next.hash === snapshot.hash) return snapshot;
    const from = snapshot;
    snapshot = next;
    tell(listeners, (listener) => listener(next, from));
    return next;
  }

  let rejected: GatewayError | undefined;
  const rejectionListeners = new Set<(rejection: GatewayError | undefined) => void>();

  /** A file that stays wrong in the same way is told of once. */
  function settle(rejection: GatewayError | undefined): void {
    if (rejected?.message === rejection?.message) return;
    rejected = rejection;
    tell(rejectionListeners, (listener) => listener(rejection));
  }

  async function reloadFile(): Promise<Snapshot> {
    try {
      const next = commit(await readConfig(files, path));
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
    await readConfig(files, path); // says so if the file has gone, before a lock is made for it
    const real = await files.realPath(path);
    using _lock = await lockConfig(platform, real);
    const before = await readConfig(files, path);
    const after = editVerified(before, {
      edits,
      path,
      verify: (text) => void toSnapshot(text, snapshot.version),
    });
    if (after !== before) await writeConfig(platform, real, after);
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

/** Applies edits and checks the result, so that only a good text is ever written. */
function editVerified(
  before: string,
  { edits, path, verify }: {
    readonly edits: readonly ConfigEdit[];
    readonly path: string;
    readonly verify: (text: string) => void;
  },
): string {
  parseSyntax(withoutMark(before), path); // places in a broken text are those of the file, not of its edited form
  const after = editConfig(before, edits);
  try {
    verify(after);
  } catch (error) {
    throw isValid(before, verify) ? asRefusal(error) : error;
  }
  return after;
}

function isValid(text: string, verify: (text: string) => void): boolean {
  try {
    verify(text);
    return true;
  } catch {
    return false;
  }
}

/** The edit is at fault, not the file; lines and columns would be those of a text nobody can see. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.code !== "MCPX_CONFIG_INVALID") return error;
  const message = error.message
    .replace("Cannot read config", "Cannot change config")
    .replace(/ at \d+:\d+: /, ": ");
  return new GatewayError(error.code, message, {
    remedy: error.remedy,
    cause: error,
    details: error.details,
  });
}

/** A frozen object can hold others that are not, so all of it is walked. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
