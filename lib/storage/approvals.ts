import { createHash } from "node:crypto";
import { type Clock, inSlices } from "../platform/mod.ts";
import { inflate, stepsToDeflate } from "./deflated.ts";
import { encodeInSlices, joinBytes } from "./encode.ts";
import { PART_BYTES } from "./part_size.ts";
import { readAllParts } from "./parts.ts";
import type { Writer } from "./writer.ts";

const BOOKS = "approvals";
const PARTS = "approval_parts";
const PARTS_AT_ONCE = 10;
const DELETES_AT_ONCE = 500;
const LINE_END = 10;

/** What was found of one server: a text in UTF-8, `undefined` if it cannot be read any more. */
export interface StoredBook {
  readonly server: string;
  /** Its first line, and perhaps more of it. */
  readonly start: Uint8Array | undefined;
  /** All of it, made anew each time it is asked for if it is long. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The approvals of each server, as one text that is kept or replaced whole.
 * What it says is the business of whoever wrote it.
 */
export interface ApprovalRepository {
  /** The books as they were when the storage was opened; given once. */
  load(): readonly StoredBook[];
  /**
   * Replaces the book of a server, and resolves when it is durable.
   *
   * @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED if it cannot be made durable.
   */
  save(server: string, text: string): Promise<void>;
  /** Forgets a server, and resolves when that is durable. @throws {GatewayError} As {@link save}. */
  remove(server: string): Promise<void>;
}

interface Header {
  /** Counts up with every book, so that old and new parts differ. */
  readonly generation: number;
  readonly parts: number;
  readonly sizeBytes: number;
  /** How many of these are the first line, where the rest is deflated; absent where nothing is. */
  readonly plainBytes?: number;
  /** SHA-256 of the text, in hex; the disk may have changed it since. */
  readonly sum: string;
}

/** Opens the approvals kept in the database. */
export async function openApprovalRepository(
  { kv, writer, clock, onNotice }: {
    readonly kv: Deno.Kv;
    readonly writer: Writer;
    readonly clock: Clock;
    readonly onNotice: (text: string) => void;
  },
): Promise<ApprovalRepository> {
  let found: readonly StoredBook[] = await readBooks(kv);
  for (const { server, start } of found) {
    if (start !== undefined) continue;
    onNotice(`Cannot read the approvals of server "${server}"; what was approved counts as not approved`);
  }
  const idOf = (server: string) => `${BOOKS}\0${server}`;
  return {
    load() {
      const loaded = found;
      found = [];
      return loaded;
    },
    save: (server, text) =>
      writer.commit({
        kind: "stepped",
        id: idOf(server),
        run: async (to) => {
          const bytes = await encodeInSlices(clock, text);
          await writeBook(to, server, await inSlices(clock, shorten(bytes)));
        },
      }),
    remove: (server) =>
      writer.commit({ kind: "stepped", id: idOf(server), run: (to) => removeBook(to, server) }),
  };
}

async function readBooks(kv: Deno.Kv): Promise<StoredBook[]> {
  const headers = new Map<string, Header | undefined>();
  for await (const { key: [, server], value } of kv.list({ prefix: [BOOKS] })) {
    if (typeof server === "string") headers.set(server, isHeader(value) ? value : undefined);
  }
  const known = [...headers].flatMap(([server, header]): [string, Header][] =>
    header ? [[server, header]] : []
  );
  const texts = await readAllParts(kv, PARTS, new Map(known));
  return [...headers].map(([server, header]) => {
    const bytes = texts.get(server);
    const isWhole = bytes !== undefined && sumOf(bytes) === header?.sum;
    return isWhole ? toBook(server, header, bytes) : { server, start: undefined, bytes: undefined };
  });
}

function toBook(server: string, { plainBytes }: Header, bytes: Uint8Array): StoredBook {
  if (plainBytes === undefined) return { server, start: bytes, bytes };
  const start = bytes.subarray(0, plainBytes);
  return {
    server,
    start,
    get bytes() {
      const rest = inflate(bytes.subarray(plainBytes));
      return rest && joinBytes([start, rest]);
    },
  };
}

/** A book as it is written, and how much of it is not deflated. */
interface Shortened {
  readonly bytes: Uint8Array;
  readonly plainBytes?: number;
}

/** What a start reads stays as it is. */
function* shorten(bytes: Uint8Array): Generator<void, Shortened> {
  if (bytes.length <= PART_BYTES) return { bytes };
  const plainBytes = bytes.indexOf(LINE_END) + 1;
  const rest = yield* stepsToDeflate(bytes.subarray(plainBytes));
  return { bytes: joinBytes([bytes.subarray(0, plainBytes), rest]), plainBytes };
}

/** New parts first, then the header, then away with the old parts: a reader finds the old book or the new one. */
async function writeBook(kv: Deno.Kv, server: string, { bytes, plainBytes }: Shortened): Promise<void> {
  const { value } = await kv.get([BOOKS, server]);
  const generation = isHeader(value) ? value.generation + 1 : 1;
  const parts = Math.ceil(bytes.length / PART_BYTES);
  const sizes = { parts, sizeBytes: bytes.length, ...(plainBytes === undefined ? {} : { plainBytes }) };
  const header: Header = { generation, ...sizes, sum: sumOf(bytes) };
  for (let first = 0; first < parts; first += PARTS_AT_ONCE) {
    const transaction = kv.atomic();
    for (let index = first; index < Math.min(first + PARTS_AT_ONCE, parts); index++) {
      const part = bytes.slice(index * PART_BYTES, (index + 1) * PART_BYTES);
      transaction.set([PARTS, server, generation, index], part);
    }
    // A short book is written in one step.
    if (first + PARTS_AT_ONCE >= parts) transaction.set([BOOKS, server], header);
    await transaction.commit();
  }
  await removeParts(kv, server, (of) => of === generation);
}

async function removeBook(kv: Deno.Kv, server: string): Promise<void> {
  await kv.delete([BOOKS, server]);
  await removeParts(kv, server, () => false);
}

async function removeParts(
  kv: Deno.Kv,
  server: string,
  isKept: (generation: unknown) => boolean,
): Promise<void> {
  let transaction = kv.atomic();
  let count = 0;
  for await (const { key } of kv.list({ prefix: [PARTS, server] }, { batchSize: 10 })) {
    if (isKept(key[2])) continue;
    transaction.delete(key);
    if (++count % DELETES_AT_ONCE !== 0) continue;
    await transaction.commit();
    transaction = kv.atomic();
  }
  if (count % DELETES_AT_ONCE !== 0) await transaction.commit();
}

function sumOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isHeader(value: unknown): value is Header {
  return typeof value === "object" && value !== null && "generation" in value && "parts" in value &&
    "sizeBytes" in value && "sum" in value && Number.isSafeInteger(value.generation) &&
    Number.isSafeInteger(value.parts) && Number.isSafeInteger(value.sizeBytes) &&
    typeof value.sum === "string";
}
