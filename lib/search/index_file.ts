import { type Clock, type Files, inSlices } from "../platform/mod.ts";
import type { ToolIndex } from "./index_types.ts";

const MODE = 0o600;
/** From a change until the index is written: others come with it. */
const PAUSE_MS = 5_000;
/** It is written whole, so no more often than this. */
const LONG_PAUSE_MS = 60_000;

/** What a file of an index works with. */
export interface IndexFileOptions {
  readonly files: Pick<Files, "readBytes" | "writeAtomic" | "sweep" | "remove">;
  readonly clock: Pick<Clock, "monotonic" | "after">;
  readonly path: string;
  /** Hears why the file cannot be read or written; a start without it only takes longer. */
  readonly onFailure: (doing: "read" | "write", cause: unknown) => void;
}

/** Keeps an index in a file, so that a start finds it whole. Closing it writes what has changed. */
export interface IndexFile extends AsyncDisposable {
  /** Fills an index, which is kept from now on; one that the file does not fit stays empty. */
  serve(index: ToolIndex): Promise<void>;
  /** To be told that the index may have changed. */
  touch(): void;
}

/** Opens the file of an index; it is read at once, while others do what they have to. */
export function openIndexFile({ files, clock, path, onFailure }: IndexFileOptions): IndexFile {
  const reading = files.readBytes(path).catch((cause) => void onFailure("read", cause));
  // A writer that was killed may have left its half.
  const sweeping = reading.then(() => files.sweep(path)).catch(() => {}); // the next write tries again
  let index: ToolIndex | undefined;
  let written = 0;
  let timer: Disposable | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;

  function plan(delayMs: number): void {
    if (isClosed || index === undefined || index.revision === written) return;
    timer ??= clock.after(delayMs, () => {
      timer = undefined;
      writing = write().finally(() => {
        writing = undefined;
        plan(LONG_PAUSE_MS);
      });
    });
  }

  async function write(): Promise<void> {
    if (index === undefined || index.revision === written) return;
    const { revision } = index;
    try {
      if (index.size === 0) await files.remove(path);
      else {
        const bytes = await inSlices(clock, index.stepsToSnapshot());
        if (bytes === undefined) return;
        await files.writeAtomic(path, bytes, MODE);
      }
      written = revision;
    } catch (cause) {
      onFailure("write", cause);
    }
  }

  return {
    async serve(served) {
      const bytes = await reading;
      if (bytes !== undefined && served.restore(bytes)) written = served.revision;
      index = served;
    },
    touch: () => plan(PAUSE_MS),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      timer?.[Symbol.dispose]();
      await sweeping;
      await writing;
      await write();
    },
  };
}
