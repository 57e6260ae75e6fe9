import type { Platform, ProcessFamily } from "../platform/mod.ts";
import { parseRecord, type Recorded } from "./child_record.ts";
import { endFamily } from "./process_group.ts";

/** What was found of an earlier gateway. */
export interface Reaped {
  /** Servers whose processes were ended, without repetition. */
  readonly servers: readonly string[];
  /** Ids of the processes that led them. */
  readonly pids: readonly number[];
}

/** Their input was closed when their gateway died, so they have had their time. */
const TERM_MS = 1_000;

/**
 * Ends what an earlier gateway has left running. A process counts only if it
 * started at the recorded time or carries the mark of that gateway; an id
 * alone proves nothing. If the gateway itself still runs, as when its data
 * directory was copied, nothing is touched.
 *
 * @returns `undefined` if nothing was left.
 */
export async function reapLeftOvers(platform: Platform, record: string): Promise<Reaped | undefined> {
  const recorded = parseRecord(record);
  if (recorded === undefined || isStill(platform, recorded.owner)) return undefined;
  const { families, children } = findFamilies(platform, recorded);
  const living = families.filter((family) => family.isGroupAlive());
  if (living.length === 0) return undefined;
  await Promise.all(living.map((family) => endFamily(family, platform.clock, TERM_MS)));
  return {
    servers: [...new Set(children.map(({ server }) => server))],
    pids: children.map(({ pid }) => pid),
  };
}

function findFamilies(platform: Platform, { children, instance }: Recorded) {
  const { processes } = platform;
  const living = children.filter((child) => isStill(platform, child));
  const groups: ProcessFamily[] = living.map(({ pid }) => processes.family({ leader: pid }));
  // Those whose leader has gone, or that left the group, or were not recorded in time.
  return { children: living, families: [...groups, processes.family({ mark: instance })] };
}

function isStill({ processes }: Platform, { pid, identity }: Recorded["owner"]): boolean {
  return processes.identityOf(pid) === identity;
}
