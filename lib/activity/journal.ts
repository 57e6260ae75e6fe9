import {
  type ActivityFilter,
  type ActivityPage,
  type ActivityPeriod,
  type ActivityRecord,
  type ActivitySummary,
  GatewayError,
} from "../contracts/mod.ts";
import type { Random } from "../platform/mod.ts";
import { type Condition, toConditions } from "./conditions.ts";
import { type ExportFormat, toHeadLine, toLine } from "./export.ts";
import type { Loaded } from "./load.ts";
import type { Prepared } from "./prepare.ts";
import { Reader } from "./reader.ts";
import { type StoredRecord, toRowSize, toStored } from "./stored.ts";
import { countRecords, lengthOf, type Occurrence, toSummary } from "./summary.ts";
import { createNoise, orderOf, toUlid } from "./ulid.ts";
import type { Writer } from "./writer.ts";

const DEFAULT_LIMIT = 50;
const EXPORT_PAGE = 100;

/** What a caller may see. */
export interface Scope {
  /** Only records of these servers; those without a server are hidden, too. All when absent. */
  readonly servers?: readonly string[];
}

/** Which page of a list is wanted, and with what in it. */
export interface QueryOptions extends Scope {
  /** Records on the page; 50 when absent. */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
  /** With `arguments` and `response`; `true` when absent. */
  readonly payloads?: boolean;
}

/** What is to be exported, besides the filter. */
export interface ExportOptions extends Scope {
  readonly format: ExportFormat;
  /** Most records; all when absent. */
  readonly limit?: number;
  /** With `arguments` and `response`; `false` when absent. */
  readonly payloads?: boolean;
}

/** What a journal is made of. */
export interface JournalOptions {
  readonly kv: Deno.Kv;
  readonly loaded: Loaded;
  readonly writer: Writer;
  readonly random: Random;
  readonly redact: (text: string) => string;
}

/** All records of an open file, those that still wait for the disk included. */
export class Journal {
  readonly #options: JournalOptions;
  readonly #reader: Reader;
  readonly #noise: () => number;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#noise = createNoise(options.random);
    const { kv, loaded: { index }, writer } = options;
    this.#reader = new Reader({ kv, index, waiting: (seq) => writer.waiting(seq) });
  }

  /** Records that could not be read so far. */
  get unreadable(): number {
    return this.#options.loaded.unreadable + this.#reader.unreadable;
  }

  /** Takes a record, and gives it its id. @returns `undefined` if there is no room; it is lost then. */
  add(prepared: Prepared): StoredRecord | undefined {
    const { loaded: { index }, writer } = this.#options;
    if (!writer.hasRoom) return undefined;
    const seq = index.next;
    const record = toStored(prepared, { seq, id: toUlid(prepared.at, seq, this.#noise()) });
    index.set(seq, record.head, toRowSize(record));
    writer.add(record);
    return record;
  }

  /** Finds records, newest first. @throws {GatewayError} MCPX_INVALID_INPUT if the cursor is none. */
  async query(filter: ActivityFilter, options: QueryOptions): Promise<ActivityPage> {
    const { limit = DEFAULT_LIMIT, cursor, payloads = true } = options;
    const conditions = this.#conditions(filter, options);
    const before = cursor === undefined ? undefined : readCursor(cursor);
    // One more tells whether there is another page.
    const found = await this.#reader.find({ conditions, limit: limit + 1, before, payloads });
    const activities = found.slice(0, limit).map(({ record }) => record);
    const next = found.length > limit ? activities.at(-1)?.id : undefined;
    const total = this.#options.loaded.index.count(conditions);
    return { activities, total, ...(next === undefined ? {} : { next_cursor: next }) };
  }

  /** Reads one record; `undefined` if there is none with that id, or it is hidden. */
  async get(id: string, scope: Scope): Promise<ActivityRecord | undefined> {
    const seq = orderOf(id.toUpperCase());
    if (seq === undefined) return undefined;
    const conditions: Condition[] = [
      ...this.#conditions({ include_call_tool: true }, scope),
      { narrow: (_page, _rows, count) => count, fits: (head) => head.id === id.toUpperCase() },
    ];
    if (this.#options.loaded.index.place(seq) === undefined) return undefined;
    const [found] = await this.#reader.readFitting([seq], conditions, true);
    return found?.record;
  }

  /** Counts what happened in the time before `now`. */
  async summary(
    period: ActivityPeriod,
    { now, top, ...scope }: Scope & { readonly now: number; readonly top: number },
  ): Promise<ActivitySummary> {
    const start_time = new Date(now - lengthOf(period)).toISOString();
    const counts = countRecords(this.#options.loaded.index, this.#conditions({ start_time }, scope));
    const servers = await this.#name(counts.servers.slice(0, top), (record) => record.server_name ?? "");
    const tools = await this.#name(
      counts.tools.slice(0, top),
      ({ server_name: server, tool_name: tool }) => server === undefined ? tool ?? "" : `${server}:${tool}`,
    );
    return toSummary(counts, { period, now, servers, tools });
  }

  /** Writes records as text, newest first, piece by piece. Records that come meanwhile are not in it. */
  async *export(filter: ActivityFilter, options: ExportOptions): AsyncGenerator<string> {
    const { format, limit = Infinity, payloads = false } = options;
    const conditions = this.#conditions(filter, options);
    let before: number | undefined = this.#options.loaded.index.next;
    const head = toHeadLine(format, payloads);
    if (head !== "") yield head;
    for (let left = limit; left > 0 && before !== undefined;) {
      const found = await this.#reader.find({
        conditions,
        limit: Math.min(left, EXPORT_PAGE),
        before,
        payloads,
      });
      before = found.at(-1)?.seq;
      left -= found.length;
      if (found.length > 0) yield found.map(({ record }) => toLine(record, format, payloads)).join("");
    }
  }

  async #name(
    occurrences: readonly Occurrence[],
    nameOf: (record: ActivityRecord) => string,
  ): Promise<{ name: string; count: number }[]> {
    const found = await this.#reader.readFitting(occurrences.map(({ seq }) => seq), [], false);
    const records = new Map(found.map(({ seq, record }) => [seq, record]));
    return occurrences.flatMap(({ seq, count }) => {
      const record = records.get(seq);
      return record === undefined ? [] : [{ name: nameOf(record), count }];
    });
  }

  #conditions(filter: ActivityFilter, { servers }: Scope): readonly Condition[] {
    const { loaded: { index }, redact } = this.#options;
    return toConditions(filter, { hash: index.hash, redact, servers });
  }
}

function readCursor(cursor: string): number {
  const seq = orderOf(cursor);
  if (seq !== undefined) return seq;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot read "cursor": found "${cursor.slice(0, 40)}", wanted the next_cursor of another page`,
    { remedy: "Leave the cursor out to begin with the newest" },
  );
}
