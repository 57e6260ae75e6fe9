import { type ChildProcess, type Clock, type ProcessFamily, sleep } from "../platform/mod.ts";
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
/** What a leader leaves behind does not see that its standard input was closed, so it gets no more time for that. */
const LEFT_BEHIND_MS = 1_000;
const NEVER = new Promise<void>(() => {});
/** SIGKILL works at once, unless the system holds a process in a call of its own. */
const KILL_MS = 1_000;
/** What was started in the moment of the first SIGKILL gets the second. */
const KILLS = 2;

/**
 * Ends a child with all its family for good: SIGTERM, a grace, SIGKILL.
 * Standard input was closed by the caller. Returns at once if nothing is left.
 *
 * The leader may go first and leave children behind, so it is the family that
 * counts.
 *
 * @param inVain Resolves when it is seen that closing standard input will not do.
 */
export async function endGroup(
  child: ChildProcess,
  clock: Clock,
  grace: StopGrace,
  inVain: Promise<void> = NEVER,
): Promise<void> {
  const since = clock.monotonic();
  let hasExited = false;
  const exited = child.exited.then(() => hasExited = true);
  if (await settledWithin(clock, grace.stdin, Promise.race([exited, inVain])) && hasExited) {
    const leftMs = grace.stdin - (clock.monotonic() - since);
    if (await isGone(child, clock, Math.min(leftMs, LEFT_BEHIND_MS))) return;
  }
  await endFamily(child, clock, grace.term);
}

/** Ends a family whose standard input is nobody's any more. */
export async function endFamily(family: ProcessFamily, clock: Clock, termMs: number): Promise<void> {
  trySignal(family, "SIGTERM");
  if (await isGone(family, clock, termMs)) return;
  for (let round = 0; round < KILLS; round++) {
    trySignal(family, "SIGKILL");
    if (await isGone(family, clock, KILL_MS)) return;
  }
}

/** A process that has taken another user's rights cannot be signalled; then waiting is all that is left. */
function trySignal(family: ProcessFamily, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    family.signalGroup(signal);
  } catch {
    // Whether anything is left is seen by looking, not by this.
  }
}

/** Waits until nothing of the family is left; `false` when the time is over. */
async function isGone(family: ProcessFamily, clock: Clock, withinMs: number): Promise<boolean> {
  const until = clock.monotonic() + withinMs;
  while (family.isGroupAlive()) {
    const left = until - clock.monotonic();
    if (left <= 0) return false;
    await sleep(clock, Math.min(POLL_MS, left));
  }
  return true;
}
