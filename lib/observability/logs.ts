import { dirname, join } from "node:path";
import type { Platform } from "../platform/mod.ts";
import { type AccessEntry, type AccessLog, BufferedAccessLog, toLoggedPath } from "./access_log.ts";
import { type LogFields, toFields, toText } from "./fields.ts";
import { isWanted, type LogLevel } from "./level.ts";
import { type LogEvent, toHumanLine, toJsonLine, toServerLine, withoutLooks } from "./lines.ts";
import { LogKeeper } from "./log_keeper.ts";
import { RollingFile } from "./rolling_file.ts";
import { isServerLogPath, serverLogPath } from "./server_log.ts";

/** A thousand servers with a log each must not use up the file descriptors, nor a hundred that fail open theirs for each line. */
const MAX_OPEN_FILES = 256;
const ACCESS_LOG = "http.log";

/** Where logs go and what they say. */
export interface LogsOptions {
  readonly platform: Pick<Platform, "clock" | "files" | "stderr">;
  /** Directory of all log files; made with mode 0700 if missing. */
  readonly directory: string;
  /** Least important level that is kept; server logs keep all. */
  readonly level: LogLevel;
  /** Whether events are also written to standard error. */
  readonly console: boolean;
  /** JSON lines instead of lines for people. */
  readonly json: boolean;
  readonly maxSizeBytes: number;
  /** How many renamed files are kept of each log. */
  readonly maxBackups: number;
  /** Renamed files that were last written longer ago are removed; default `Infinity`. */
  readonly maxAgeMs?: number;
  /** Whether renamed files are compressed; default false. */
  readonly compress?: boolean;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Whether events go to a file; default true. Server logs always do. */
  readonly file?: boolean;
  /** Name of the main log in `directory`; default `main.log`. */
  readonly filename?: string;
}

/** Writes events of one room; never throws. */
export type Logger = {
  readonly [
    /**
     * Writes one event: a lower-case message without values, and the values as
     * fields.
     */
    level in LogLevel
  ]: (message: string, fields?: LogFields) => void;
};

/** The log of one server: its stderr and what happened to it. */
export interface ServerLog {
  /** Writes one line; never throws. */
  write(level: LogLevel, message: string): void;
}

/** All logs of one gateway. */
export interface Logs extends AsyncDisposable {
  logger(room: string): Logger;
  /** @throws {RangeError} If no server can have this name. */
  serverLog(name: string): ServerLog;
  /** The log of requests, `http.log`; `undefined` if events go to no file. */
  readonly accessLog: AccessLog | undefined;
}

/** Opens the logs; files are made at their first line. Two gateways in one process share nothing. */
export function openLogs(options: LogsOptions): Logs {
  return new OpenLogs(options);
}

class OpenLogs implements Logs {
  readonly #options: LogsOptions;
  readonly #main: RollingFile | undefined;
  readonly accessLog: BufferedAccessLog | undefined;
  readonly #servers = new Map<string, RollingFile>();
  /** Files that may be open, least recently used first. */
  readonly #open = new Set<RollingFile>();
  readonly #keeper: LogKeeper;
  /** Of the requests whose lines are made just now. */
  readonly #asked = new Map<string, ReturnType<typeof toFields>>();
  #isDisposed = false;

  constructor(options: LogsOptions) {
    this.#options = options;
    const mainPath = join(options.directory, options.filename ?? "main.log");
    this.#keeper = this.#openKeeper(options, mainPath);
    if (options.file === false) return;
    this.#main = this.#rollingFile(
      mainPath,
      (lost) => this.#render(this.#event("warn", "observability", "log lines lost", { lost })),
    );
    this.accessLog = this.#openAccessLog(options);
  }

  #openKeeper({ directory, platform, maxAgeMs = Infinity, compress = false }: LogsOptions, mainPath: string) {
    const paths = new Set([mainPath, join(directory, ACCESS_LOG)]);
    return new LogKeeper({
      platform,
      directories: new Set([join(directory), dirname(mainPath)]),
      isLog: (path) => paths.has(path) || isServerLogPath(directory, path),
      maxAgeMs,
      compress,
      onFailure: (error, path) => this.#reportFailure("old log file not tended", error, path),
    });
  }

  #openAccessLog({ directory, platform: { clock } }: LogsOptions): BufferedAccessLog {
    const toLossLine = (lost: number) =>
      this.#render(this.#event("warn", "http", "requests left out", { lost }));
    const file = this.#rollingFile(join(directory, ACCESS_LOG), toLossLine);
    return new BufferedAccessLog({
      clock,
      toLine: (entry) => this.#accessLine(entry),
      append: (lines) => {
        this.#asked.clear();
        this.#append(file, ...lines);
      },
      onLoss: (lost) => this.#append(file, toLossLine(lost)),
    });
  }

  #accessLine(entry: AccessEntry): string {
    const { at, peer, status, tookMs, requestId } = entry;
    const { userAgent, ...line } = this.#askedOf(entry);
    const fields = {
      ...line,
      status,
      tookMs: Math.round(tookMs * 1_000) / 1_000,
      peer,
      ...(userAgent === undefined ? {} : { userAgent }),
      requestId: toText(requestId, this.#options.redact),
    };
    return this.#render({ at, level: "info", room: "http", message: "request", fields });
  }

  /** What comes from the client as it is; the same for most requests of one moment, and dear to look through. */
  #askedOf({ method, url, userAgent }: AccessEntry): ReturnType<typeof toFields> {
    const key = `${method} ${url} ${userAgent}`;
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const fields = { method, path: toLoggedPath(url), userAgent: userAgent ?? undefined };
    const made = toFields(fields, this.#options.redact);
    this.#asked.set(key, made);
    return made;
  }

  logger(room: string): Logger {
    const at = (level: LogLevel) => (message: string, fields: LogFields = {}) => {
      if (isWanted(level, this.#options.level)) this.#write(this.#event(level, room, message, fields));
    };
    return {
      trace: at("trace"),
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
    };
  }

  serverLog(name: string): ServerLog {
    const path = serverLogPath(this.#options.directory, name);
    if (path === undefined) {
      throw new RangeError(`Cannot open the log of server "${name}": wanted the name of a server`);
    }
    return {
      write: (level, message) => this.#append(this.#serverFile(path), this.#serverLine(level, message)),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.accessLog?.[Symbol.dispose]();
    this.#isDisposed = true;
    for (const file of this.#open) file.close();
    this.#open.clear();
    await this.#keeper[Symbol.asyncDispose]();
  }

  #event(level: LogLevel, room: string, message: string, fields: LogFields): LogEvent {
    const { platform, redact } = this.#options;
    return {
      at: platform.clock.now(),
      level,
      room,
      message: toText(message, redact),
      fields: toFields(fields, redact),
    };
  }

  #render(event: LogEvent): string {
    return this.#options.json ? toJsonLine(event) : toHumanLine(event);
  }

  #write(event: LogEvent): void {
    const line = this.#render(event);
    if (this.#options.console) this.#options.platform.stderr.write(`${line}\n`);
    if (this.#main !== undefined) this.#append(this.#main, line);
  }

  #serverLine(level: LogLevel, message: string): string {
    const { platform, redact } = this.#options;
    return toServerLine(platform.clock.now(), level, toText(withoutLooks(message), redact));
  }

  #serverFile(path: string): RollingFile {
    let file = this.#servers.get(path);
    if (file === undefined) {
      file = this.#rollingFile(path, (lost) => this.#serverLine("warn", `${lost} log lines lost`));
      this.#servers.set(path, file);
    }
    return file;
  }

  #rollingFile(path: string, toLossLine: (lost: number) => string): RollingFile {
    const { platform, maxSizeBytes, maxBackups } = this.#options;
    return new RollingFile({
      files: platform.files,
      path,
      maxSizeBytes,
      maxBackups,
      toLossLine,
      onRoll: () => this.#keeper.rolled(path),
      onFailure: (error, failed) => this.#reportFailure("log file not writable", error, failed),
    });
  }

  #append(file: RollingFile, ...lines: readonly string[]): void {
    if (this.#isDisposed) return;
    this.#keeper.start();
    file.write(...lines);
    this.#open.delete(file);
    this.#open.add(file);
    const [oldest] = this.#open;
    if (this.#open.size <= MAX_OPEN_FILES || oldest === undefined) return;
    oldest.close();
    this.#open.delete(oldest);
  }

  /** Goes to standard error even if that is turned off: there is no other place left. */
  #reportFailure(message: string, error: unknown, path: string): void {
    const event = this.#event("error", "observability", message, { path, error });
    this.#options.platform.stderr.write(`${this.#render(event)}\n`);
  }
}
