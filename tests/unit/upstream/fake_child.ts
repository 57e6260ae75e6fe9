import type { ChildProcess, Platform } from "../../../lib/platform/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

/** A process that does what a test tells it, for moments that a real one reaches only by chance. */
export interface FakeChild {
  readonly platform: Platform;
  /** Signals that it got. */
  readonly signals: string[];
  /** Output streams that nobody wants to read any more. */
  readonly cancelled: string[];
  print(message: object): void;
  /** Ends it; `keepPipes` as if somebody else held them open. */
  exit(code: number, options?: { readonly keepPipes?: boolean }): void;
}

/** Makes a process; `onLine` gets what is written to it and may keep the write from finishing. */
export function createFakeChild(onLine: (line: string) => void | Promise<void> = () => {}): FakeChild {
  const signals: string[] = [];
  const cancelled: string[] = [];
  const exited = Promise.withResolvers<{ code: number; signal: undefined }>();
  const encoder = new TextEncoder();
  let alive = true;
  let stdout: ReadableByteStreamController | undefined;
  let stderr: typeof stdout;
  const child: ChildProcess = {
    pid: 1,
    stdin: new WritableStream({ write: (bytes) => onLine(new TextDecoder().decode(bytes)) }),
    stdout: new ReadableStream({
      type: "bytes",
      start: (given) => void (stdout = given),
      cancel: () => void cancelled.push("stdout"),
    }),
    stderr: new ReadableStream({
      type: "bytes",
      start: (given) => void (stderr = given),
      cancel: () => void cancelled.push("stderr"),
    }),
    exited: exited.promise,
    signalGroup: (signal) => signals.push(signal) > 0,
    isGroupAlive: () => alive,
  };
  const platform = createDenoPlatform();
  return {
    platform: { ...platform, processes: { ...platform.processes, spawn: () => child } },
    signals,
    cancelled,
    print: (message) => stdout?.enqueue(encoder.encode(JSON.stringify(message) + "\n")),
    exit(code, { keepPipes = false } = {}) {
      alive = false;
      exited.resolve({ code, signal: undefined });
      if (keepPipes) return;
      for (const output of [stdout, stderr]) {
        output?.close();
        // Whoever waits with a buffer of its own gets it back.
        output?.byobRequest?.respond(0);
      }
    },
  };
}
