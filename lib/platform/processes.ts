/** What the gateway needs to run other programs. @module */

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
