import { type Config, GatewayError, toGatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { checkConfig, type ConfigCheck, toFailedCheck } from "./check.ts";
import { commitEdit, emptyFile } from "./commit_edit.ts";
import { ensureConfig, readConfig } from "./config_file.ts";
import { sha256, type Snapshot, toSnapshot } from "./effective.ts";
import { isBlank, type JsonObject, readValue } from "./values.ts";
import { type ConfigEdits, editVerified } from "./verified.ts";
import { watchConfig } from "./watch.ts";

export type { Snapshot } from "./effective.ts";

/** Called after a change with the snapshot now in force and the one before. */
export type ConfigListener = (to: Snapshot, from: Snapshot, source: string) => void;

/** The file as it states itself. */
export interface ConfigDocument {
  /** SHA-256 of its text, in hex. */
  readonly hash: string;
  readonly value: JsonObject;
}

/** What a change has led to. */
export interface Revision {
  readonly snapshot: Snapshot;
  /** The snapshot that was in force before it. */
  readonly previous: Snapshot;
  /** SHA-256 of the file's new text, in hex. */
  readonly hash: string;
}

/** Owner of the config file and of the snapshot in force. */
export interface ConfigService extends AsyncDisposable {
  readonly path: string;
  snapshot(): Snapshot;
  /** The file as it is now; the text in force if that is not usable. */
  document(): Promise<ConfigDocument>;
  /** Checks a text, or the file as it is now, as if it were to come into force. */
  check(text?: string): Promise<ConfigCheck>;
  /**
   * Edits the file and takes the result as the new snapshot. The edits apply
   * to the file as it is at that moment, so a hand edit made meanwhile stays.
   *
   * @throws {GatewayError} MCPX_CONFIG_INVALID and others; then nothing was written.
   */
  change(source: string, edits: ConfigEdits): Promise<Snapshot>;
  /**
   * Does the same and tells more of it.
   *
   * @throws {GatewayError} MCPX_CONFIG_CONFLICT — the file has none of the hashes that `ifMatch` names.
   */
  revise(source: string, edits: ConfigEdits, options?: { readonly ifMatch?: string }): Promise<Revision>;
  /** Reads the file again. @throws {GatewayError} If it is invalid; the snapshot in force stays. */
  reload(): Promise<Snapshot>;
  onChange(listener: ConfigListener): Disposable;
  /** Why the file as it is now is not in force; `undefined` while it is. */
  rejection(): GatewayError | undefined;
  /** Hears when the file becomes unusable, and with `undefined` when it is usable again. */
  onRejection(listener: (rejection: GatewayError | undefined) => void): Disposable;
}

/** Source of changes that somebody made to the file itself. */
const FILE = "file";
/** Name of a text that is no file yet, for messages about it. */
const CANDIDATE = "candidate";

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
  const { files, clock, env } = platform;
  const { path, overrides } = options;
  const surroundings = { path, env, overrides };
  const notices = await ensureConfig(platform, options);
  const listeners = new Set<ConfigListener>();
  const rejectionListeners = new Set<(rejection: GatewayError | undefined) => void>();
  const onListenerError = options.onListenerError ??
    ((error: unknown) => platform.stderr.write(`A listener of the config failed: ${error}\n`));
  /** The text that the snapshot stands for, as it was last read or written. */
  let text = await readConfig(files, path);
  let snapshot = toSnapshot(text, surroundings, { version: 1, notices });
  let rejected: { readonly error: GatewayError; readonly text: string | undefined } | undefined;
  /** Changes and reloads run one after the other. */
  let work: Promise<unknown> = Promise.resolve();

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
  function commit(verified: string, source: string): Snapshot {
    const next = toSnapshot(verified, surroundings, { version: snapshot.version + 1 });
    text = verified;
    if (next.hash === snapshot.hash) return snapshot;
    const from = snapshot;
    snapshot = next;
    tell(listeners, (listener) => listener(next, from, source));
    return next;
  }

  /** A file that stays wrong in the same way is told of once. */
  function settle(next: typeof rejected): void {
    const isNews = rejected?.error.message !== next?.error.message;
    rejected = next;
    if (isNews) tell(rejectionListeners, (listener) => listener(next?.error));
  }

  const mayBeBlank = () => isBlank(text, path);

  async function reloadFile(): Promise<Snapshot> {
    let found: string | undefined;
    try {
      found = await readConfig(files, path);
      if (isBlank(found, path) && !mayBeBlank()) throw emptyFile(path);
      const next = commit(found, FILE);
      settle(undefined);
      return next;
    } catch (thrown) {
      const error = toGatewayError(thrown);
      settle({ error, text: found });
      throw error;
    }
  }

  function enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = work.then(task);
    work = result.catch(() => {}); // the caller of this task gets its failure; the next one runs all the same
    return result;
  }

  async function editFile(source: string, edits: ConfigEdits, ifMatch?: string): Promise<Revision> {
    const previous = snapshot;
    const verify = (after: string) => void toSnapshot(after, surroundings, { version: snapshot.version });
    const written = await commitEdit(platform, {
      path,
      ifMatch,
      mayBeBlank: mayBeBlank(),
      rejectedText: rejected?.text,
      change: (before) => editVerified(before, { edits, path, verify }),
    });
    const next = commit(written, source);
    settle(undefined);
    return { snapshot: next, previous, hash: sha256(written) };
  }

  /** A file that would not come into force as it is: it cannot be read, is wrong, or was cut off. */
  async function lookAtFile(): Promise<{ readonly found?: string; readonly check: ConfigCheck }> {
    try {
      const found = await readConfig(files, path);
      const check = checkConfig(found, surroundings);
      const isCut = check.valid && isBlank(found, path) && !mayBeBlank();
      return { found, check: isCut ? toFailedCheck(emptyFile(path)) : check };
    } catch (error) {
      return { check: toFailedCheck(toGatewayError(error)) };
    }
  }

  async function readDocument(): Promise<ConfigDocument> {
    const { found = text, check } = await lookAtFile();
    const usable = check.valid ? found : text;
    return { hash: sha256(usable), value: readValue(usable, path) };
  }

  // A rejected file is told of by onRejection; there is no caller to throw at.
  const onFile = () => void enqueue(reloadFile).catch(() => {});
  const watch = options.watch === true ? watchConfig({ files, clock, path, onChange: onFile }) : undefined;

  return {
    path,
    snapshot: () => snapshot,
    document: readDocument,
    async check(candidate) {
      if (candidate === undefined) return (await lookAtFile()).check;
      return checkConfig(candidate, { ...surroundings, path: CANDIDATE });
    },
    change: async (source, edits) => (await enqueue(() => editFile(source, edits))).snapshot,
    revise: (source, edits, { ifMatch } = {}) => enqueue(() => editFile(source, edits, ifMatch)),
    reload: () => enqueue(reloadFile),
    rejection: () => rejected?.error,
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
