import { dirname, join } from "node:path";
import type { Clock, Files } from "../platform/mod.ts";

const MODE = 0o600;
const PERIOD_MS = 3_600_000;
/** Whoever follows a log, looking every 250 ms, is through with a renamed file by then. */
const SETTLE_MS = 2_000;
const BACKUP = /^(?<log>.+)\.[1-9]\d*(?<packed>\.gz(?<unfinished>\.tmp\.\d+-\d+)?)?$/;

/** Which renamed logs are to be kept, and how. */
export interface LogKeeperOptions {
  readonly platform: { readonly clock: Clock; readonly files: Files };
  /** Where the logs lie. */
  readonly directories: Iterable<string>;
  /** Tells the path of a log from everything else in these directories. */
  readonly isLog: (path: string) => boolean;
  /** `Infinity` means no limit. */
  readonly maxAgeMs: number;
  readonly compress: boolean;
  /** Hears once of each stretch of failures. */
  readonly onFailure: (error: unknown, path: string) => void;
}

interface Backup {
  readonly path: string;
  /** The log that it was once. */
  readonly log: string;
  readonly state: "plain" | "packed" | "unfinished";
}

/**
 * Removes renamed logs that are too old and compresses the others: soon after
 * the start and after each renaming, and every hour. It works beside those who
 * write, who never wait for it.
 */
export class LogKeeper implements AsyncDisposable {
  readonly #options: LogKeeperOptions;
  /** When each log was renamed last, of those that were a moment ago. */
  readonly #rolledAt = new Map<string, number>();
  readonly #abort = new AbortController();
  #period: Disposable | undefined;
  #next: Disposable | undefined;
  #running: Promise<void> | undefined;
  #hasFailed = false;

  constructor(options: LogKeeperOptions) {
    this.#options = options;
  }

  /** Begins; does nothing when told again, or when nothing is to be done. */
  start(): void {
    const { compress, maxAgeMs, platform: { clock } } = this.#options;
    if (this.#period !== undefined || this.#abort.signal.aborted) return;
    if (!compress && maxAgeMs === Infinity) return;
    this.#period = clock.every(PERIOD_MS, () => this.#arm());
    this.#arm();
  }

  /** Takes note that a log was renamed. */
  rolled(log: string): void {
    if (this.#period === undefined) return;
    this.#rolledAt.set(log, this.#options.platform.clock.monotonic());
    this.#arm();
  }

  /** Stops; a file that was being compressed stays as it was. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    this.#period?.[Symbol.dispose]();
    this.#next?.[Symbol.dispose]();
    await this.#running;
  }

  #arm(): void {
    this.#next ??= this.#options.platform.clock.after(SETTLE_MS, () => {
      this.#next = undefined;
      if (this.#running !== undefined) return this.#arm();
      this.#running = this.#pass().finally(() => this.#running = undefined);
    });
  }

  async #pass(): Promise<void> {
    let failures = 0;
    for (const directory of this.#options.directories) {
      for (const backup of await this.#backups(directory)) {
        if (this.#abort.signal.aborted) return;
        if (!await this.#tendSafely(backup)) failures++;
      }
    }
    this.#hasFailed = failures > 0;
  }

  async #backups(directory: string): Promise<readonly Backup[]> {
    // No directory means no logs; one that cannot be read is told of by those who write.
    const names = await this.#options.platform.files.list(directory).catch(() => []);
    return names.flatMap((name) => toBackup(join(directory, name)) ?? [])
      .filter(({ log }) => this.#options.isLog(log));
  }

  async #tendSafely(backup: Backup): Promise<boolean> {
    try {
      await this.#tend(backup);
      return true;
    } catch (error) {
      if (this.#abort.signal.aborted) return true;
      if (!this.#hasFailed) this.#options.onFailure(error, backup.path);
      this.#hasFailed = true;
      return false;
    }
  }

  async #tend({ path, log, state }: Backup): Promise<void> {
    const { compress, maxAgeMs, platform: { clock, files } } = this.#options;
    if (state === "unfinished") return await files.sweep(path.replace(/\.tmp\.[^.]+$/, ""));
    if (files.removeOlder(path, clock.now() - maxAgeMs) || !compress || state === "packed") return;
    if (!this.#isSettled(log)) return this.#arm();
    if ((await files.stat(path))?.kind !== "file") return;
    await files.compress(path, { mode: MODE, signal: this.#abort.signal });
  }

  #isSettled(log: string): boolean {
    const rolledAt = this.#rolledAt.get(log);
    if (rolledAt === undefined) return true;
    if (this.#options.platform.clock.monotonic() - rolledAt < SETTLE_MS) return false;
    this.#rolledAt.delete(log);
    return true;
  }
}

function toBackup(path: string): Backup | undefined {
  const { log, packed, unfinished } = BACKUP.exec(path.slice(dirname(path).length + 1))?.groups ?? {};
  if (log === undefined) return undefined;
  const state = unfinished !== undefined ? "unfinished" : packed !== undefined ? "packed" : "plain";
  return { path, log: join(dirname(path), log), state };
}
