import {
  type ActivityEntry,
  type ActivityFilter,
  type ActivityHealth,
  type ActivityPage,
  type ActivityPeriod,
  type ActivityRecord,
  type ActivitySummary,
  type ActivityUsage,
  GatewayError,
  toGatewayError,
} from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { type Addendum, Awaiting } from "./awaiting.ts";
import { toActivityError } from "./failures.ts";
import { openFile } from "./file.ts";
import { toHealth } from "./health.ts";
import { Intake } from "./intake.ts";
import { type ExportOptions, Journal, type QueryOptions, type Scope } from "./journal.ts";
import { load, type Loaded } from "./load.ts";
import { type Head, prepare, type Prepared } from "./prepare.ts";
import type { ActivityLimits } from "./retention.ts";
import type { UsageQuery } from "./usage.ts";
import { Writer } from "./writer.ts";

const MINUTE_MS = 60_000;
const TOP = 5;

/** Where activity is kept, and how. */
export interface ActivityOptions {
  readonly platform: Pick<Platform, "clock" | "random" | "files" | "keyValues">;
  /** The file; its directory is made with mode 0700 if missing. Nothing else may use it. */
  readonly path: string;
  /** Removes secrets from a text; asked about everything before it is kept. */
  readonly redact: (text: string) => string;
  /** Asked again each time, so that a changed config is in force at once. */
  readonly limits: () => ActivityLimits;
  /** Hears in words what a person should know: damage, failing writes, losses. */
  readonly onNotice: (text: string) => void;
}

/**
 * The durable record of calls, decisions and changes.
 *
 * Whatever is recorded is seen by every reader from then on (if an addendum is
 * not too long in coming), and is on the disk about 100 ms later. Readers reject with what is wrong if there is no
 * usable file; recording goes on without effect, and each loss is counted.
 * Disposing it writes what waits.
 */
export interface Activity extends AsyncDisposable {
  /**
   * Takes a record and returns at once; never throws. What does not find room
   * is counted as lost.
   *
   * @param addendum What is known a little later; the record, and those behind it, wait for it.
   */
  record(entry: ActivityEntry, addendum?: Promise<Addendum>): void;
  /**
   * Resolves when all that was recorded is on the disk.
   *
   * @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED; what waits is tried again later.
   */
  flush(): Promise<void>;
  /**
   * Finds records, newest first. Pages stay in place when further records come.
   *
   * @throws {GatewayError} MCPX_INVALID_INPUT if `cursor` is none.
   */
  query(filter: ActivityFilter, options?: QueryOptions): Promise<ActivityPage>;
  /** Reads one record; `undefined` if there is none with that id, or the scope hides it. */
  get(id: string, scope?: Scope): Promise<ActivityRecord | undefined>;
  /** Counts what happened in the time before now, and what occurred most; 5 of each when `top` is absent. */
  summary(period: ActivityPeriod, options?: Scope & { readonly top?: number }): Promise<ActivitySummary>;
  /**
   * Adds up calls of tools by server or by tool, in whole hours. Reaches back
   * as far as `retentionDays`, also where the records are gone.
   */
  usage(query: UsageQuery): Promise<ActivityUsage>;
  /** Writes records as text, newest first, piece by piece; ending the loop early is all right. */
  export(filter: ActivityFilter, options: ExportOptions): AsyncIterable<string>;
  /** Tells how the record of activity does; never waits. */
  health(): ActivityHealth;
  /**
   * Hears every record a moment after it was made, without what was sent and
   * answered, until the result is disposed. A listener that throws stays.
   */
  subscribe(listener: (record: Head) => void): Disposable;
  /** Removes now what is too old or too much; happens by itself every `cleanupMinutes`. */
  clean(): Promise<void>;
}

/**
 * Opens the record of activity; returns at once and reads the file behind the
 * scenes. A damaged file is set aside and a new one begun. If there is no file
 * to be had, for instance since a newer version has written it, activity is
 * off and {@link Activity.health} says why; nothing else is disturbed.
 *
 * @example Record a call and find it
 * ```ts
 * await using activity = openActivity({ platform, path, redact, limits: () => limits, onNotice: console.error });
 * activity.record({ type: "tool_call", status: "success", server_name: "github", tool_name: "get_me" });
 * const { activities } = await activity.query({ server: "github" });
 * ```
 */
export function openActivity(options: ActivityOptions): Activity {
  return new OpenActivity(options);
}

interface OpenedFile {
  readonly kv: Deno.Kv;
  readonly journal: Journal;
  readonly writer: Writer;
  readonly loaded: Loaded;
  readonly setAside: string | undefined;
}

class OpenActivity implements Activity {
  readonly #options: ActivityOptions;
  readonly #intake: Intake;
  readonly #awaiting = new Awaiting((entry, at) => this.#intake.add(entry, at));
  readonly #listeners = new Set<{ readonly hear: (record: Head) => void }>();
  readonly #opening: Promise<OpenedFile | GatewayError>;
  readonly #cleaner: Disposable;
  #state: OpenedFile | GatewayError | undefined;
  #cleanedAt: number;
  #closing: Promise<void> | undefined;

  constructor(options: ActivityOptions) {
    this.#options = options;
    const { clock } = options.platform;
    this.#cleanedAt = clock.now();
    this.#intake = new Intake({
      clock,
      prepare: (entry, at) => this.#prepare(entry, at),
      take: (prepared) => this.#take(prepared),
      onIdle: () => this.#file?.writer.start(),
      onNotice: options.onNotice,
    });
    this.#cleaner = clock.every(MINUTE_MS, () => void this.#cleanIfDue());
    this.#opening = this.#open();
  }

  get #file(): OpenedFile | undefined {
    return this.#state instanceof GatewayError ? undefined : this.#state;
  }

  record(entry: ActivityEntry, addendum?: Promise<Addendum>): void {
    this.#awaiting.add(entry, this.#options.platform.clock.now(), addendum);
  }

  async flush(): Promise<void> {
    await (await this.#ready()).writer.flush();
  }

  query(filter: ActivityFilter, options: QueryOptions = {}): Promise<ActivityPage> {
    return this.#read(({ journal }) => journal.query(filter, options));
  }

  get(id: string, scope: Scope = {}): Promise<ActivityRecord | undefined> {
    return this.#read(({ journal }) => journal.get(id, scope));
  }

  summary(
    period: ActivityPeriod,
    { top = TOP, servers }: Scope & { readonly top?: number } = {},
  ): Promise<ActivitySummary> {
    const now = this.#options.platform.clock.now();
    return this.#read(({ journal }) => journal.summary(period, { now, top, servers }));
  }

  usage(query: UsageQuery): Promise<ActivityUsage> {
    return this.#read(({ loaded, writer }) => loaded.usage.report(query, writer.allWaiting()));
  }

  async *export(filter: ActivityFilter, options: ExportOptions): AsyncGenerator<string> {
    const { journal } = await this.#ready();
    try {
      yield* journal.export(filter, options);
    } catch (thrown) {
      throw toActivityError("read activity", this.#options.path, thrown);
    }
  }

  health(): ActivityHealth {
    const file = this.#file;
    return toHealth({
      path: this.#options.path,
      state: this.#state === undefined ? "opening" : file === undefined ? "off" : "open",
      failure: this.#state instanceof GatewayError ? this.#state : file?.writer.failure,
      pending: this.#awaiting.size + this.#intake.pending + (file?.writer.pending ?? 0),
      lost: this.#intake.lost + (file?.writer.lost ?? 0),
      early: file?.writer.early ?? 0,
      unreadable: file?.journal.unreadable ?? 0,
      setAside: file?.setAside,
      index: file?.loaded.index,
    });
  }

  subscribe(listener: (record: Head) => void): Disposable {
    // One function may subscribe twice, so the set holds wrappers.
    const entry = { hear: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  async clean(): Promise<void> {
    this.#cleanedAt = this.#options.platform.clock.now();
    await (await this.#ready()).writer.clean();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#cleaner[Symbol.dispose]();
    const opened = await this.#opening;
    this.#awaiting.release();
    this.#intake.close();
    if (opened instanceof GatewayError) return;
    await opened.writer.close();
    opened.kv.close();
  }

  async #open(): Promise<OpenedFile | GatewayError> {
    try {
      const file = await this.#openFile();
      this.#state = file;
      this.#intake.open();
      return file;
    } catch (thrown) {
      const failure = toGatewayError(thrown);
      this.#state = failure;
      this.#intake.close();
      this.#options.onNotice(`${failure.message}; activity is not recorded. ${failure.remedy}`);
      return failure;
    }
  }

  async #openFile(): Promise<OpenedFile> {
    const { platform, path, limits, onNotice, redact } = this.#options;
    const { clock, random } = platform;
    const { kv, setAside, content: loaded } = await openFile(
      { platform, path, onNotice },
      (kv) => load(kv, random),
    );
    const writer = new Writer({ kv, path, clock, limits, onNotice, ...loaded });
    return { kv, writer, loaded, setAside, journal: new Journal({ kv, loaded, writer, random, redact }) };
  }

  #prepare(entry: ActivityEntry, at: number): Prepared {
    const { redact, limits } = this.#options;
    return prepare(entry, at, { redact, maxPayloadBytes: limits().maxPayloadBytes });
  }

  /** @returns Whether the record found room. */
  #take(prepared: Prepared): boolean {
    const stored = this.#file?.journal.add(prepared);
    if (stored === undefined) return false;
    for (const entry of [...this.#listeners]) {
      try {
        if (this.#listeners.has(entry)) entry.hear(stored.head);
      } catch {
        // Whoever listens answers for it; the record is kept whatever they do.
      }
    }
    return true;
  }

  /** The open file, with all in it that was recorded so far. */
  async #ready(): Promise<OpenedFile> {
    const opened = await this.#opening;
    if (opened instanceof GatewayError) throw opened;
    await this.#awaiting.settled(this.#options.platform.clock);
    this.#intake.prepareAll();
    return opened;
  }

  async #read<T>(read: (file: OpenedFile) => Promise<T>): Promise<T> {
    const file = await this.#ready();
    try {
      return await read(file);
    } catch (thrown) {
      throw toActivityError("read activity", this.#options.path, thrown);
    }
  }

  async #cleanIfDue(): Promise<void> {
    const { limits, platform: { clock } } = this.#options;
    const periodMs = Math.max(1, limits().cleanupMinutes) * MINUTE_MS;
    if (this.#file === undefined || Math.abs(clock.now() - this.#cleanedAt) < periodMs) return;
    await this.clean();
  }
}
