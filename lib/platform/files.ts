/** What the gateway needs from the file system. @module */

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
  /** Reads a file, `undefined` if it does not exist. */
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Replaces a file in one step: temporary file, fsync, rename, directory fsync. */
  writeAtomic(path: string, content: string | Uint8Array, mode: number): Promise<void>;
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
