import type { Logger } from "../observability/mod.ts";
import type { ChildProcess, Platform, Processes, SpawnOptions } from "../platform/mod.ts";
import { ChildRecord, type RecordedChild } from "./child_record.ts";
import { type Guard, openGuard } from "./guard.ts";
import { type Reaped, reapLeftOvers } from "./reap.ts";

/** What the watch over children is opened with. */
export interface ChildrenOptions {
  readonly platform: Platform;
  /** File of the record; absent where another gateway keeps it, or nobody will look. */
  readonly path: string | undefined;
  readonly log: Logger;
  /** Hears of processes that an earlier gateway left behind and that were ended. */
  readonly onReaped?: (reaped: Reaped) => void;
}

/** Sees to it that nothing that was started here outlives the gateway for long. */
export interface Children extends AsyncDisposable {
  /** Starts processes that are marked, recorded and guarded. */
  readonly processes: Processes;
  /** Those that there are, as far as the system lets one know them again. */
  list(): readonly RecordedChild[];
  /** Calls `listener` when one has come or gone. */
  onChange(listener: () => void): Disposable;
}

/**
 * Ends what an earlier gateway left running, then watches over what is started.
 *
 * Should this gateway be killed, a guard ends its children within seconds;
 * should the guard be killed as well, the next gateway does, by the record.
 */
export async function openChildren(options: ChildrenOptions): Promise<Children> {
  const { platform, path } = options;
  const record = path === undefined ? undefined : await platform.files.readText(path);
  const reaped = record === undefined ? undefined : await reapLeftOvers(platform, record);
  if (reaped !== undefined) {
    options.log.warn("left-over processes ended", { servers: reaped.servers, pids: reaped.pids });
    options.onReaped?.(reaped);
  }
  return new Watch(options);
}

class Watch implements Children {
  readonly processes: Processes;
  readonly #options: ChildrenOptions;
  readonly #instance: string;
  readonly #children = new Map<number, RecordedChild>();
  readonly #listeners = new Set<() => void>();
  #record: ChildRecord | undefined;
  #guard: Guard | undefined;
  #started = 0;

  constructor(options: ChildrenOptions) {
    this.#options = options;
    this.#instance = options.platform.random.uuid();
    this.processes = { ...options.platform.processes, spawn: (spawned) => this.#spawn(spawned) };
  }

  list(): readonly RecordedChild[] {
    return [...this.#children.values()];
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { path, platform } = this.#options;
    this.#record?.[Symbol.dispose]();
    if (path !== undefined && this.#record !== undefined && this.#children.size === 0) {
      await platform.files.remove(path);
    }
    await this.#guard?.[Symbol.asyncDispose]();
  }

  #spawn(options: SpawnOptions): ChildProcess {
    const { processes } = this.#options.platform;
    if (this.#started === 0) this.#begin();
    const child = processes.spawn({ ...options, mark: `${this.#instance}/${++this.#started}` });
    const identity = processes.identityOf(child.pid);
    if (identity === undefined) return child; // it has ended, or nobody could know it again
    this.#add({ pid: child.pid, identity, server: options.label ?? "" });
    const isGroupAlive = () => {
      const isAlive = child.isGroupAlive();
      if (!isAlive) this.#remove(child.pid);
      return isAlive;
    };
    // What the leader leaves behind is watched until whoever stops it has seen its end.
    void child.exited.then(isGroupAlive);
    return { ...child, isGroupAlive };
  }

  /** With the first process, so that a gateway without any costs nothing. */
  #begin(): void {
    const { platform, path, log } = this.#options;
    const { pid } = platform.machine;
    const identity = platform.processes.identityOf(pid);
    this.#guard = openGuard(platform, this.#instance);
    if (path === undefined || identity === undefined) return;
    this.#record = new ChildRecord({
      files: platform.files,
      path,
      owner: { pid, identity },
      instance: this.#instance,
      onFailure: (cause) => log.warn("record of processes not writable", { path, cause }),
    });
    this.#record.begin();
  }

  #add(child: RecordedChild): void {
    this.#children.set(child.pid, child);
    this.#record?.add(child);
    this.#changed();
  }

  #remove(pid: number): void {
    if (!this.#children.delete(pid)) return;
    this.#record?.remove(pid);
    this.#changed();
  }

  #changed(): void {
    this.#guard?.watch(this.#children.values());
    for (const listener of [...this.#listeners]) listener();
  }
}
