import { sumLists } from "./tool_lists.ts";

/** Leads from one schema to the next. */
export interface Migration {
  /** Version of the schema it leads to. */
  readonly to: number;
  /** Works on a copy that is thrown away if it fails, so it may take several transactions. */
  readonly run: (kv: Deno.Kv) => Promise<void>;
}

/** Every step, oldest first, without gaps. */
export const MIGRATIONS: readonly Migration[] = [
  // Lists get a sum, so that one that was altered on the disk is not taken for what a server said.
  { to: 2, run: sumLists },
  // Long lists and books are deflated from here on; those from before stay as they are until they change.
  { to: 3, run: () => Promise.resolve() },
];

/**
 * Picks the steps that lead from one version to the newest.
 *
 * @throws {RangeError} If one of them is missing.
 */
export function planMigrations(from: number, all: readonly Migration[] = MIGRATIONS): readonly Migration[] {
  const steps = all.filter(({ to }) => to > from);
  const gap = steps.findIndex(({ to }, index) => to !== from + 1 + index);
  if (gap < 0) return steps;
  throw new RangeError(`Cannot migrate schema ${from}: there is no step to ${from + 1 + gap}`);
}
