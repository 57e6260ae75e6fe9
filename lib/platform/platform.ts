/**
 * What the gateway needs from the machine: clock, randomness, environment,
 * files, processes, network and the key-value store. Every other room takes a
 * {@link Platform} as a parameter, so that tests can pass a clock they turn by
 * hand and files that live in memory.
 *
 * @module
 */

/** Reads time and owns timers. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `callback` once after `delayMs`; disposing it cancels. */
  after(delayMs: number, callback: () => void): Disposable;
  /** Runs `callback` every `periodMs` until disposed. */
  every(periodMs: number, callback: () => void): Disposable;
}

/** Source of randomness. */
export interface Random {
  uuid(): string;
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** Uniform in [0, 1). */
  number(): number;
}

/** What is known of a path. `mode` holds the permission bits only. */
export interface FileStat {
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
}

/** An exclusive advisory lock; the system drops it when the process ends. */
export interface FileLock extends Disposable {
  /** Replaces the text of the lock file, for whoever finds it held. */
  write(text: string): void;
}

/** A file opened for appending. */
export interface AppendFile extends Disposable {
  /** Size of the file when it was opened. */
  readonly sizeBytes: number;
  /** Appends the text before returning. */
  write(text: string): void;
}

/** A stretch of a file. */
export interface FilePart {
  readonly bytes: Uint8Array;
  /** Where in the file `bytes` starts. */
  readonly offset: number;
  /** Size of the whole file. */
  readonly sizeBytes: number;
  /** Stays with the file when it is renamed; `undefined` where the system has no such number. */
  readonly id: number | undefined;
}

/** The end of what a compressed file holds. */
export interface FileEnd {
  readonly bytes: Uint8Array;
  /** Whether `bytes` is all of it. */
  readonly isWhole: boolean;
}

/** What a watch on a directory tells. */
export interface WatchEvents {
  /** Something in the directory was made, changed, renamed or removed. */
  readonly onChange: () => void;
  /** The watch has ended, because it was disposed or the directory is gone. */
  readonly onEnd: () => void;
}

/** The file system. A path is absolute. Failures throw {@link Deno.errors} as they are. */
export interface Files {
  /** Reads a text file, `undefined` if it does not exist. */
  readText(path: string): Promise<string | undefined>;
  /** Replaces a file in one step: temporary file, fsync, rename, directory fsync. */
  writeAtomic(path: string, text: string, mode: number): Promise<void>;
  /** Removes the temporary files that writers of this path died over. */
  sweep(path: string): Promise<void>;
  /**
   * Replaces a file in one step, as {@link Files.writeAtomic} does, if it still
   * holds `from`; looked at last between the fsync and the rename.
   *
   * @returns `false` if it holds something else by then, or is gone; nothing was changed.
   */
  replaceText(
    path: string,
    change: { readonly from: string; readonly to: string; readonly mode: number },
  ): Promise<boolean>;
  /** Makes a directory and its parents; an existing one keeps its mode. */
  makeDirectory(path: string, mode: number): Promise<void>;
  /** Follows no symlink; `undefined` if nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Names in a directory, sorted. */
  list(path: string): Promise<string[]>;
  /** Resolves symlinks. */
  realPath(path: string): Promise<string>;
  /** Removes a file; `false` if there was none. */
  remove(path: string): Promise<boolean>;
  /** Durable when it resolves. */
  rename(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** Bytes that this user may still write on the disk of a path. */
  freeBytes(path: string): Promise<number>;
  /** Makes the file (and, with mode 0700, its directory) if it is missing; no wider mode is left on it. */
  openAppend(path: string, mode: number): AppendFile;
  /**
   * Renames `path` to `path.1`, `path.1` to `path.2` and so on, with their
   * compressed forms (`path.1.gz`); what exceeds `backups` is removed.
   */
  rotate(path: string, backups: number): void;
  /**
   * Removes a file that was last written before `than` (epoch ms), in one go
   * with looking at it, so that a rotation cannot put another in its place.
   *
   * @returns Whether it is gone by this.
   */
  removeOlder(path: string, than: number): boolean;
  /**
   * Replaces a file by `path.gz`, which keeps its time. The new one gets its name
   * when it is complete and on the disk, and whatever had that name goes.
   *
   * @returns `false` if the file is missing, or was renamed meanwhile; nothing was changed.
   * @throws The reason of the signal.
   */
  compress(path: string, options: { readonly mode: number; readonly signal: AbortSignal }): Promise<boolean>;
  /**
   * Reads the last `maxBytes` of what a compressed file holds; `undefined` if
   * there is no such file.
   *
   * @throws {TypeError} If it is not gzip, or ends early.
   */
  readCompressedEnd(path: string, maxBytes: number): Promise<FileEnd | undefined>;
  /**
   * Reads up to `maxBytes` from `offset` on, a negative one counted from the end;
   * `undefined` if there is no such file.
   */
  readPart(path: string, offset: number, maxBytes: number): Promise<FilePart | undefined>;
  /** Takes the lock without waiting; `undefined` if another process holds it. */
  tryLock(path: string): Promise<FileLock | undefined>;
  /**
   * Watches what happens in a directory.
   *
   * @returns Ends the watch when disposed; `undefined` if there is no such directory.
   */
  watch(directory: string, events: WatchEvents): Disposable | undefined;
  /** Waits for the lock. */
  lock(path: string): Promise<FileLock>;
}

/** How a child process is to be started. */
export interface SpawnOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /**
   * Goes into the environment as {@link MARK_VARIABLE}, so that the system can
   * show what the child started and where that went. Its parts are divided by `/`.
   */
  readonly mark?: string;
  /** Whose process it is, for records and logs. */
  readonly label?: string;
}

/** Environment variable that marks a child and whatever it starts. */
export const MARK_VARIABLE = "MCPPROXY_CHILD";

/** How a child ended. */
export interface ExitStatus {
  readonly code: number;
  readonly signal: string | undefined;
}

/**
 * A process and what it has started: its group and, on Linux, whatever carries
 * its mark, though it has left the group for a session of its own.
 */
export interface ProcessFamily {
  /** Signals every process of the family; `false` if none is left. */
  signalGroup(signal: "SIGTERM" | "SIGKILL"): boolean;
  /** Tells whether any process of the family is left. */
  isGroupAlive(): boolean;
}

/** Which processes make a family. */
export interface FamilyOptions {
  /** Id of the group and of its first process; absent if only the mark is known. */
  readonly leader?: number;
  /** A process belongs if its mark is this one, or starts with it and `/`. */
  readonly mark?: string;
}

/** A running child, leader of its own process group. */
export interface ChildProcess extends ProcessFamily {
  readonly pid: number;
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Settles when the leader has ended; never rejects. */
  readonly exited: Promise<ExitStatus>;
}

/** What a process with its group and its descendants takes of the machine. */
export interface ProcessUsage {
  /** Time on a processor since the start, of all of them together. */
  readonly cpuMs: number;
  /** Memory in use. */
  readonly rssBytes: number;
  readonly processes: number;
}

/** Starts processes. */
export interface Processes {
  /** @throws {Deno.errors.NotFound | Deno.errors.PermissionDenied} as the system says. */
  spawn(options: SpawnOptions): ChildProcess;
  /** Tells whether a process with this id exists. */
  isAlive(pid: number): boolean;
  /**
   * Gives what tells a process from every other that has had, or will have, the
   * same id; `undefined` if there is no such process, or the system does not tell.
   */
  identityOf(pid: number): string | undefined;
  /** The family of processes that somebody else may have started. */
  family(options: FamilyOptions): ProcessFamily;
  /** Measures processes; one that has ended is left out, and so are all where the system does not tell. */
  usage(leaders: readonly number[]): Promise<ReadonlyMap<number, ProcessUsage>>;
  /** Kills every family started here that is left; for the last moment before exit. */
  killAll(): void;
}

/** Who is at the other end of a connection. */
export type Peer =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "socket" };

/** Where to listen. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

/** Answers one HTTP request. */
export type RequestHandler = (request: Request, peer: Peer) => Response | Promise<Response>;

/** An open HTTP listener. */
export interface Listener {
  /** The address in fact bound, with the real port. */
  readonly address: ListenAddress;
  /** Stops accepting and waits for the requests in flight. */
  shutdown(): Promise<void>;
}

/** A `fetch` bound to a unix socket or to TCP. */
export interface HttpClient extends Disposable {
  fetch(request: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/** One HTTP request; redirects are not followed. */
export interface ExchangeRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** The part of a `Response` that every client has. */
export interface ExchangeAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  text(): Promise<string>;
}

/** Exchanges with one URL. */
export interface HttpExchange extends Disposable {
  /** @throws {TypeError} If the server cannot be reached or breaks off; the reason of the signal. */
  send(request: ExchangeRequest): Promise<ExchangeAnswer>;
}

/** The network. */
export interface Network {
  listen(address: ListenAddress, handler: RequestHandler): Promise<Listener>;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** A client for one URL, whose connections are kept until it is disposed. */
  openExchange(url: URL): HttpExchange;
  /** A client whose every connection goes to the given unix socket. */
  socketClient(path: string): HttpClient;
}

/** Opens key-value stores. */
export interface KeyValues {
  open(path: string): Promise<Deno.Kv>;
  /**
   * Tells whether the file at `path` and its journal are free of damage, or
   * missing. Opening a damaged one can end the whole process, so ask first.
   */
  isSound(path: string): Promise<boolean>;
  /** Writes what a closed store holds into a new file, in one piece and durable; `to` may be there if it is empty. */
  copy(from: string, to: string): Promise<void>;
}

/** Standard error: for people, never for data. */
export interface ErrorOutput {
  /** Writes before returning; a closed or full stream is not an error. */
  write(text: string): void;
}

/** Facts about the process and the machine. */
export interface Machine {
  readonly os: "linux" | "darwin" | "windows" | "other";
  readonly pid: number;
  readonly uid: number | undefined;
  readonly home: string;
  readonly cwd: string;
  readonly hostname: string;
  memory(): { readonly rssBytes: number; readonly heapBytes: number };
}

/** All of the above; passed to every room that needs any of it. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Files;
  readonly processes: Processes;
  readonly network: Network;
  readonly keyValues: KeyValues;
  readonly machine: Machine;
  readonly stderr: ErrorOutput;
}
