/** Lets at most so many holders in at once; others wait in order. */
export interface Gate {
  /**
   * Waits for a place.
   *
   * @returns Leaves the place when disposed; twice does no harm.
   * @throws The reason of `signal` if it is aborted first.
   */
  enter(signal: AbortSignal): Promise<Disposable>;
}

/** Opens a gate with the given number of places. */
export function createGate(places: number): Gate {
  const waiting: (() => void)[] = [];
  let free = places;

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  }

  function place(): Disposable {
    let held = true;
    return {
      [Symbol.dispose]() {
        if (held) leave();
        held = false;
      },
    };
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free--;
        return Promise.resolve(place());
      }
      return new Promise((resolve, reject) => {
        const admit = () => {
          signal.removeEventListener("abort", onAbort);
          resolve(place());
        };
        const onAbort = () => {
          waiting.splice(waiting.indexOf(admit), 1);
          reject(signal.reason);
        };
        waiting.push(admit);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}
