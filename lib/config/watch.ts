import { dirname } from "node:path";
import type { Clock, Files } from "../platform/mod.ts";

/** What a watch works with. */
export interface ConfigWatchOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly path: string;
  /** Called once after each burst of changes; may find the file unchanged. */
  readonly onChange: () => void;
  readonly debounceMs?: number;
  readonly pollMs?: number;
}

/** An editor writes in several steps; the file is looked at when they are over. */
const DEBOUNCE_MS = 500;
/** Catches what the system does not report: network mounts, a directory that was replaced, a link's far end. */
const POLL_MS = 2_000;

/**
 * Watches the config file, however it is changed: written in place, replaced by
 * a rename, deleted and made again, or reached through a link that is moved.
 *
 * Directories are watched, not the file: a watch on a file dies with the first
 * rename over it. A slow poll finds what was missed and sets up lost watches.
 *
 * @returns Ends the watch when disposed.
 */
export function watchConfig(options: ConfigWatchOptions): AsyncDisposable {
  const { files, clock, path, onChange } = options;
  const watches = new Map<string, Disposable>();
  let pending: Disposable | undefined;
  let fingerprint: string | undefined;
  let disposed = false;

  function changed(): void {
    pending?.[Symbol.dispose]();
    pending = clock.after(options.debounceMs ?? DEBOUNCE_MS, () => {
      pending = undefined;
      onChange();
    });
  }

  function watchDirectory(directory: string): void {
    if (watches.has(directory) || disposed) return;
    const watch = files.watch(directory, {
      onChange: changed,
      onEnd: () => watches.delete(directory),
    });
    if (watch !== undefined) watches.set(directory, watch);
  }

  async function look(): Promise<void> {
    if (disposed) return;
    const real = await files.realPath(path).catch(() => undefined);
    const wanted = new Set([dirname(path), ...(real === undefined ? [] : [dirname(real)])]);
    for (const [directory, watch] of watches) {
      if (!wanted.has(directory)) watch[Symbol.dispose]();
    }
    for (const directory of wanted) watchDirectory(directory);
    const found = real === undefined ? undefined : await files.stat(real);
    const now = found === undefined ? "absent" : `${real} ${found.modifiedAt} ${found.sizeBytes}`;
    // The first look counts as a change: the file may have changed before the watch stood.
    // What was told of already is waited for already; that the poll finds it, too, is nothing new.
    if (fingerprint !== now && !disposed && pending === undefined) changed();
    fingerprint = now;
  }

  let looking = look();
  const poll = clock.every(options.pollMs ?? POLL_MS, () => {
    looking = looking.then(look);
  });
  return {
    async [Symbol.asyncDispose]() {
      disposed = true;
      poll[Symbol.dispose]();
      pending?.[Symbol.dispose]();
      for (const watch of [...watches.values()]) watch[Symbol.dispose]();
      await looking;
    },
  };
}
