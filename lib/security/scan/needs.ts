/** Which of many things have, for each of their groups of names, at least one that is there. */
export interface Needs<Item> {
  /** Those that have all, in their order. */
  met(isThere: Iterable<string>): Item[];
}

/**
 * Prepares the search. It looks at the names that are there and not at every
 * group of everything, of which most lack one.
 *
 * @param groupsOf Groups of names of an item, at most 31.
 */
export function createNeeds<Item>(
  items: readonly Item[],
  groupsOf: (item: Item) => readonly (readonly string[])[],
): Needs<Item> {
  const byName = new Map<string, { readonly items: number[]; readonly bits: number[] }>();
  const whole: number[] = [];
  for (const [index, item] of items.entries()) {
    const groups = groupsOf(item);
    whole.push(2 ** groups.length - 1);
    for (const [group, names] of groups.entries()) {
      for (const name of names) {
        const needs = byName.get(name) ?? { items: [], bits: [] };
        byName.set(name, needs);
        needs.items.push(index);
        needs.bits.push(1 << group);
      }
    }
  }
  // Written anew for each search, which nothing interrupts.
  const has = new Int32Array(items.length);
  return {
    met(isThere) {
      has.fill(0);
      const met: number[] = [];
      for (const name of isThere) {
        const needs = byName.get(name);
        if (needs === undefined) continue;
        for (let at = 0; at < needs.items.length; at++) {
          const index = needs.items[at] ?? 0;
          const before = has[index] ?? 0;
          const now = before | (needs.bits[at] ?? 0);
          if (now === before) continue;
          has[index] = now;
          if (now === whole[index]) met.push(index);
        }
      }
      met.sort((a, b) => a - b);
      // As many as there are numbers: each is of the list.
      return met.map((index) => items[index] as Item);
    },
  };
}

/** Keeps what is prepared for as long as there are the items that it is of. */
export function keepNeeds<Item>(groupsOf: (item: Item) => readonly (readonly string[])[]) {
  const known = new WeakMap<readonly Item[], Needs<Item>>();
  return (items: readonly Item[]): Needs<Item> => {
    const before = known.get(items);
    if (before !== undefined) return before;
    const needs = createNeeds(items, groupsOf);
    known.set(items, needs);
    return needs;
  };
}
