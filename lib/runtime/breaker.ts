/**
 * Keeps calls away from a server that fails most of them, so that it can
 * recover and callers get their answer at once. Pure but for its own counts.
 *
 * @module
 */

/** Figures of a breaker. */
export interface BreakerFigures {
  /** Calls that must have been made before it judges. */
  readonly minCalls: number;
  readonly windowMs: number;
  readonly openMs: number;
}

const FIGURES: BreakerFigures = { minCalls: 10, windowMs: 60_000, openMs: 30_000 };

/** Judges by what came of earlier calls. Times are epoch milliseconds. */
export interface Breaker {
  /**
   * Asks whether a call may be made.
   *
   * @returns `undefined` if it may; else the time at which one will be let through to try.
   */
  refusal(now: number): number | undefined;
  /** Tells what came of a call; only failures of the wire count, not those of a tool. */
  record(isOk: boolean, now: number): void;
  /** Forgets everything: the server is a new one. */
  reset(): void;
}

/** Creates a closed breaker: half of at least 10 calls failing within 60 s opens it for 30 s, then one call probes. */
export function createBreaker(figures: BreakerFigures = FIGURES): Breaker {
  let calls: { readonly at: number; readonly isOk: boolean }[] = [];
  let openUntil: number | undefined;
  let probing = false;

  return {
    refusal(now) {
      if (openUntil === undefined) return undefined;
      if (now < openUntil || probing) return Math.max(openUntil, now);
      probing = true;
      return undefined;
    },
    record(isOk, now) {
      if (openUntil !== undefined && probing) {
        probing = false;
        calls = [];
        openUntil = isOk ? undefined : now + figures.openMs;
        return;
      }
      calls = calls.filter(({ at }) => now - at < figures.windowMs);
      calls.push({ at: now, isOk });
      const failed = calls.filter((call) => !call.isOk).length;
      if (calls.length >= figures.minCalls && failed * 2 >= calls.length) openUntil = now + figures.openMs;
    },
    reset() {
      calls = [];
      openUntil = undefined;
      probing = false;
    },
  };
}
