/**
 * Tells which words of two texts differ, for a person who compares them. Pure.
 *
 * @module
 */

/** A run of words that both texts have, or only one of them. */
export interface Run {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Words that are compared with each other at most; beyond, what lies between common ends counts as replaced. */
const MAX_CELLS = 1_000_000;

/** Compares two texts by words and the blanks between them; joined, the runs give each text back. */
export function compareWords(before: string, after: string): Run[] {
  const a = toTokens(before);
  const b = toTokens(after);
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = compareMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return join([
    ...a.slice(0, start).map((text): Run => ({ kind: "same", text })),
    ...middle,
    ...a.slice(a.length - end).map((text): Run => ({ kind: "same", text })),
  ]);
}

function toTokens(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu) ?? [];
}

function compareMiddle(a: readonly string[], b: readonly string[]): Run[] {
  if (a.length * b.length > MAX_CELLS) {
    return [{ kind: "removed", text: a.join("") }, { kind: "added", text: b.join("") }];
  }
  const lengths = commonLengths(a, b);
  const width = b.length + 1;
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  const runs: Run[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      runs.push({ kind: "same", text: a[i++] ?? "" });
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      runs.push({ kind: "removed", text: a[i++] ?? "" });
    } else runs.push({ kind: "added", text: b[j++] ?? "" });
  }
  return runs;
}

/** Length of the longest common part of what is left of both, by where the rest begins. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j]
        ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  return lengths;
}

function join(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const { kind, text } of runs) {
    const last = joined.at(-1);
    if (last?.kind === kind) joined[joined.length - 1] = { kind, text: last.text + text };
    else joined.push({ kind, text });
  }
  return joined;
}
