import { chunkKey, FLOOR_KEY, pageKey, recordKey } from "./keys.ts";
import { PAGE_ROWS } from "./page.ts";
import type { RecordIndex } from "./record_index.ts";

/** Number of the page that a record is on. */
export function pageOf(seq: number): number {
  return Math.floor(seq / PAGE_ROWS);
}

/** Adds to a transaction that all records below a new floor go, with their pages. */
export function addRemoval(
  transaction: Deno.AtomicOperation,
  index: RecordIndex,
  floor: number,
): Deno.AtomicOperation {
  transaction.set(FLOOR_KEY, floor);
  for (let seq = index.floor; seq < floor; seq++) {
    // What shares a value with younger records goes with the last of them.
    if ((index.keyOf(seq + 1)?.lead ?? 0) === 0) {
      transaction.delete(recordKey(index.keyOf(seq)?.first ?? seq));
    }
    const place = index.place(seq);
    const chunks = place?.page.chunks[place.row] ?? 0;
    for (let chunk = 0; chunk < chunks; chunk++) transaction.delete(chunkKey(seq, chunk));
  }
  for (let page = pageOf(index.floor); page < pageOf(floor); page++) transaction.delete(pageKey(page));
  return transaction;
}
