/**
 * A platform that can fail, hang or die at any durable write. Only the tests
 * here know it; the program takes whatever platform it is given.
 *
 * @module
 */

import type { Files, KeyValues, Platform } from "../../lib/platform/mod.ts";

/** One durable operation that is about to happen. */
export interface DurableOperation {
  /** Counts from 1. */
  readonly number: number;
  /** Such as `writeAtomic config.json` or `commit mcpproxy.db`. */
  readonly name: string;
}

/**
 * What becomes of an operation. `full`: it fails as on a full disk. `hang`: it
 * never answers. The others end the process as SIGKILL does: before it, after
 * it, or with half of it done.
 */
export type Verdict = "pass" | "full" | "hang" | "die before" | "die after" | "die torn";

/** Decides what becomes of each operation. */
export type Decide = (operation: DurableOperation) => Verdict;

/** Something durable, and what it leaves when it is cut in half. */
interface Act<T> {
  readonly name: string;
  readonly run: () => T;
  readonly tear?: () => void;
  /** A full disk does not keep names from being changed. */
  readonly needsSpace?: boolean;
  readonly toFullError?: () => Error;
}

/** Wraps a platform; what is opened from it is wrapped as well. */
export function withFailpoints(platform: Platform, decide: Decide): Platform {
  let count = 0;

  function meet<T>({ name, run, tear, needsSpace = true, toFullError = noSpace }: Act<T>): {
    readonly value?: T;
    readonly hangs: boolean;
  } {
    const verdict = decide({ number: ++count, name });
    if (verdict === "die before") die();
    if (verdict === "die torn") {
      tear?.();
      die();
    }
    if (verdict === "full" && needsSpace) throw toFullError();
    return verdict === "hang" ? { hangs: true } : { value: run(), hangs: false };
  }

  /** Operations that are waited for. */
  async function pass<T>(act: Act<Promise<T>>): Promise<T> {
    const number = count + 1;
    const { value, hangs } = meet(act);
    if (hangs || value === undefined) return await new Promise<never>(() => {});
    const result = await value;
    if (decide({ number: -number, name: act.name }) === "die after") die();
    return result;
  }

  /** Operations that are over when they return; these cannot hang. */
  function passNow<T>(act: Act<T>): T {
    const number = count + 1;
    const { value, hangs } = meet(act);
    const result = hangs ? act.run() : value as T; // it was run, so its value is there
    if (decide({ number: -number, name: act.name }) === "die after") die();
    return result;
  }

  const seams = { pass, passNow };
  return {
    ...platform,
    files: wrapFiles(platform.files, seams),
    keyValues: wrapKeyValues(platform.keyValues, seams),
  };
}

interface Seams {
  pass<T>(act: Act<Promise<T>>): Promise<T>;
  passNow<T>(act: Act<T>): T;
}

function wrapFiles(files: Files, { pass, passNow }: Seams): Files {
  const tear = (path: string, content: string | Uint8Array) => () => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(`${path}.tmp.${Deno.pid}-1`, bytes.subarray(0, bytes.length / 2), { mode: 0o600 });
  };
  return {
    ...files,
    writeAtomic: (path, content, mode) =>
      pass({
        name: `writeAtomic ${short(path)}`,
        run: () => files.writeAtomic(path, content, mode),
        tear: tear(path, content),
      }),
    replaceText: (path, change) =>
      pass({
        name: `replaceText ${short(path)}`,
        run: () => files.replaceText(path, change),
        tear: tear(path, change.to),
      }),
    makeDirectory: (path, mode) =>
      pass({ name: `makeDirectory ${short(path)}`, run: () => files.makeDirectory(path, mode) }),
    remove: (path) =>
      pass({ name: `remove ${short(path)}`, run: () => files.remove(path), needsSpace: false }),
    rename: (from, to) =>
      pass({ name: `rename ${short(from)}`, run: () => files.rename(from, to), needsSpace: false }),
    chmod: (path, mode) =>
      pass({ name: `chmod ${short(path)}`, run: () => files.chmod(path, mode), needsSpace: false }),
    openAppend(path, mode) {
      const file = passNow({
        name: `openAppend ${short(path)}`,
        run: () => files.openAppend(path, mode),
        needsSpace: !isThere(path),
      });
      const write = (text: string) =>
        passNow({
          name: `append ${short(path)}`,
          run: () => file.write(text),
          tear: () => file.write(text.slice(0, text.length / 2)),
        });
      return { sizeBytes: file.sizeBytes, write, [Symbol.dispose]: () => file[Symbol.dispose]() };
    },
    async tryLock(path) {
      const lock = await pass({
        name: `tryLock ${short(path)}`,
        run: () => files.tryLock(path),
        needsSpace: !isThere(path),
      });
      if (lock === undefined) return undefined;
      const write = (text: string) =>
        passNow({
          name: `write ${short(path)}`,
          run: () => lock.write(text),
          tear: () => lock.write(text.slice(0, text.length / 2)),
        });
      return { write, [Symbol.dispose]: () => lock[Symbol.dispose]() };
    },
    lock: (path) =>
      pass({ name: `lock ${short(path)}`, run: () => files.lock(path), needsSpace: !isThere(path) }),
  };
}

function wrapKeyValues(keyValues: KeyValues, seams: Seams): KeyValues {
  return {
    ...keyValues,
    async open(path) {
      const kv = await seams.pass({
        name: `open ${short(path)}`,
        run: () => keyValues.open(path),
        needsSpace: !isThere(path),
        toFullError: databaseFull,
      });
      return wrapKv(kv, path, seams);
    },
    copy: (from, to) =>
      seams.pass({
        name: `copy ${short(from)}`,
        run: () => keyValues.copy(from, to),
        tear: () => Deno.writeFileSync(to, Deno.readFileSync(from).subarray(0, 5000)),
        toFullError: databaseFull,
      }),
  };
}

function wrapKv(kv: Deno.Kv, path: string, { pass }: Seams): Deno.Kv {
  const commit = <T>(run: () => Promise<T>) =>
    pass({ name: `commit ${short(path)}`, run, toFullError: databaseFull });
  return new Proxy(kv, {
    get(target, property) {
      if (property === "set") {
        return (...args: Parameters<Deno.Kv["set"]>) => commit(() => target.set(...args));
      }
      if (property === "delete") return (key: Deno.KvKey) => commit(() => target.delete(key));
      if (property === "atomic") {
        return () => {
          const transaction = target.atomic();
          const inner = transaction.commit.bind(transaction);
          transaction.commit = () => commit(inner);
          return transaction;
        };
      }
      const member = Reflect.get(target, property);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

function die(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  // The signal is on its way; nothing more may be done before it arrives.
  for (;;);
}

const FULL_OF_SQLITE = "database or disk is full";

function noSpace(): Error {
  return Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
}

function databaseFull(): Error {
  return new TypeError(FULL_OF_SQLITE);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The last part of a path, without what differs from run to run. */
function short(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\d{5,}/g, "N");
}
