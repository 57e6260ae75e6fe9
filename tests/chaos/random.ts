/**
 * Chance that can be repeated: all of it comes from one seed, which every
 * failure names.
 *
 * @module
 */

/** Numbers that look random. */
export interface Chance {
  readonly seed: number;
  /** Whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Makes a source of chance (mulberry32). */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    seed,
    below,
    pick<T>(from: readonly T[]): T {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new RangeError("Cannot pick from nothing");
      return picked;
    },
  };
}

/** The seed of this run: `CHAOS_SEED`, else a new one. */
export const SEED = Number(Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 1_000_000));

/** How often to do something: `short` in the tests, `long` in `deno task chaos`. */
export function rounds({ short, long }: { readonly short: number; readonly long: number }): number {
  const asked = Number(Deno.env.get("CHAOS_ROUNDS") ?? Number.NaN);
  if (Number.isSafeInteger(asked)) return asked;
  return Deno.env.get("CHAOS") === "long" ? long : short;
}

/** Adds seed and round to whatever a round throws, so that it can be repeated. */
export async function inRound<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`CHAOS_SEED=${SEED}, ${name}: ${what}`, { cause });
  }
}
