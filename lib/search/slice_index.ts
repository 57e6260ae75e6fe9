import { type Clock, inSlices } from "../platform/mod.ts";
import type { IndexFile } from "./index_file.ts";
import type { ToolIndex, ToolSource } from "./index_types.ts";

/** The part of an index that long lists go into, at once or after a while. */
export interface ListIndex {
  /** As {@link ToolIndex.takeServer}. */
  takeServer(server: string, tools: readonly ToolSource[], saved?: Uint8Array): number | Promise<number>;
  removeServer(server: string): void | Promise<unknown>;
  saveServer(server: string): Uint8Array | Promise<Uint8Array>;
  /** As {@link ToolIndex.waiting}. */
  readonly waiting: readonly string[];
}

/** Gives an index that does not keep the main loop with long lists; what is done to one server waits for each other. */
export function sliceIndex(
  index: ToolIndex,
  { clock, file }: {
    readonly clock: Pick<Clock, "monotonic" | "after">;
    readonly file?: Pick<IndexFile, "touch">;
  },
): ListIndex {
  async function take(
    clock: Pick<Clock, "monotonic" | "after"> | undefined,
    ...given: Parameters<ToolIndex["stepsToTake"]>
  ) {
    const taken = inSlices(clock, index.stepsToTake(...given));
    const readAnew = taken instanceof Promise ? await taken : taken;
    file?.touch();
    return readAnew;
  }
  return {
    // What was saved takes a millisecond for a hundred tools, at a start, which is to be over soon.
    takeServer: (server, tools, saved) => take(saved === undefined ? clock : undefined, server, tools, saved),
    removeServer: (server) => take(clock, server, []),
    get waiting() {
      return index.waiting;
    },
    saveServer: (server) => inSlices(clock, index.stepsToSave(server)),
  };
}
