import type { Clock } from "./platform.ts";

/**
 * How long work may keep the main loop before everything else gets a turn. An
 * answer takes several turns of the loop to go out, so a slice is not noticed
 * and a few of them hardly are.
 */
const SLICE_MS = 2;

/**
 * Does long work a few steps at a time, so that whatever else waits for the
 * main loop is not kept waiting. The first steps are done before this returns;
 * work that is short, or for which there is no clock, is done wholly then.
 *
 * @param steps Yields after each step; a step is not interrupted.
 * @returns What the steps return, as a promise if they took too long for one turn.
 * @throws What a step throws; after the first turn the promise rejects with it.
 */
export function inSlices<Result>(
  clock: Pick<Clock, "monotonic" | "after"> | undefined,
  steps: Iterator<unknown, Result>,
): Result | Promise<Result> {
  const first = takeTurn(clock, steps);
  if (first.isDone) return first.result;
  return goOn(clock, steps);
}

/** Lets whatever waits for the main loop go first; at once where there is no clock. */
export async function nextTurn(clock: Pick<Clock, "after"> | undefined): Promise<void> {
  if (clock !== undefined) await new Promise<void>((resolve) => void clock.after(0, resolve));
}

/** Does all steps at once. */
export function atOnce<Result>(steps: Iterator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

async function goOn<Result>(
  clock: Pick<Clock, "monotonic" | "after"> | undefined,
  steps: Iterator<unknown, Result>,
): Promise<Result> {
  for (;;) {
    await nextTurn(clock);
    const turn = takeTurn(clock, steps);
    if (turn.isDone) return turn.result;
  }
}

type Turn<Result> = { readonly isDone: true; readonly result: Result } | { readonly isDone: false };

function takeTurn<Result>(
  clock: Pick<Clock, "monotonic"> | undefined,
  steps: Iterator<unknown, Result>,
): Turn<Result> {
  const end = clock === undefined ? Infinity : clock.monotonic() + SLICE_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return { isDone: true, result: value };
    if (clock !== undefined && clock.monotonic() >= end) return { isDone: false };
  }
}
