/**
 * Tool lists in the database: one header for each server, which holds a short
 * list itself and counts the parts of a long one. A reader finds the old list
 * or the new one, never a mixture, also after a crash half-way.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { parseJson, type ToolDefinition } from "../contracts/mod.ts";
import { inflate, stepsToDeflate } from "./deflated.ts";
import { joinBytes } from "./encode.ts";
import { PART_BYTES } from "./part_size.ts";
import { readAllParts } from "./parts.ts";

const HEADERS = "catalogue";
const PARTS = "catalogue_parts";
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
  /** What was made of the list, kept for whoever made it and never looked into. */
  readonly notes?: Uint8Array;
}

interface Header {
  readonly fingerprint: string;
  readonly listedAt: number;
  /** Counts up with every list that is written in parts, so that old and new parts differ. */
  readonly generation: number;
  readonly parts: number;
  readonly sizeBytes: number;
  /** How many of these, at the end, are the notes; none when absent. */
  readonly indexBytes?: number;
  /** Whether the list is deflated. */
  readonly isDeflated?: boolean;
  /** SHA-256 of the list and the notes, in hex; the disk may have changed it since. */
  readonly sum: string;
  /** The list itself if it is short. */
  readonly bytes?: Uint8Array;
}

/** A list as it is kept, followed by the notes. */
export interface WrittenList {
  readonly bytes: Uint8Array;
  readonly isDeflated: boolean;
}

/** Writes tools as bytes. */
export function toBytes({ tools }: CatalogueEntry): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(tools));
}

/** Does the same with a tool at each step, and then what {@link shorten} does. */
export function* stepsToList(entry: CatalogueEntry): Generator<void, WrittenList> {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  for (const tool of entry.tools) {
    yield void pieces.push(encoder.encode(`${pieces.length === 0 ? "[" : ","}${JSON.stringify(tool)}`));
  }
  pieces.push(encoder.encode(pieces.length === 0 ? "[]" : "]"));
  return yield* shorten(joinBytes(pieces), entry);
}

/** Deflates a list if it is long, and puts the notes behind it, which a start reads as they are. */
export function* shorten(
  list: Uint8Array,
  { notes = new Uint8Array() }: CatalogueEntry,
): Generator<void, WrittenList> {
  const isDeflated = list.length > PART_BYTES;
  return { bytes: joinBytes([isDeflated ? yield* stepsToDeflate(list) : list, notes]), isDeflated };
}

/** Tells whether a list is short enough to stand in its header, with its notes. */
export function isShort(list: Uint8Array, { notes }: Pick<CatalogueEntry, "notes"> = {}): boolean {
  return list.length + (notes?.length ?? 0) <= PART_BYTES;
}

/** Key of a server's header. */
export function headerKey(server: string): Deno.KvKey {
  return [HEADERS, server];
}

/** Makes the header of a short list. */
export function toShortHeader(entry: CatalogueEntry, list: WrittenList, generation = 0): unknown {
  return { ...toHeader(entry, list, generation), parts: 0, bytes: list.bytes } satisfies Header;
}

/** Replaces the list of a server: new parts first, then the header, then away with the old parts. */
export async function writeList(kv: Deno.Kv, entry: CatalogueEntry, list: WrittenList): Promise<void> {
  const key = headerKey(entry.server);
  const { value } = await kv.get(key);
  const generation = isHeader(value) ? value.generation + 1 : 1;
  if (isShort(list.bytes)) {
    await kv.set(key, toShortHeader(entry, list, generation));
    return await removeParts(kv, entry.server, () => false);
  }
  const header = toHeader(entry, list, generation);
  await writeParts(kv, entry.server, generation, list.bytes);
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
  const headers = new Map<string, Header | undefined>();
  for await (const { key: [, server], value } of kv.list({ prefix: [HEADERS] }, { batchSize: 10 })) {
    if (typeof server === "string") headers.set(server, isHeader(value) ? value : undefined);
  }
  const split = [...headers].flatMap(([server, header]): [string, Header][] =>
    header === undefined || header.bytes !== undefined ? [] : [[server, header]]
  );
  const texts = await readAllParts(kv, PARTS, new Map(split));
  for (const [server, header] of headers) {
    const bytes = header?.bytes ?? texts.get(server);
    const found = header && bytes && findTools(bytes, header);
    const entry = found && toEntry({ ...header, server }, found);
    yield { server, entry, isSplit: entry === undefined || (header?.parts ?? 0) > 0 };
  }
}

function toHeader(entry: CatalogueEntry, { bytes, isDeflated }: WrittenList, generation: number): Header {
  const { fingerprint, listedAt, notes } = entry;
  const parts = Math.ceil(bytes.length / PART_BYTES);
  const header = { fingerprint, listedAt, generation, parts, sizeBytes: bytes.length, sum: sumOf(bytes) };
  return {
    ...header,
    ...(isDeflated ? { isDeflated } : {}),
    ...(notes === undefined ? {} : { indexBytes: notes.length }),
  };
}

function sumOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Gives every list a sum; those of schema 1 have none. One that is incomplete stays as it is. */
export async function sumLists(kv: Deno.Kv): Promise<void> {
  for await (const { key, value } of kv.list({ prefix: [HEADERS] }, { batchSize: 10 })) {
    const header = typeof value === "object" && value !== null ? { ...value, sum: "" } : value;
    if (!isHeader(header) || typeof key[1] !== "string") continue;
    const bytes = header.bytes ?? (await readAllParts(kv, PARTS, new Map([[key[1], header]]))).get(key[1]);
    if (bytes?.length === header.sizeBytes) await kv.set(key, { ...header, sum: sumOf(bytes) });
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

/** A list as it was found; whole, by its sum. */
interface FoundTools {
  readonly tools: () => readonly ToolDefinition[];
  readonly notes: Uint8Array | undefined;
}

/**
 * Lists with notes are parsed when somebody asks for the tools: the notes tell
 * enough for a start, and the sum that the list is what was written.
 */
function findTools(bytes: Uint8Array, header: Header): FoundTools | undefined {
  const { sizeBytes, indexBytes = 0, isDeflated = false, sum } = header;
  if (bytes.length !== sizeBytes || sumOf(bytes) !== sum) return undefined;
  const list = { bytes: bytes.slice(0, sizeBytes - indexBytes), isDeflated };
  if (indexBytes > 0) return { tools: parseLater(list), notes: bytes.subarray(sizeBytes - indexBytes) };
  const tools = parseTools(list);
  return tools && { tools: () => tools, notes: undefined };
}

function parseLater(list: WrittenList): () => readonly ToolDefinition[] {
  let waiting: WrittenList | undefined = list;
  let tools: readonly ToolDefinition[] = [];
  return () => {
    if (waiting !== undefined) tools = parseTools(waiting) ?? [];
    waiting = undefined;
    return tools;
  };
}

function parseTools({ bytes, isDeflated }: WrittenList): readonly ToolDefinition[] | undefined {
  try {
    const tools = parseJson(new TextDecoder().decode(isDeflated ? inflate(bytes) : bytes));
    return Array.isArray(tools) && tools.every(isTool) ? tools : undefined;
  } catch {
    return undefined;
  }
}

/** Of entries whose tools are parsed when asked for: what does that. */
const LATER = new WeakMap<CatalogueEntry, FoundTools["tools"]>();

type EntryHead = Pick<CatalogueEntry, "server" | "fingerprint" | "listedAt">;

function toEntry({ server, fingerprint, listedAt }: EntryHead, { tools, notes }: FoundTools): CatalogueEntry {
  const entry: CatalogueEntry = {
    server,
    fingerprint,
    get tools() {
      return tools();
    },
    listedAt,
    ...(notes === undefined ? {} : { notes }),
  };
  LATER.set(entry, tools);
  return entry;
}

/** The entry without its notes, which whoever asked for them has; its tools are not parsed for that. */
export function withoutNotes(entry: CatalogueEntry): CatalogueEntry {
  if (entry.notes === undefined) return entry;
  const later = LATER.get(entry);
  if (later !== undefined) return toEntry(entry, { tools: later, notes: undefined });
  const { notes: _, ...rest } = entry;
  return rest;
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
