/**
 * Tool lists in the database: one header for each server, which holds a short
 * list itself and counts the parts of a long one. A reader finds the old list
 * or the new one, never a mixture, also after a crash half-way.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ToolDefinition } from "../contracts/mod.ts";

const HEADERS = "catalogue";
const PARTS = "catalogue_parts";
/** Below the limit of 65,536 bytes with room for the other fields. */
const PART_BYTES = 60_000;
const PARTS_AT_ONCE = 10;
const DELETES_AT_ONCE = 500;

/** The tools a server listed, and which server that was. */
export interface CatalogueEntry {
  readonly server: string;
  /** Hash of how the server is reached; another hash is another server. */
  readonly fingerprint: string;
  readonly tools: readonly ToolDefinition[];
  /** Epoch milliseconds. */
  readonly listedAt: number;
  /** The server's part of the search index, kept for whoever made it and never looked into. */
  readonly index?: Uint8Array;
}

interface Header {
  readonly fingerprint: string;
  readonly listedAt: number;
  /** Counts up with every list that is written in parts, so that old and new parts differ. */
  readonly generation: number;
  readonly parts: number;
  readonly sizeBytes: number;
  /** How many of these, at the end, are the part of the search index; none when absent. */
  readonly indexBytes?: number;
  /** SHA-256 of the list and that part, in hex; the disk may have changed it since. */
  readonly sum: string;
  /** The list itself if it is short. */
  readonly bytes?: Uint8Array;
}

/** Writes tools as bytes, followed by their part of the search index. */
export function toBytes({ tools, index }: CatalogueEntry): Uint8Array {
  const list = new TextEncoder().encode(JSON.stringify(tools));
  if (index === undefined) return list;
  const bytes = new Uint8Array(list.length + index.length);
  bytes.set(list);
  bytes.set(index, list.length);
  return bytes;
}

/** Tells whether a list is short enough to stand in its header. */
export function isShort(bytes: Uint8Array): boolean {
  return bytes.length <= PART_BYTES;
}

/** Key of a server's header. */
export function headerKey(server: string): Deno.KvKey {
  return [HEADERS, server];
}

/** Makes the header of a short list. */
export function toShortHeader(entry: CatalogueEntry, bytes: Uint8Array, generation = 0): unknown {
  return { ...toHeader(entry, bytes, generation), parts: 0, bytes } satisfies Header;
}

/** Replaces the list of a server: new parts first, then the header, then away with the old parts. */
export async function writeList(kv: Deno.Kv, entry: CatalogueEntry, bytes: Uint8Array): Promise<void> {
  const key = headerKey(entry.server);
  const { value } = await kv.get(key);
  const generation = isHeader(value) ? value.generation + 1 : 1;
  if (isShort(bytes)) {
    await kv.set(key, toShortHeader(entry, bytes, generation));
    return await removeParts(kv, entry.server, () => false);
  }
  const header = toHeader(entry, bytes, generation);
  await writeParts(kv, entry.server, generation, bytes);
  await kv.set(key, header);
  await removeParts(kv, entry.server, (of, index) => of === generation && index < header.parts);
}

/** Forgets the list of a server. */
export async function removeList(kv: Deno.Kv, server: string): Promise<void> {
  await kv.delete(headerKey(server));
  await removeParts(kv, server, () => false);
}

/** What {@link readLists} finds for one server. */
export interface FoundList {
  readonly server: string;
  /** `undefined` if what is there cannot be read. */
  readonly entry: CatalogueEntry | undefined;
  readonly isSplit: boolean;
}

/** Reads the lists of all servers. */
export async function* readLists(kv: Deno.Kv): AsyncGenerator<FoundList> {
  for await (const { key: [, server], value } of kv.list({ prefix: [HEADERS] }, { batchSize: 10 })) {
    if (typeof server !== "string") continue;
    if (!isHeader(value)) {
      yield { server, entry: undefined, isSplit: true };
      continue;
    }
    const found = parseTools(value.bytes ?? await readParts(kv, server, value), value);
    const { fingerprint, listedAt } = value;
    const entry = found && { server, fingerprint, listedAt, ...found };
    yield { server, entry, isSplit: value.parts > 0 || entry === undefined };
  }
}

function toHeader(entry: CatalogueEntry, bytes: Uint8Array, generation: number): Header {
  const { fingerprint, listedAt, index } = entry;
  const parts = Math.ceil(bytes.length / PART_BYTES);
  const header = { fingerprint, listedAt, generation, parts, sizeBytes: bytes.length, sum: sumOf(bytes) };
  return index === undefined ? header : { ...header, indexBytes: index.length };
}

function sumOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Gives every list a sum; those of schema 1 have none. One that is incomplete stays as it is. */
export async function sumLists(kv: Deno.Kv): Promise<void> {
  for await (const { key, value } of kv.list({ prefix: [HEADERS] }, { batchSize: 10 })) {
    const header = typeof value === "object" && value !== null ? { ...value, sum: "" } : value;
    if (!isHeader(header) || typeof key[1] !== "string") continue;
    const bytes = header.bytes ?? await readParts(kv, key[1], header);
    if (bytes.length === header.sizeBytes) await kv.set(key, { ...header, sum: sumOf(bytes) });
  }
}

async function writeParts(kv: Deno.Kv, server: string, generation: number, bytes: Uint8Array): Promise<void> {
  const stride = PART_BYTES * PARTS_AT_ONCE;
  for (let start = 0; start < bytes.length; start += stride) {
    const transaction = kv.atomic();
    for (let from = start; from < Math.min(start + stride, bytes.length); from += PART_BYTES) {
      transaction.set(
        [PARTS, server, generation, from / PART_BYTES],
        bytes.slice(from, from + PART_BYTES),
      );
    }
    await transaction.commit();
  }
}

async function readParts(kv: Deno.Kv, server: string, { generation, parts, sizeBytes }: Header) {
  // Numbers that do not fit together could ask for more memory than there is.
  if (sizeBytes < 0 || parts !== Math.ceil(sizeBytes / PART_BYTES)) return new Uint8Array();
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < parts; index++) {
    const { value } = await kv.get([PARTS, server, generation, index]);
    const start = index * PART_BYTES;
    if (!(value instanceof Uint8Array) || start + value.length > sizeBytes) return new Uint8Array();
    bytes.set(value, start);
  }
  return bytes;
}

async function removeParts(
  kv: Deno.Kv,
  server: string,
  isKept: (generation: unknown, index: number) => boolean,
): Promise<void> {
  const keys: Deno.KvKey[] = [];
  for await (const { key } of kv.list({ prefix: [PARTS, server] }, { batchSize: 10 })) {
    if (!isKept(key[2], Number(key[3]))) keys.push(key);
  }
  for (let start = 0; start < keys.length; start += DELETES_AT_ONCE) {
    const transaction = kv.atomic();
    for (const key of keys.slice(start, start + DELETES_AT_ONCE)) transaction.delete(key);
    await transaction.commit();
  }
}

function parseTools(
  bytes: Uint8Array,
  { sizeBytes, indexBytes = 0, sum }: Header,
): Pick<CatalogueEntry, "tools" | "index"> | undefined {
  if (bytes.length !== sizeBytes || sumOf(bytes) !== sum) return undefined;
  const end = sizeBytes - indexBytes;
  try {
    const tools: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    if (!Array.isArray(tools) || !tools.every(isTool)) return undefined;
    return indexBytes === 0 ? { tools } : { tools, index: bytes.slice(end) };
  } catch {
    return undefined;
  }
}

function isTool(value: unknown): value is ToolDefinition {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string" &&
    "inputSchema" in value && typeof value.inputSchema === "object" && value.inputSchema !== null;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null) return false;
  const { fingerprint, listedAt, generation, parts, sizeBytes, sum, bytes } = value as Partial<Header>; // checked below
  return typeof fingerprint === "string" && typeof listedAt === "number" && typeof sum === "string" &&
    [generation, parts, sizeBytes].every((count) => Number.isSafeInteger(count)) &&
    (bytes === undefined || bytes instanceof Uint8Array);
}
