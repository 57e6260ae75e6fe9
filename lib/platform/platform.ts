/**
 * What the gateway needs from the machine: clock, randomness, environment,
 * files, processes, network and the key-value store. Every other room takes a
 * {@link Platform} as a parameter, so that tests can pass a clock they turn by
 * hand and files that live in memory.
 *
 * @module
 */

import type { Files } from "./files.ts";
import type { Network } from "./network.ts";
import type { Processes } from "./processes.ts";

/** Reads time and owns timers. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `callback` once after `delayMs`; disposing it cancels. */
  after(delayMs: number, callback: () => void): Disposable;
  /** Runs `callback` every `periodMs` until disposed. */
  every(periodMs: number, callback: () => void): Disposable;
  /** Has `work` called in every pause until disposed: a short piece of what can wait. It must not throw. */
  inPauses(work: () => void): Disposable;
  /** Says that a pause begins: somebody was asked, and until the answer comes there may be nothing else to do. */
  pause(): void;
}

/** Source of randomness. */
export interface Random {
  uuid(): string;
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** Uniform in [0, 1). */
  number(): number;
}

/** Opens key-value stores. */
export interface KeyValues {
  open(path: string): Promise<Deno.Kv>;
  /**
   * Tells whether the file at `path` and its journal are free of damage, or
   * missing. Opening a damaged one can end the whole process, so ask first.
   */
  isSound(path: string): Promise<boolean>;
  /** Writes what a closed store holds into a new file, in one piece and durable; `to` may be there if it is empty. */
  copy(from: string, to: string): Promise<void>;
}

/** Standard error: for people, never for data. */
export interface ErrorOutput {
  /** Writes before returning; a closed or full stream is not an error. */
  write(text: string): void;
}

/** Facts about the process and the machine. */
export interface Machine {
  readonly os: "linux" | "darwin" | "windows" | "other";
  readonly pid: number;
  readonly uid: number | undefined;
  readonly home: string;
  readonly cwd: string;
  readonly hostname: string;
  memory(): { readonly rssBytes: number; readonly heapBytes: number };
}

/** All of the above; passed to every room that needs any of it. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Files;
  readonly processes: Processes;
  readonly network: Network;
  readonly keyValues: KeyValues;
  readonly machine: Machine;
  readonly stderr: ErrorOutput;
}
