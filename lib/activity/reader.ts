import type { ActivityRecord } from "../contracts/mod.ts";
import type { Condition } from "./conditions.ts";
import { chunkKey, recordKey } from "./keys.ts";
import type { RecordIndex } from "./record_index.ts";
import { type FoundRecord, readBody, readHead, type StoredRecord, toPack } from "./stored.ts";

/** KV gives so many values at once. */
const AT_ONCE = 10;

/** What a reader works with. */
export interface ReaderOptions {
  readonly kv: Deno.Kv;
  readonly index: RecordIndex;
  /** A record that is not on the disk yet. */
  readonly waiting: (seq: number) => StoredRecord | undefined;
}

/** Which records to find. */
export interface Search {
  readonly conditions: readonly Condition[];
  readonly limit: number;
  /** Only records below this number. */
  readonly before?: number;
  /** Whether to read what was sent and answered. */
  readonly payloads: boolean;
}

/** A record and its number. */
export interface Numbered {
  readonly seq: number;
  readonly record: ActivityRecord;
}

/** Finds records by the index and reads no others. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #unreadable = new Set<number>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** How many records could not be read so far. */
  get unreadable(): number {
    return this.#unreadable.size;
  }

  /** Finds records, newest first; fewer than `limit` only if there are no more. */
  async find({ conditions, limit, before, payloads }: Search): Promise<Numbered[]> {
    const found: Numbered[] = [];
    const candidates = this.#options.index.find(conditions, before);
    while (found.length < limit) {
      const seqs = take(candidates, limit - found.length);
      if (seqs.length === 0) break;
      found.push(...await this.readFitting(seqs, conditions, payloads));
    }
    return found;
  }

  /** Reads some records, leaves out those that are gone or do not fit. */
  async readFitting(
    seqs: readonly number[],
    conditions: readonly Condition[],
    payloads: boolean,
  ): Promise<Numbered[]> {
    const records = await this.#read(seqs, payloads);
    // Two texts may have one hash, so the record has the last word.
    return records.filter(({ record }) => conditions.every(({ fits }) => fits(record)));
  }

  async #read(seqs: readonly number[], payloads: boolean): Promise<Numbered[]> {
    // What waits is looked up first: on its way to the disk it is in both places, never in none.
    const waiting = new Map(seqs.map((seq) => [seq, this.#options.waiting(seq)]));
    const stored = await this.#readStored(seqs.filter((seq) => waiting.get(seq) === undefined));
    const records = await Promise.all(
      seqs.map((seq) => this.#toRecord(seq, { waiting: waiting.get(seq), found: stored.get(seq), payloads })),
    );
    return records.filter((record) => record !== undefined);
  }

  async #toRecord(
    seq: number,
    { waiting, found, payloads }: {
      readonly waiting: StoredRecord | undefined;
      readonly found: FoundRecord | undefined;
      readonly payloads: boolean;
    },
  ): Promise<Numbered | undefined> {
    const source = waiting ?? found;
    const head = waiting?.head ?? (found && readHead(found.bytes));
    if (source === undefined || head === undefined) {
      // It may have been removed meanwhile, which is no damage.
      if (this.#options.index.place(seq) !== undefined) this.#unreadable.add(seq);
      return undefined;
    }
    if (!payloads) return { seq, record: head };
    const chunks = waiting?.body ?? await this.#getAll(
      Array.from({ length: found?.chunks ?? 0 }, (_, chunk) => chunkKey(seq, chunk)),
    );
    return { seq, record: { ...head, ...readBody(source.bytes, chunks) } };
  }

  /** Records of one moment share a value, which is read once. */
  async #readStored(seqs: readonly number[]): Promise<ReadonlyMap<number, FoundRecord | undefined>> {
    const places = seqs.map((seq) => this.#options.index.keyOf(seq) ?? { first: seq, lead: 0 });
    const firsts = [...new Set(places.map(({ first }) => first))];
    const values = await this.#getAll(firsts.map(recordKey));
    const packs = new Map(firsts.map((first, at) => [first, toPack(values[at])]));
    return new Map(seqs.map((seq, at) => {
      const { first, lead } = places[at] ?? { first: seq, lead: 0 };
      return [seq, packs.get(first)?.[lead]];
    }));
  }

  async #getAll(keys: readonly Deno.KvKey[]): Promise<unknown[]> {
    const { kv } = this.#options;
    const groups = Array.from(
      { length: Math.ceil(keys.length / AT_ONCE) },
      (_, at) => keys.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
    );
    const entries = await Promise.all(groups.map((group) => kv.getMany<unknown[]>(group)));
    return entries.flat().map(({ value }) => value);
  }
}

/** Takes the next numbers and leaves the rest for later, which `Iterator.take` would not. */
function take(numbers: Iterator<number>, count: number): number[] {
  const taken: number[] = [];
  while (taken.length < count) {
    const { done, value } = numbers.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}
