/**
 * The record of the processes that a gateway has started, kept in its data
 * directory so that the next one finds what a killed one left behind. It needs
 * no flush to the disk: what the system has taken outlives the process, and a
 * fault that takes the system takes its processes too.
 *
 * @module
 */

import type { AppendFile, Files } from "../platform/mod.ts";

/** A process that cannot be mistaken for another one with its id. */
export interface KnownProcess {
  readonly pid: number;
  readonly identity: string;
}

/** A process of a server. */
export interface RecordedChild extends KnownProcess {
  readonly server: string;
}

/** What a gateway has left in its record. */
export interface Recorded {
  /** The gateway itself. */
  readonly owner: KnownProcess;
  /** First part of the mark of every process that it started. */
  readonly instance: string;
  /** Those whose end it has not seen. */
  readonly children: readonly RecordedChild[];
}

/**
 * Reads a record. A line that is not whole was being written when the end
 * came, and is left out.
 *
 * @returns `undefined` if it does not say who wrote it.
 */
export function parseRecord(text: string): Recorded | undefined {
  const [head, ...entries] = text.split("\n").map(parseLine);
  const { owner, instance } = head ?? {};
  if (!isKnown(owner) || typeof instance !== "string" || instance === "") return undefined;
  const children = new Map<number, RecordedChild>();
  for (const { started, ended } of entries) {
    if (isChild(started)) children.set(started.pid, started);
    if (typeof ended === "number") children.delete(ended);
  }
  return { owner, instance, children: [...children.values()] };
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isKnown(value: unknown): value is KnownProcess {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("identity" in value)) {
    return false;
  }
  // A group of id 1 or 0 would be everybody.
  return Number.isInteger(value.pid) && Number(value.pid) > 1 && typeof value.identity === "string";
}

function isChild(value: unknown): value is RecordedChild {
  return isKnown(value) && "server" in value && typeof value.server === "string";
}

/** What a record is kept with. */
export interface ChildRecordOptions {
  readonly files: Pick<Files, "openAppend" | "rotate">;
  readonly path: string;
  readonly owner: KnownProcess;
  readonly instance: string;
  /** Hears once that the record cannot be written. */
  readonly onFailure: (error: unknown) => void;
}

const MODE = 0o600;
/** A server that ends again and again must not make the record grow for ever. */
const MAX_BYTES = 64 * 1024;

/** Writes the record; each line is with the system when the call returns. The file is made anew at the first one. */
export class ChildRecord implements Disposable {
  readonly #options: ChildRecordOptions;
  readonly #children = new Map<number, RecordedChild>();
  #file: AppendFile | undefined;
  #sizeBytes = 0;
  #failed = false;
  #disposed = false;

  constructor(options: ChildRecordOptions) {
    this.#options = options;
  }

  /** Writes who keeps the record, before the first process is started. */
  begin(): void {
    if (this.#file === undefined) this.#try(() => this.#startOver());
  }

  add(child: RecordedChild): void {
    this.#children.set(child.pid, child);
    this.#append({ started: child });
  }

  remove(pid: number): void {
    if (this.#children.delete(pid)) this.#append({ ended: pid });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#close();
  }

  #close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #append(entry: object): void {
    if (this.#disposed) return;
    const isBroken = this.#file === undefined || this.#sizeBytes > MAX_BYTES;
    this.#try(() => isBroken ? this.#startOver() : this.#write(entry));
  }

  #startOver(): void {
    const { files, path, owner, instance } = this.#options;
    this.#close();
    files.rotate(path, 0);
    this.#sizeBytes = 0;
    this.#file = files.openAppend(path, MODE);
    this.#write({ owner, instance });
    for (const started of this.#children.values()) this.#write({ started });
  }

  #write(entry: object): void {
    const line = JSON.stringify(entry) + "\n";
    this.#file?.write(line);
    this.#sizeBytes += line.length;
  }

  #try(write: () => void): void {
    try {
      write();
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#options.onFailure(error);
      this.#failed = true;
    }
  }
}
