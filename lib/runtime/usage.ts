import type { Clock, Processes } from "../platform/mod.ts";

/** A process of a server. */
export interface ServerProcess {
  readonly pid: number;
  readonly server: string;
}

/** What the processes of one server take of the machine, as last measured. */
export interface ServerUsage {
  /** Share of one processor since the measurement before; two processors in full use are 200. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
  /** All of them: the group that was started, and what descends from it. */
  readonly processes: number;
}

/** What is measured, and with what. */
export interface UsageOptions {
  readonly clock: Clock;
  readonly processes: Pick<Processes, "usage">;
  /** The processes there are now. */
  readonly list: () => readonly ServerProcess[];
  /** Calls the listener when that has changed. */
  readonly onChange: (listener: () => void) => Disposable;
}

/** Measures the processes of servers from time to time, as long as there are any. */
export interface Usage extends AsyncDisposable {
  /** By server, without those that have no process or were not measured yet; another map when it has changed. */
  all(): ReadonlyMap<string, ServerUsage>;
}

/** Soon after a start somebody looks. */
const FIRST_MS = 1_000;
const PERIOD_MS = 5_000;

/** Opens the measurement; without processes it has no timer and does nothing. */
export function openUsage(options: UsageOptions): Usage {
  return new Sampler(options);
}

/** Time on a processor by a moment. */
interface Reading {
  readonly cpuMs: number;
  readonly at: number;
}

class Sampler implements Usage {
  readonly #options: UsageOptions;
  readonly #subscription: Disposable;
  #readings = new Map<number, Reading>();
  #measured: ReadonlyMap<string, ServerUsage> = new Map();
  #timer: Disposable | undefined;
  #work: Promise<void> | undefined;
  #disposed = false;

  constructor(options: UsageOptions) {
    this.#options = options;
    this.#subscription = options.onChange(() => this.#onChange());
  }

  all(): ReadonlyMap<string, ServerUsage> {
    return this.#measured;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
    await this.#work;
  }

  /** A process counts from the moment it is there; what has ended is forgotten. */
  #onChange(): void {
    const at = this.#options.clock.monotonic();
    const listed = this.#options.list();
    const before = this.#readings;
    this.#readings = new Map(listed.map(({ pid }) => [pid, before.get(pid) ?? { cpuMs: 0, at }]));
    const servers = new Set(listed.map(({ server }) => server));
    const left = [...this.#measured].filter(([server]) => servers.has(server));
    if (left.length < this.#measured.size) this.#measured = new Map(left);
    if (listed.length > 0) return this.#schedule(FIRST_MS);
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #schedule(delayMs: number): void {
    if (this.#disposed || this.#timer !== undefined || this.#work !== undefined) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#work = this.#measure().catch(() => {}).finally(() => {
        this.#work = undefined;
        if (this.#options.list().length > 0) this.#schedule(PERIOD_MS);
      });
    });
  }

  async #measure(): Promise<void> {
    const { clock, processes, list } = this.#options;
    const found = await processes.usage(list().map(({ pid }) => pid));
    const at = clock.monotonic();
    const sums = new Map<string, ServerUsage>();
    // One that has ended meanwhile is neither listed nor measured any more.
    for (const { pid, server } of list()) {
      const now = found.get(pid);
      if (now === undefined) continue;
      const { cpuMs, at: since } = this.#readings.get(pid) ?? { cpuMs: 0, at };
      const share = at > since ? Math.max(0, now.cpuMs - cpuMs) / (at - since) * 100 : 0;
      this.#readings.set(pid, { cpuMs: now.cpuMs, at });
      sums.set(server, add(sums.get(server), { ...now, cpuPercent: share }));
    }
    this.#measured = sums;
  }
}

function add(sum: ServerUsage | undefined, one: ServerUsage): ServerUsage {
  return {
    cpuPercent: (sum?.cpuPercent ?? 0) + one.cpuPercent,
    rssBytes: (sum?.rssBytes ?? 0) + one.rssBytes,
    processes: (sum?.processes ?? 0) + one.processes,
  };
}
