import type { Clock } from "../platform/mod.ts";

/** Merges facts that come in bursts: of each key the latest is told, all keys of a burst at once. */
export interface Merger<T> extends Disposable {
  /** Takes the latest fact of a key; the first of a burst starts its time. */
  note(key: string, latest: T): void;
  /** Tells what waits, now. */
  flush(): void;
}

/** Longest time that a change waits for others to be told with. */
export const BURST_MS = 50;

/**
 * Makes a merger. Nothing is lost: what waits when it is disposed was either
 * told by `flush()` before, or nobody wanted it.
 *
 * @param tell Gets the facts of a burst by key, the latest last; never an empty burst.
 */
export function createMerger<T>(
  clock: Clock,
  tell: (burst: ReadonlyMap<string, T>) => void,
  windowMs: number = BURST_MS,
): Merger<T> {
  let burst = new Map<string, T>();
  let timer: Disposable | undefined;

  function flush(): void {
    timer?.[Symbol.dispose]();
    timer = undefined;
    if (burst.size === 0) return;
    const told = burst;
    burst = new Map();
    tell(told);
  }

  return {
    note(key, latest) {
      burst.delete(key); // so that the latest stands last
      burst.set(key, latest);
      timer ??= clock.after(windowMs, flush);
    },
    flush,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]();
      timer = undefined;
      burst.clear();
    },
  };
}
