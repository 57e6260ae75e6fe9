import { type ChildProcess, type Clock, sleep } from "../platform/mod.ts";
import { settledWithin } from "./within.ts";

/** Times between the steps of a stop. */
export interface StopGrace {
  /** From closing standard input to SIGTERM. */
  readonly stdin: number;
  /** From SIGTERM to SIGKILL. */
  readonly term: number;
}

/** What a server gets when nothing else is said. */
export const DEFAULT_GRACE: StopGrace = { stdin: 10_000, term: 9_000 };

const POLL_MS = 25;
/** SIGKILL works at once, unless the system holds a process in a call of its own. */
const KILL_MS = 2_000;

/**
 * Ends a process group for good: SIGTERM, a grace, SIGKILL. Standard input was
 * closed by the caller. Returns at once if nothing is left.
 *
 * The leader may go first and leave children behind, so it is the group that
 * counts.
 */
export async function endGroup(child: ChildProcess, clock: Clock, grace: StopGrace): Promise<void> {
  if (await isGone(child, clock, grace.stdin)) return;
  trySignal(child, "SIGTERM");
  if (await isGone(child, clock, grace.term)) return;
  trySignal(child, "SIGKILL");
  await isGone(child, clock, KILL_MS);
}

/** A process that has taken another user's rights cannot be signalled; then waiting is all that is left. */
function trySignal(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    child.signalGroup(signal);
  } catch {
    // Whether anything is left is seen by looking, not by this.
  }
}

/** Waits until nothing of the group is left; `false` when the time is over. */
async function isGone(child: ChildProcess, clock: Clock, withinMs: number): Promise<boolean> {
  const until = clock.monotonic() + withinMs;
  if (!await settledWithin(clock, withinMs, child.exited)) return false;
  while (child.isGroupAlive()) {
    const left = until - clock.monotonic();
    if (left <= 0) return false;
    await sleep(clock, Math.min(POLL_MS, left));
  }
  return true;
}
