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

/** A call that may be made: one like any other, or the one that shows whether the server has recovered. */
export type Pass = "call" | "probe";

/** What came of a call: only the wire counts. `unknown` says nothing of the server, as when the caller left. */
export type Outcome = "ok" | "failed" | "unknown";

/** Judges by what came of earlier calls. Times are milliseconds of a clock that is never set. */
export interface Breaker {
  /**
   * Asks whether a call may be made; one that may must be recorded.
   *
   * @returns The time at which one will be let through to try, if it may not.
   */
  admit(now: number): Pass | number;
  /** Tells what came of a call. */
  record(pass: Pass, outcome: Outcome, now: number): void;
  /** The server has been reached anew: the next call tries, however long it was to be left alone. */
  ease(now: number): void;
  /** Forgets everything: the server is another one. */
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

  function judgeProbe(outcome: Outcome, now: number): void {
    if (!probing) return; // forgotten meanwhile
    probing = false;
    if (outcome === "unknown") return;
    forget();
    openUntil = outcome === "ok" ? undefined : now + figures.openMs;
  }

  return {
    admit(now) {
      if (openUntil === undefined) return "call";
      if (now < openUntil || probing) return Math.max(openUntil, now);
      probing = true;
      return "probe";
    },
    record(pass, outcome, now) {
      if (pass === "probe") return judgeProbe(outcome, now);
      // Calls that were on their way when it opened have been judged already.
      if (outcome === "unknown" || openUntil !== undefined) return;
      forgetOld(now);
      count(outcome === "ok", now);
      if (calls >= figures.minCalls && failed * 2 >= calls) openUntil = now + figures.openMs;
    },
    ease(now) {
      if (openUntil !== undefined) openUntil = Math.min(openUntil, now);
    },
    reset() {
      forget();
      openUntil = undefined;
      probing = false;
    },
  };
}
