import type { Condition } from "./conditions.ts";
import { type Hash, LIVE, Page, PAGE_ROWS, type RowSize } from "./page.ts";
import type { Head } from "./prepare.ts";

/** How much is kept. */
export interface Extent {
  readonly records: number;
  readonly sizeBytes: number;
}

/** Where a row is. */
export interface Place {
  readonly page: Page;
  readonly row: number;
}

/**
 * What can be filtered by of every record, in memory. Records are numbered in
 * the order in which they were made; those below `floor` are gone.
 */
export class RecordIndex {
  readonly hash: Hash;
  readonly #pages = new Map<number, Page>();
  #floor: number;
  #next: number;
  #records = 0;
  #sizeBytes = 0;

  constructor(hash: Hash, floor = 0) {
    this.hash = hash;
    this.#floor = floor;
    this.#next = floor;
  }

  /** Number of the oldest record that is not removed. */
  get floor(): number {
    return this.#floor;
  }

  /** Number that the next record gets. */
  get next(): number {
    return this.#next;
  }

  get extent(): Extent {
    return { records: this.#records, sizeBytes: this.#sizeBytes };
  }

  /** Takes a page as it was stored; rows below the floor stay out. */
  addPage(number: number, page: Page): void {
    const first = number * PAGE_ROWS;
    this.#pages.set(number, page);
    for (let row = 0; row < PAGE_ROWS; row++) {
      if (first + row < this.#floor) page.flags[row] = 0;
      else this.#count({ page, row }, 1);
    }
    this.#next = Math.max(this.#next, first + PAGE_ROWS);
  }

  /** Writes the row of a record; numbers may have holes. */
  set(seq: number, head: Head, size: RowSize): void {
    const number = Math.floor(seq / PAGE_ROWS);
    const page = this.#pages.get(number) ?? new Page();
    this.#pages.set(number, page);
    const place = { page, row: seq % PAGE_ROWS };
    this.#count(place, -1);
    page.set(place.row, head, { ...size, hash: this.hash });
    this.#count(place, 1);
    this.#next = Math.max(this.#next, seq + 1);
  }

  /** Notes how a record was stored. */
  settle(seq: number, { lead, sizeBytes }: Omit<RowSize, "chunks">): void {
    const place = this.place(seq);
    if (place === undefined) return;
    this.#count(place, -1);
    place.page.leads[place.row] = lead;
    place.page.sizes[place.row] = sizeBytes;
    this.#count(place, 1);
  }

  /** Number of the record at whose key this one is stored, and its place there. */
  keyOf(seq: number): { readonly first: number; readonly lead: number } | undefined {
    const page = this.#pages.get(Math.floor(seq / PAGE_ROWS));
    const lead = page?.leads[seq % PAGE_ROWS];
    return lead === undefined ? undefined : { first: seq - lead, lead };
  }

  /** Leaves a hole where a record cannot be read. */
  skip(seq: number, lead: number): void {
    const number = Math.floor(seq / PAGE_ROWS);
    const page = this.#pages.get(number) ?? new Page();
    this.#pages.set(number, page);
    page.leads[seq % PAGE_ROWS] = lead;
    this.#next = Math.max(this.#next, seq + 1);
  }

  /** Takes back a record that never got to the disk. */
  drop(seq: number): void {
    const place = this.place(seq);
    if (place === undefined) return;
    this.#count(place, -1);
    place.page.flags[place.row] = 0;
  }

  /** Forgets all records below a number. @returns The pages that are empty now. */
  raiseFloor(floor: number): number[] {
    for (let seq = this.#floor; seq < floor; seq++) this.drop(seq);
    this.#floor = Math.max(this.#floor, floor);
    const emptied = [...this.#pages.keys()].filter((number) => (number + 1) * PAGE_ROWS <= this.#floor);
    for (const number of emptied) this.#pages.delete(number);
    return emptied;
  }

  /** The page with that number. */
  page(number: number): Page | undefined {
    return this.#pages.get(number);
  }

  /** Finds the row of a record; `undefined` if there is no such record. */
  place(seq: number): Place | undefined {
    const page = this.#pages.get(Math.floor(seq / PAGE_ROWS));
    const row = seq % PAGE_ROWS;
    return page !== undefined && ((page.flags[row] ?? 0) & LIVE) !== 0 ? { page, row } : undefined;
  }

  /** Numbers of the records that may fit, newest first, below `before`. */
  *find(conditions: readonly Condition[], before = this.#next): Generator<number> {
    const rows = new Uint16Array(PAGE_ROWS);
    for (const { page, first, end } of this.#pagesBelow(before)) {
      for (let at = keepFitting(rows, { page, end }, conditions) - 1; at >= 0; at--) {
        yield first + (rows[at] ?? 0);
      }
    }
  }

  /** How many records fit; texts are compared by their hashes. */
  count(conditions: readonly Condition[]): number {
    const rows = new Uint16Array(PAGE_ROWS);
    let count = 0;
    for (const part of this.#pagesBelow(this.#next)) count += keepFitting(rows, part, conditions);
    return count;
  }

  /** Pages from the newest on, with their first record and how many rows count. */
  *#pagesBelow(
    before: number,
  ): Generator<{ readonly page: Page; readonly first: number; readonly end: number }> {
    const start = Math.min(before, this.#next);
    for (let number = Math.ceil(start / PAGE_ROWS) - 1; (number + 1) * PAGE_ROWS > this.#floor; number--) {
      const page = this.#pages.get(number);
      const first = number * PAGE_ROWS;
      if (page !== undefined) yield { page, first, end: Math.min(PAGE_ROWS, start - first) };
    }
  }

  #count({ page, row }: Place, sign: 1 | -1): void {
    if (((page.flags[row] ?? 0) & LIVE) === 0) return;
    page.live += sign;
    this.#records += sign;
    this.#sizeBytes += sign * (page.sizes[row] ?? 0);
  }
}

const EVERY_ROW = Uint16Array.from({ length: PAGE_ROWS }, (_, row) => row);

/**
 * Writes the rows that fit into `rows`, which is there for a whole walk, and
 * tells how many they are. Goes through every record there is, for each page
 * of a list, so it works column by column and leaves nothing behind.
 */
function keepFitting(
  rows: Uint16Array,
  { page, end }: { readonly page: Page; readonly end: number },
  conditions: readonly Condition[],
): number {
  let count = 0;
  if (page.live === PAGE_ROWS && end === PAGE_ROWS) {
    rows.set(EVERY_ROW);
    count = PAGE_ROWS;
  } else {
    for (let row = 0; row < end; row++) if (((page.flags[row] ?? 0) & LIVE) !== 0) rows[count++] = row;
  }
  for (const { narrow } of conditions) count = count === 0 ? 0 : narrow(page, rows, count);
  return count;
}
