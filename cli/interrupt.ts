import type { Clock } from "../lib/platform/mod.ts";
import type { Terminal } from "./terminal.ts";

/** Time an interrupted command has to end by itself. */
const GRACE_MS = 3000;

/** Ctrl-C of a client command. */
export interface Interrupt extends Disposable {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Resolves at the second Ctrl-C, or when the time to end is over. */
  readonly givenUp: Promise<void>;
  /** Starts to listen; until then Ctrl-C ends the process at once. */
  arm(): void;
}

/** Makes an interrupt that does not listen yet. */
export function createInterrupt(terminal: Terminal, clock: Clock): Interrupt {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const owned = new DisposableStack();
  let isArmed = false;

  function onInterrupt(): void {
    if (controller.signal.aborted) return resolve();
    owned.use(clock.after(GRACE_MS, resolve));
    controller.abort(new DOMException("Interrupted", "AbortError"));
  }

  return {
    signal: controller.signal,
    givenUp: promise,
    arm() {
      if (!isArmed) owned.use(terminal.onInterrupt(onInterrupt));
      isArmed = true;
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}
