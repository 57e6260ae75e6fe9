import { homedir } from "node:os";
import { createDenoFiles } from "./deno_files.ts";
import { createDenoKeyValues } from "./deno_key_values.ts";
import { createDenoNetwork } from "./deno_network.ts";
import { createDenoProcesses } from "./deno_processes.ts";
import { keepLoopbackDirect } from "./loopback_direct.ts";
import { createPauses } from "./pauses.ts";
import type { Clock, Machine, Platform, Random } from "./platform.ts";

/** The real machine. */
export function createDenoPlatform(): Platform {
  // As it was given to the program, for what it starts.
  const env = Object.freeze(Deno.env.toObject());
  keepLoopbackDirect(Deno.env);
  return {
    clock: createClock(),
    random: createRandom(),
    env,
    files: createDenoFiles(),
    processes: createDenoProcesses(),
    network: createDenoNetwork(),
    keyValues: createDenoKeyValues(),
    machine: createMachine(),
    stderr: { write: writeError },
  };
}

function createClock(): Clock {
  return {
    ...createPauses(),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
    every(periodMs, callback) {
      const timer = setInterval(callback, periodMs);
      return { [Symbol.dispose]: () => clearInterval(timer) };
    },
  };
}

function createRandom(): Random {
  return {
    uuid: () => crypto.randomUUID(),
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    number: () => Math.random(),
  };
}

function createMachine(): Machine {
  const { os } = Deno.build;
  return {
    os: os === "linux" || os === "darwin" || os === "windows" ? os : "other",
    pid: Deno.pid,
    uid: Deno.uid() ?? undefined,
    // A service may be started without the variable, and still has a home; never the place it happens to be in.
    home: Deno.env.get(os === "windows" ? "USERPROFILE" : "HOME") || homedir() || Deno.cwd(),
    cwd: Deno.cwd(),
    hostname: Deno.hostname(),
    memory() {
      const { rss, heapUsed } = Deno.memoryUsage();
      return { rssBytes: rss, heapBytes: heapUsed };
    },
  };
}

function writeError(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let written = 0; written < bytes.length;) written += Deno.stderr.writeSync(bytes.subarray(written));
  } catch {
    // Nobody reads it any more; there is no better place to say so.
  }
}
