import { type ActivityRecord, ActivityRecordSchema, parseJson } from "../contracts/mod.ts";
import { chunkKey, recordKey } from "./keys.ts";
import type { RowSize } from "./page.ts";
import type { Head, Prepared } from "./prepare.ts";

/** A value of KV holds 65,536 bytes, its own wrapping included. */
const MAX_VALUE_BYTES = 60_000;
/** A longer body lies beside its record, so that a list does not read what it does not show. */
const MAX_INLINE = 4_096;
/** A head full of control characters may alone nearly fill a value. */
const MAX_HEAD_BESIDE_BODY = 16_384;
/** Records of one moment share a value up to this size: enough to save room, little enough to read one of them. */
const MAX_PACK_BYTES = 8_192;
/** Divides head and body; JSON has no such byte. */
const DIVIDER = 10;

/** SQLite keeps so much of a value in its place, and the rest in pages of its own. */
const LOCAL_BYTES = 950;
const DISK_PAGE_BYTES = 4_096;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A record as it goes to the disk. */
export interface StoredRecord {
  readonly seq: number;
  readonly head: Head;
  /** Head as JSON, then the body if it is short. */
  readonly bytes: Uint8Array;
  /** The body, if it is long. */
  readonly body: readonly Uint8Array[];
  /** Of all its parts. */
  readonly sizeBytes: number;
}

/** What a value of KV says of a record, before its text is read. */
export interface FoundRecord {
  readonly bytes: Uint8Array;
  readonly chunks: number;
  readonly sizeBytes: number;
}

/** Makes the bytes of a record. Pure. */
export function toStored({ head, body }: Prepared, { seq, id }: { seq: number; id: string }): StoredRecord {
  const full: Head = { id, ...head };
  const text = JSON.stringify(full);
  const isInline = body !== undefined && body.length <= MAX_INLINE && text.length <= MAX_HEAD_BESIDE_BODY;
  const bytes = encoder.encode(isInline ? `${text}\n${body}` : text);
  const chunks = body === undefined || isInline ? [] : toChunks(encoder.encode(body));
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, bytes.length);
  return { seq, head: full, bytes, body: chunks, sizeBytes };
}

/** What the index knows of a record that is not on the disk yet. */
export function toRowSize({ body, sizeBytes }: StoredRecord): RowSize {
  return { sizeBytes, chunks: body.length, lead: 0 };
}

/** Divides records, whose numbers have no holes, into groups that share a value. */
export function toPacks(records: readonly StoredRecord[]): StoredRecord[][] {
  const packs: StoredRecord[][] = [];
  let room = 0;
  for (const record of records) {
    if (record.bytes.length > room || packs.length === 0) {
      packs.push([]);
      room = MAX_PACK_BYTES;
    }
    packs.at(-1)?.push(record);
    room -= record.bytes.length;
  }
  return packs;
}

/**
 * Adds records that share a value to a transaction.
 *
 * @returns What each of them takes on the disk.
 */
export function writePack(
  transaction: Deno.AtomicOperation,
  pack: readonly StoredRecord[],
): readonly number[] {
  const textBytes = pack.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const growth = toDiskBytes(textBytes) / Math.max(1, textBytes);
  const sizes = pack.map(({ bytes, body }) =>
    Math.ceil(body.reduce((sum, { length }) => sum + toDiskBytes(length), bytes.length * growth))
  );
  const head = pack.map(({ bytes, body }, at) => [bytes.length, body.length, sizes[at] ?? 0]);
  const value = joinBytes([encoder.encode(`${JSON.stringify(head)}\n`), ...pack.map(({ bytes }) => bytes)]);
  transaction.set(recordKey(pack[0]?.seq ?? 0), value);
  for (const { seq, body } of pack) body.forEach((chunk, at) => transaction.set(chunkKey(seq, at), chunk));
  return sizes;
}

/**
 * Reads a value that {@link writePack} has made: a line that says of each
 * record how long it is, in how many chunks its body lies elsewhere, and what
 * it takes on the disk; then the records. Plain bytes cost a quarter of what
 * KV takes to write a value with parts.
 *
 * @returns The records; one that is `undefined` if the value is nothing of the kind.
 */
export function toPack(value: unknown): readonly (FoundRecord | undefined)[] {
  if (!(value instanceof Uint8Array)) return [undefined];
  let start = value.indexOf(DIVIDER) + 1;
  const sizes = readSizes(value.subarray(0, start));
  return sizes?.map(([length, chunks, sizeBytes]) => {
    const bytes = value.subarray(start, start + length);
    start += length;
    return { bytes, chunks, sizeBytes };
  }) ?? [undefined];
}

/** Reads the head of a record; `undefined` if it cannot be read. */
export function readHead(bytes: Uint8Array): Head | undefined {
  const end = bytes.indexOf(DIVIDER);
  try {
    const { success, data } = ActivityRecordSchema.safeParse(
      parseJson(decoder.decode(end < 0 ? bytes : bytes.subarray(0, end))),
    );
    return success ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what was sent and answered; `undefined` if there is none, or a chunk is missing. */
export function readBody(
  bytes: Uint8Array,
  chunks: readonly unknown[],
): Pick<ActivityRecord, "arguments" | "response"> | undefined {
  const end = bytes.indexOf(DIVIDER);
  const parts = chunks.length > 0 ? chunks : [end < 0 ? undefined : bytes.subarray(end + 1)];
  if (!parts.every((part) => part instanceof Uint8Array)) return undefined;
  const text = parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  try {
    // It was written as an object with these two.
    return parseJson(text) as Pick<ActivityRecord, "arguments" | "response">;
  } catch {
    return undefined;
  }
}

function readSizes(line: Uint8Array): [number, number, number][] | undefined {
  try {
    const sizes: unknown = JSON.parse(decoder.decode(line));
    return Array.isArray(sizes) && sizes.every(isSizes) ? sizes : undefined;
  } catch {
    return undefined;
  }
}

function isSizes(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function toDiskBytes(valueBytes: number): number {
  if (valueBytes <= LOCAL_BYTES) return valueBytes + 60;
  return Math.ceil(valueBytes / DISK_PAGE_BYTES) * DISK_PAGE_BYTES + LOCAL_BYTES / 2;
}

function toChunks(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / MAX_VALUE_BYTES);
  return Array.from(
    { length: count },
    (_, at) => bytes.slice(at * MAX_VALUE_BYTES, (at + 1) * MAX_VALUE_BYTES),
  );
}
