/**
 * "Did you mean": the names nearest to one that does not exist.
 *
 * @module
 */

const MAX_LENGTH = 128;

/**
 * Finds the candidates that a person most likely meant, best first.
 *
 * Pure. A candidate counts when it contains the name, or when few edits
 * (about a third of its length, swaps of neighbours included) lead to it.
 *
 * @param name What was typed; longer than 128 characters finds nothing.
 * @param candidates Existing names, in any order.
 * @param limit Most names to return.
 * @returns Up to `limit` names, empty when none is near.
 */
export function closest(name: string, candidates: Iterable<string>, limit = 3): string[] {
  if (name.length === 0 || name.length > MAX_LENGTH) return [];
  const wanted = name.toLowerCase();
  const ranked: { candidate: string; score: number }[] = [];
  for (const candidate of candidates) {
    const score = distance(wanted, candidate.slice(0, MAX_LENGTH).toLowerCase());
    if (score !== undefined) ranked.push({ candidate, score });
  }
  return ranked
    .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/**
 * Writes the hint for a wrong name: `, did you mean "a" or "b"?`, or nothing.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  return toHint(closest(name, candidates));
}

/**
 * Writes the hint for names that were chosen already: `, did you mean "a" or "b"?`, or nothing.
 */
export function toHint(near: readonly string[]): string {
  if (near.length === 0) return "";
  return `, did you mean ${near.map((found) => `"${found}"`).join(" or ")}?`;
}

function distance(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (a.length >= 3 && b.includes(a)) return 0.5;
  const edits = editDistance(a, b);
  return edits <= Math.max(1, Math.floor(Math.max(a.length, b.length) / 3)) ? edits : undefined;
}

/** Optimal string alignment distance (insert, delete, replace, swap neighbours). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
