import { type Clock, inSlices } from "../platform/mod.ts";
import type { ToolIndex, ToolSource } from "./tool_index.ts";

/** The part of an index that long lists go into, at once or after a while. */
export interface ListIndex {
  /** As {@link ToolIndex.takeServer}. */
  takeServer(server: string, tools: readonly ToolSource[], saved?: Uint8Array): number | Promise<number>;
  removeServer(server: string): void | Promise<unknown>;
  saveServer(server: string): Uint8Array | Promise<Uint8Array>;
}

/** Gives an index that does not keep the main loop with long lists; what is done to one server waits for each other. */
export function sliceIndex(index: ToolIndex, clock: Pick<Clock, "monotonic" | "after">): ListIndex {
  return {
    // What was saved takes a millisecond for a hundred tools, at a start, which is to be over soon.
    takeServer: (server, tools, saved) =>
      inSlices(saved === undefined ? clock : undefined, index.stepsToTake(server, tools, saved)),
    async removeServer(server) {
      await inSlices(clock, index.stepsToTake(server, []));
    },
    saveServer: (server) => inSlices(clock, index.stepsToSave(server)),
  };
}
