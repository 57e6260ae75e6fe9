import type { Logger } from "../observability/mod.ts";
import type { Clock } from "../platform/mod.ts";

/** How late this program's own turns come. */
export interface LagWatch extends Disposable {
  /** Longest delay of the last whole minute or the one under way, in milliseconds. */
  readonly worstMs: number;
}

const PERIOD_MS = 500;
/** A person would notice. */
const TOLD_MS = 200;
/** The machine slept; nothing here has kept anybody waiting. */
const SLEPT_MS = 60_000;
const WINDOW_MS = 60_000;
/** Nobody reads more of them. */
const TOLD_EVERY_MS = 10_000;

/**
 * Watches for work that keeps everything else waiting. It cannot be told which
 * work it was; the time is, and what is in the log before it.
 */
export function watchLag(
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Logger, "warn"> },
): LagWatch {
  let due = clock.monotonic() + PERIOD_MS;
  let window = { since: due, worst: 0, before: 0 };
  let toldAt = -Infinity;
  const timer = clock.every(PERIOD_MS, () => {
    const now = clock.monotonic();
    const late = now - due;
    due = now + PERIOD_MS;
    if (now - window.since >= WINDOW_MS) window = { since: now, worst: 0, before: window.worst };
    if (late >= SLEPT_MS) return;
    window.worst = Math.max(window.worst, late);
    if (late < TOLD_MS || now - toldAt < TOLD_EVERY_MS) return;
    toldAt = now;
    log.warn("everything had to wait", { lagMs: Math.round(late) });
  });
  return {
    get worstMs() {
      return Math.max(0, window.worst, window.before);
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}
