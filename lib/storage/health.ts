import type { SetAside } from "./set_aside.ts";
import type { WriterState } from "./writer.ts";

/** How the storage does, in words. */
export interface StorageHealth {
  /** `degraded`: reads and calls go on, but a person should know of something. */
  readonly level: "healthy" | "degraded";
  readonly summary: string;
  /** What a person can do; absent if nothing needs to be done. */
  readonly remedy?: string;
  /** Changes that are not durable yet. */
  readonly pending: number;
  /** Changes that were given up since the start. */
  readonly lost: number;
  /** Where a damaged database lies that was set aside, by this run or an earlier one. */
  readonly setAside?: string;
}

/** Puts the health of the storage into words; the most urgent matter comes first. Pure. */
export function toHealth(
  { pending, lost, failure }: WriterState,
  { path, setAside }: { readonly path: string; readonly setAside: SetAside | undefined },
): StorageHealth {
  const counts = { pending, lost, ...(setAside === undefined ? {} : { setAside: setAside.path }) };
  if (failure !== undefined) {
    return { level: "degraded", summary: failure.message, remedy: failure.remedy, ...counts };
  }
  if (setAside !== undefined) {
    const at = new Date(setAside.at).toISOString();
    return {
      level: "degraded",
      summary:
        `Database "${path}" was found damaged at ${at}; a new one took its place, and what had been approved ` +
        "in the old one counts as not approved",
      remedy: `Approve again what you trust, then remove ${setAside.path} and the files named like it`,
      ...counts,
    };
  }
  if (lost === 0) return { level: "healthy", summary: "All changes are saved or on their way", ...counts };
  return {
    level: "degraded",
    summary: `${lost} changes could not be saved and were given up since the start`,
    remedy: "See the log for what they were",
    ...counts,
  };
}
