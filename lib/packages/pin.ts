import type { PackageWord } from "./package_of.ts";
import type { ResolvedPackage } from "./resolve.ts";

/**
 * Writes exact versions into the arguments of a command, so that what was
 * looked up is what runs, and nothing that is published in between. Pure.
 *
 * @param found By spec; a word without an entry stays as it is.
 */
export function pinWords(
  args: readonly string[],
  words: readonly PackageWord[],
  found: ReadonlyMap<string, ResolvedPackage>,
): string[] {
  const pinned = [...args];
  for (const { at, prefix, spec } of words) {
    const exact = found.get(spec);
    if (exact !== undefined) pinned[at] = `${prefix}${exact.name}@${exact.version}`;
  }
  return pinned;
}
