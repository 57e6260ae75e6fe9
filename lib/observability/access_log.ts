import type { Clock } from "../platform/mod.ts";

/** One request that was answered. */
export interface AccessEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  /** As it came; keys in its query are left out of the line. */
  readonly url: string;
  /** Address of the peer, or `socket`. */
  readonly peer: string;
  readonly userAgent: string | null;
  readonly status: number;
  readonly tookMs: number;
  readonly requestId: string;
}

/** The log of requests. */
export interface AccessLog {
  /** Takes one request; the line is written a moment later, so that no answer waits for it. */
  write(entry: AccessEntry): void;
}

const FLUSH_MS = 100;
/** Requests of a busy moment are written a few at a time, so that no answer waits for many lines. */
const SLICE = 16;
/** Slices grow where there are more requests than that many of them. */
const SLICES = 50;
const NEXT_MS = 1;
/** More than that in a moment is counted, not written. */
const MAX_WAITING = 10_000;
const ORIGIN = /^[^/]+\/\/[^/?#]+/;
/** Fields of a query that let somebody in. */
const KEYS = /([?&](?:api_?key|key|token|access_token|secret|password|code)=)[^&#]*/gi;

/** What an access log works with. */
export interface AccessLogOptions {
  readonly clock: Clock;
  readonly toLine: (entry: AccessEntry) => string;
  readonly append: (lines: readonly string[]) => void;
  /** Hears how many requests were left out. */
  readonly onLoss: (lost: number) => void;
}

/** Collects requests and writes them in batches. */
export class BufferedAccessLog implements AccessLog, Disposable {
  readonly #options: AccessLogOptions;
  readonly #pauses: Disposable;
  readonly #waiting: AccessEntry[] = [];
  /** Of requests before those that wait. */
  #lines: string[] = [];
  #lost = 0;
  #timer: Disposable | undefined;

  constructor(options: AccessLogOptions) {
    this.#options = options;
    this.#pauses = options.clock.inPauses(() => this.#takeLines(1));
  }

  write(entry: AccessEntry): void {
    if (this.#waiting.length >= MAX_WAITING) return void this.#lost++;
    this.#waiting.push(entry);
    this.#timer ??= this.#options.clock.after(FLUSH_MS, () => this.#writeSome());
  }

  /** Writes what waits. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#pauses[Symbol.dispose]();
    this.#write(this.#waiting.length);
  }

  #writeSome(): void {
    this.#write(Math.max(SLICE, Math.ceil(this.#waiting.length / SLICES)));
    this.#timer = this.#waiting.length === 0
      ? undefined
      : this.#options.clock.after(NEXT_MS, () => this.#writeSome());
  }

  #takeLines(count: number): void {
    for (const entry of this.#waiting.splice(0, count)) this.#lines.push(this.#options.toLine(entry));
  }

  #write(count: number): void {
    this.#takeLines(count);
    if (this.#lines.length > 0) this.#options.append(this.#lines);
    this.#lines = [];
    if (this.#lost > 0) this.#options.onLoss(this.#lost);
    this.#lost = 0;
  }
}

/** Path and query of a URL as a log may have them: without whatever lets somebody in. Pure. */
export function toLoggedPath(url: string): string {
  return url.replace(ORIGIN, "").replace(KEYS, "$1***");
}
