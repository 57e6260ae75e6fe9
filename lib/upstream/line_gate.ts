import type { Clock } from "../platform/mod.ts";

/** Lets lines through, but not a flood of them. */
export interface LineGate {
  take(line: string): void;
  /** Lets out what is held back; nothing comes after it. */
  end(): void;
}

/** What a gate works with. */
export interface LineGateOptions {
  readonly clock: Clock;
  readonly onLine: (line: string) => void;
}

const WINDOW_MS = 1_000;
/** More than a person reads, and less than keeps a disk or the event loop busy. */
const MAX_LINES = 1_000;
const MAX_CHARS = 1024 * 1024;
/** The last lines before an end tell most. */
const KEPT = 20;

/**
 * Creates a gate: up to 1,000 lines or 1 MB within a second go through as they
 * come. Of what is over, the last lines follow when the second is over, after a
 * line that says how many were left out.
 */
export function createLineGate({ clock, onLine }: LineGateOptions): LineGate {
  let since = -Infinity;
  let lines = 0;
  let chars = 0;
  let leftOut = 0;
  let held: string[] | undefined;
  let timer: Disposable | undefined;

  function pass(line: string): void {
    lines++;
    chars += line.length;
    onLine(line);
  }

  function hold(line: string, now: number): void {
    if (held === undefined) {
      held = [];
      timer = clock.after(Math.max(0, since + WINDOW_MS - now), release);
    }
    held.push(line);
    if (held.length <= KEPT) return;
    held.shift();
    leftOut++;
  }

  function openWindow(): void {
    since = clock.monotonic();
    lines = 0;
    chars = 0;
  }

  function release(): void {
    timer?.[Symbol.dispose]();
    const late = held ?? [];
    held = undefined;
    openWindow();
    if (leftOut > 0) pass(`[mcpproxy] left out ${leftOut} lines that came too fast`);
    leftOut = 0;
    late.forEach(pass);
  }

  return {
    take(line) {
      const now = clock.monotonic();
      if (held === undefined && now - since >= WINDOW_MS) openWindow();
      if (held === undefined && lines < MAX_LINES && chars < MAX_CHARS) return pass(line);
      hold(line, now);
    },
    end() {
      if (held !== undefined) release();
    },
  };
}
