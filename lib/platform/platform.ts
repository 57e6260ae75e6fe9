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
  rename(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** Makes the file (and, with mode 0700, its directory) if it is missing; no wider mode is left on it. */
  openAppend(path: string, mode: number): AppendFile;
  /** Renames `path` to `path.1`, `path.1` to `path.2` and so on; what exceeds `backups` is removed. */
  rotate(path: string, backups: number): void;
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
}

/** How a child ended. */
export interface ExitStatus {
  readonly code: number;
  readonly signal: string | undefined;
}

/** A running child, leader of its own process group. */
export interface ChildProcess {
  readonly pid: number;
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Settles when the leader has ended; never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** Signals every process of the group; `false` if none is left. */
  signalGroup(signal: "SIGTERM" | "SIGKILL"): boolean;
  /** Tells whether any process of the group is left. */
  isGroupAlive(): boolean;
}

/** Starts processes. */
export interface Processes {
  /** @throws {Deno.errors.NotFound | Deno.errors.PermissionDenied} as the system says. */
  spawn(options: SpawnOptions): ChildProcess;
  /** Tells whether a process with this id exists. */
  isAlive(pid: number): boolean;
  /** Kills every group started here that is left; for the last moment before exit. */
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

/** The network. */
export interface Network {
  listen(address: ListenAddress, handler: RequestHandler): Promise<Listener>;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** A client whose every connection goes to the given unix socket. */
  socketClient(path: string): HttpClient;
}

/** Opens key-value stores. */
export interface KeyValues {
  open(path: string): Promise<Deno.Kv>;
  /**
   * Tells whether the file at `path` is free of damage, or missing. Opening a
   * damaged one can end the whole process, so ask first.
   */
  isSound(path: string): Promise<boolean>;
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
