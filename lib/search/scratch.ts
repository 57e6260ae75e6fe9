/**
 * Room to score in, one place for each document. It is kept between searches
 * and left clean, so that a search takes next to no memory of its own.
 */
export class Scratch {
  /** Score of a document; 0 for one that was not found. */
  totals = new Float64Array(0);
  /** What one word of the query gives a document; 0 between words. */
  group = new Float64Array(0);
  /** Documents that the word was found in. */
  touched = new Int32Array(0);
  /** Documents found so far from the front, those refused from the back; none is both. */
  found = new Int32Array(0);
  foundCount = 0;
  refusedCount = 0;
  /** What the caller said of a document: 0 not asked, 1 yes, 2 no. */
  verdicts = new Uint8Array(0);

  /** Makes room for documents up to this number. */
  reserve(document: number): void {
    if (document < this.totals.length) return;
    const length = Math.ceil((document + 1) * 1.5);
    this.totals = new Float64Array(length);
    this.group = new Float64Array(length);
    this.touched = new Int32Array(length);
    this.found = new Int32Array(length);
    this.verdicts = new Uint8Array(length);
  }

  /** Asks once for each document, and puts it among the found or the refused. */
  isAccepted(document: number, accept: (document: number) => boolean): boolean {
    const verdict = this.verdicts[document];
    if (verdict !== 0) return verdict === 1;
    const isAccepted = accept(document);
    this.verdicts[document] = isAccepted ? 1 : 2;
    if (isAccepted) this.found[this.foundCount++] = document;
    else this.found[this.found.length - ++this.refusedCount] = document;
    return isAccepted;
  }

  clean(): void {
    const { found, totals, verdicts, foundCount, refusedCount } = this;
    for (let at = 0; at < foundCount; at++) totals[found[at] ?? 0] = verdicts[found[at] ?? 0] = 0;
    for (let at = found.length - refusedCount; at < found.length; at++) verdicts[found[at] ?? 0] = 0;
    this.foundCount = this.refusedCount = 0;
  }
}

/**
 * Takes the best in order.
 *
 * @param items Are left as they are.
 * @param limit Most that are taken; the fewer, the quicker.
 * @param isBefore Whether the first is better than the second; strict and total.
 */
export function takeBest(
  items: Int32Array,
  limit: number,
  isBefore: (a: number, b: number) => boolean,
): number[] {
  if (limit > MOST_INSERTED) return [...items].sort((a, b) => isBefore(a, b) ? -1 : 1).slice(0, limit);
  const best: number[] = [];
  for (let at = 0; at < items.length; at++) {
    const item = items[at] ?? 0;
    const isFull = best.length >= limit;
    if (isFull && !isBefore(item, best[limit - 1] ?? 0)) continue;
    if (isFull) best.pop();
    insertSorted(best, item, isBefore);
  }
  return best;
}

/** Beyond that, sorting all is quicker than putting each in its place. */
const MOST_INSERTED = 500;

function insertSorted(sorted: number[], item: number, isBefore: (a: number, b: number) => boolean): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(item, sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  sorted.splice(low, 0, item);
}
