/** Shortest word that is repaired, and from which length two edits are. */
const MIN_LENGTH = 4;
const TWO_EDITS_FROM = 8;
/** Longer words are identifiers or noise, and cost most. */
const MAX_LENGTH = 24;

/**
 * Knows words and finds those that another may be a misspelling of: one edit
 * away, two from eight letters on. The first letter is hardly ever wrong, and
 * taking it for right leaves few words to look at.
 */
export class Spelling {
  /** Words by first letter and length, each with the letters it has. */
  readonly #words = new Map<string, Map<string, number>>();

  add(word: string): void {
    if (!isRepairable(word)) return;
    const key = keyOf(word, word.length);
    const words = this.#words.get(key) ?? new Map<string, number>();
    this.#words.set(key, words.set(word, lettersOf(word)));
  }

  remove(word: string): void {
    const key = keyOf(word, word.length);
    const words = this.#words.get(key);
    words?.delete(word);
    if (words?.size === 0) this.#words.delete(key);
  }

  /** The known words nearest to this one, in order; none if all are too far away. */
  nearest(word: string): string[] {
    if (!isRepairable(word)) return [];
    const most = word.length >= TWO_EDITS_FROM ? 2 : 1;
    const letters = lettersOf(word);
    let least = most;
    let found: string[] = [];
    for (let length = word.length - most; length <= word.length + most; length++) {
      for (const [known, itsLetters] of this.#words.get(keyOf(word, length)) ?? []) {
        // An edit makes at most two letters differ.
        if (countBits(letters ^ itsLetters) > 2 * least) continue;
        const edits = countEdits(word, known, least);
        if (edits > least) continue;
        if (edits < least) found = [];
        least = edits;
        found.push(known);
      }
    }
    return found.sort();
  }
}

function isRepairable(word: string): boolean {
  return word.length >= MIN_LENGTH - 1 && word.length <= MAX_LENGTH && /^\p{L}+$/u.test(word);
}

function keyOf(word: string, length: number): string {
  return `${word[0]}${length}`;
}

/** One bit for each letter, those beyond ASCII sharing them. */
function lettersOf(word: string): number {
  let bits = 0;
  for (let at = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) & 31);
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/**
 * Counts the edits that lead from one word to another: a letter more, less, or
 * other, and two neighbours swapped.
 *
 * @returns `most + 1` for all that is more than `most`.
 */
export function countEdits(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let twoAbove: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) row.push(editsAt(from, to, { i, j, row, above, twoAbove }));
    if (Math.min(...row) > most) return most + 1;
    [twoAbove, above] = [above, row];
  }
  return above[to.length] ?? most + 1;
}

interface Place {
  readonly i: number;
  readonly j: number;
  readonly row: readonly number[];
  readonly above: readonly number[];
  readonly twoAbove: readonly number[];
}

function editsAt(from: string, to: string, { i, j, row, above, twoAbove }: Place): number {
  const other = from[i - 1] === to[j - 1] ? 0 : 1;
  const edits = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + other);
  const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
  return isSwap ? Math.min(edits, (twoAbove[j - 2] ?? 0) + 1) : edits;
}
