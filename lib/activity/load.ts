import type { Random } from "../platform/mod.ts";
import { COUNTED_KEY, FLOOR_KEY, pageKey, recordKey, SEED_KEY } from "./keys.ts";
import { createHash, Page, PAGE_ROWS } from "./page.ts";
import { RecordIndex } from "./record_index.ts";
import { readHead, toPack } from "./stored.ts";
import { Usage } from "./usage.ts";

/** What is kept in memory of the file. */
export interface Loaded {
  readonly index: RecordIndex;
  readonly usage: Usage;
  /** Number of the first page that is not stored. */
  readonly sealed: number;
  /** Records that could not be read. */
  readonly unreadable: number;
}

/**
 * Reads what is kept in memory of the file: the pages as they were stored,
 * and of the youngest, that never got full, the records themselves. What the
 * usage lacks is counted again.
 */
export async function load(kv: Deno.Kv, random: Random): Promise<Loaded> {
  const [floor, counted] = await kv.getMany<[unknown, unknown]>([FLOOR_KEY, COUNTED_KEY]);
  const index = new RecordIndex(createHash(await readSeed(kv, random)), toCount(floor.value));
  const usage = new Usage(kv, toCount(counted.value));
  const lastPage = await loadPages(kv, index);
  const firstPage = Math.floor(index.floor / PAGE_ROWS);
  const sealed = Math.max(firstPage, lastPage + 1);
  let unreadable = 0;
  for (let page = firstPage; page <= lastPage; page++) {
    if (index.page(page) !== undefined) continue;
    unreadable += await loadRecords(kv, { index, usage, from: page * PAGE_ROWS, to: (page + 1) * PAGE_ROWS });
  }
  unreadable += await loadRecords(kv, { index, usage, from: sealed * PAGE_ROWS, to: Infinity });
  return { index, usage, sealed, unreadable };
}

/** @returns Number of the last page; -1 if there is none. */
async function loadPages(kv: Deno.Kv, index: RecordIndex): Promise<number> {
  let last = -1;
  for await (const { key, value } of kv.list({ prefix: pageKey(0).slice(0, 1) })) {
    const number = toCount(key[1]);
    last = Math.max(last, number);
    const page = Page.from(value);
    if (page !== undefined && (number + 1) * PAGE_ROWS > index.floor) index.addPage(number, page);
  }
  return last;
}

interface Range {
  readonly index: RecordIndex;
  readonly usage: Usage;
  readonly from: number;
  readonly to: number;
}

async function loadRecords(kv: Deno.Kv, { index, usage, from, to }: Range): Promise<number> {
  let unreadable = 0;
  // The value that holds the first of them may begin before it, but never on another page.
  for await (const { key, value } of kv.list({ start: recordKey(from), end: recordKey(to) })) {
    for (const [lead, found] of toPack(value).entries()) {
      const seq = toCount(key[1]) + lead;
      const head = found && readHead(found.bytes);
      if (seq < index.floor) continue;
      if (found === undefined || head === undefined) {
        unreadable++;
        index.skip(seq, lead);
        continue;
      }
      index.set(seq, head, { ...found, lead });
      await usage.count(seq, head);
    }
  }
  return unreadable;
}

async function readSeed(kv: Deno.Kv, random: Random): Promise<number> {
  const { value } = await kv.get(SEED_KEY);
  if (typeof value === "number") return value;
  const seed = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0);
  await kv.set(SEED_KEY, seed);
  return seed;
}

function toCount(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
