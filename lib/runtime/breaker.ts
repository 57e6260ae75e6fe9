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

/** Calls of about the same time, counted together: a busy server makes thousands of calls a second. */
interface Slot {
  readonly from: number;
  calls: number;
  failed: number;
}

/** Old calls are forgotten this exactly. */
const SLOT_MS = 1_000;

/** Creates a closed breaker: half of at least 10 calls failing within 60 s opens it for 30 s, then one call probes. */
export function createBreaker(figures: BreakerFigures = FIGURES): Breaker {
  let slots: Slot[] = [];
  let calls = 0;
  let failed = 0;
  let openUntil: number | undefined;
  let probing = false;

  function forget(): void {
    slots = [];
    calls = 0;
    failed = 0;
  }

  function forgetOld(now: number): void {
    for (let [first] = slots; first !== undefined && now - first.from >= figures.windowMs; [first] = slots) {
      slots.shift();
      calls -= first.calls;
      failed -= first.failed;
    }
  }

  function count(isOk: boolean, now: number): void {
    let slot = slots.at(-1);
    if (slot === undefined || now - slot.from >= SLOT_MS) {
      slots.push(slot = { from: now, calls: 0, failed: 0 });
    }
    slot.calls++;
    calls++;
    if (isOk) return;
    slot.failed++;
    failed++;
  }

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
        forget();
        openUntil = isOk ? undefined : now + figures.openMs;
        return;
      }
      forgetOld(now);
      count(isOk, now);
      if (calls >= figures.minCalls && failed * 2 >= calls) openUntil = now + figures.openMs;
    },
    reset() {
      forget();
      openUntil = undefined;
      probing = false;
    },
  };
}
