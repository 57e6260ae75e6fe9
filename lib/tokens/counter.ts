import { type Clock, sleep, startWorker } from "../platform/mod.ts";
import { type CountText, ENCODING, loadTokenizer } from "./count_here.ts";
import type { CountReply, CountRequest } from "./count_worker.ts";

/** Counts tokens as a model would read them. */
export interface TokenCounter extends Disposable {
  /** Name of the encoding that is counted in. */
  readonly encoding: string;
  /** Counts a text; the first call loads the tokenizer. */
  count(text: string): Promise<number>;
  /** Counts many texts at once, which is quicker. */
  countAll(texts: readonly string[]): Promise<readonly number[]>;
}

/** What a counter needs of a worker; a test passes its own. */
export interface CountingWorker {
  onmessage: ((event: MessageEvent<CountReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: CountRequest): void;
  terminate(): void;
}

/** How a counter is opened. */
export interface CounterOptions {
  /** Starts a worker; throws, or lets the worker fail, where there are none. */
  readonly startWorker?: () => CountingWorker;
}

/** A worker that nobody has asked for so long is ended; its vocabulary takes much memory. */
const IDLE_MS = 60_000;
/** Characters counted without a turn for others, where there is no worker. */
const BREATH = 100_000;

/** Opens a counter. It takes memory and time only once somebody counts, and then not from the main loop. */
export function openTokenCounter(clock: Clock, options: CounterOptions = {}): TokenCounter {
  return new WorkerCounter(clock, options);
}

function startOwnWorker(): CountingWorker {
  return startWorker("tokens/count_worker");
}

interface Asked {
  readonly resolve: (counts: readonly number[] | undefined) => void;
}

class WorkerCounter implements TokenCounter {
  readonly encoding = ENCODING;
  readonly #clock: Clock;
  readonly #startWorker: () => CountingWorker;
  readonly #asked = new Map<number, Asked>();
  #worker: CountingWorker | undefined;
  #isWorkerless = false;
  #isClosed = false;
  #idle: Disposable | undefined;
  #here: Promise<CountText> | undefined;
  #next = 1;

  constructor(clock: Clock, { startWorker = startOwnWorker }: CounterOptions) {
    this.#clock = clock;
    this.#startWorker = startWorker;
  }

  async count(text: string): Promise<number> {
    const [count = 0] = await this.countAll([text]);
    return count;
  }

  async countAll(texts: readonly string[]): Promise<readonly number[]> {
    if (texts.every((text) => text === "")) return texts.map(() => 0);
    if (!this.#isWorkerless) {
      const counts = await this.#ask(texts);
      if (counts !== undefined) return counts;
      if (this.#isClosed) throw new Error("Cannot count tokens: the counter is closed");
      this.#isWorkerless = true;
    }
    return await this.#countHere(texts);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#stop();
  }

  /** Asks the worker; `undefined` if it cannot be started, as in a program that is one file. */
  #ask(texts: readonly string[]): Promise<readonly number[] | undefined> {
    const worker = this.#isClosed ? undefined : this.#open();
    if (worker === undefined) return Promise.resolve(undefined);
    this.#idle?.[Symbol.dispose]();
    const { promise, resolve } = Promise.withResolvers<readonly number[] | undefined>();
    const id = this.#next++;
    this.#asked.set(id, { resolve });
    worker.postMessage({ id, texts });
    return promise;
  }

  #open(): CountingWorker | undefined {
    if (this.#worker !== undefined) return this.#worker;
    try {
      const worker = this.#worker = this.#startWorker();
      worker.onmessage = ({ data }) => this.#answered(data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#stop();
      };
      return worker;
    } catch {
      return undefined;
    }
  }

  #answered({ id, counts }: CountReply): void {
    this.#asked.get(id)?.resolve(counts);
    this.#asked.delete(id);
    if (this.#asked.size > 0) return;
    this.#idle?.[Symbol.dispose]();
    this.#idle = this.#clock.after(IDLE_MS, () => this.#stop());
  }

  /** Whoever still waits counts here. */
  #stop(): void {
    this.#idle?.[Symbol.dispose]();
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { resolve } of this.#asked.values()) resolve(undefined);
    this.#asked.clear();
  }

  /** Without a worker: with turns for others in between. */
  async #countHere(texts: readonly string[]): Promise<readonly number[]> {
    const count = await (this.#here ??= loadTokenizer());
    const counts: number[] = [];
    let sinceBreath = 0;
    for (const text of texts) {
      counts.push(count(text));
      sinceBreath += text.length;
      if (sinceBreath < BREATH) continue;
      sinceBreath = 0;
      await sleep(this.#clock, 0);
    }
    return counts;
  }
}
