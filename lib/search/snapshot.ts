/**
 * The whole index in one piece, as a file that a restart reads and uses as it
 * lies there. What belongs to which form of which tool is in it, so that
 * nothing is found by it that its server does not offer any more.
 *
 * Layout, in 32-bit numbers of the machine: a mark, the version, that of the
 * words, and the count of sections; the length of each section in bytes;
 * SHA-256 of all but itself; the sections, each from a multiple of eight on.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { atOnce } from "../platform/mod.ts";
import type { NamesTable } from "./names.ts";
import type { PostingsToKeep } from "./packed.ts";
import type { PackedPostings } from "./posting_types.ts";
import { join, readTerms, VERSION as WORDS_VERSION } from "./saved.ts";

/** Reads "MCPI" on a machine with the lowest byte first; on another one it is another number. */
const MARK = 0x4950434d;
/** To be counted up whenever the layout is another. */
const VERSION = 1;
const HEADER = 4;
const SUM_BYTES = 32;
const SECTIONS = 13;
/** Hashed at a step. */
const STRETCH = 1 << 20;

/** The tools of a server, whose documents follow one another. */
export interface KeptServer {
  readonly name: string;
  readonly first: number;
  readonly count: number;
  /** Reads the names of its tools, which most starts do without. */
  readonly tools: () => readonly string[];
}

interface Tables {
  /** Two numbers for each document, which tell the form of its tool. */
  readonly fingerprints: Uint32Array;
  /** By document, 0 for the place 0. */
  readonly verbs: Uint16Array;
  readonly names: NamesTable;
}

/** An index to be kept. */
export interface IndexToKeep extends Tables {
  /** In the order of their documents, which start with 1, and the names of their tools. */
  readonly servers: readonly (readonly [name: string, tools: readonly string[]])[];
  readonly postings: PostingsToKeep;
}

/** An index that was kept. */
export interface KeptIndex extends Tables {
  readonly servers: readonly KeptServer[];
  readonly postings: PackedPostings;
}

/** What stands in the first section as JSON. */
interface Head {
  /** Name, count of tools, and bytes of their names. */
  readonly servers: readonly (readonly [name: string, count: number, bytes: number])[];
  readonly terms: number;
  readonly names: number;
}

/** Writes an index, a stretch at each step. */
export function* stepsToSnapshot(
  { servers, fingerprints, verbs, names, postings }: IndexToKeep,
): Generator<void, Uint8Array> {
  const encoder = new TextEncoder();
  const lists: Uint8Array[] = [];
  for (const [, tools] of servers) yield void lists.push(encoder.encode(JSON.stringify(tools)));
  const head: Head = {
    servers: servers.map(([name, tools], at) => [name, tools.length, lists[at]?.length ?? 0]),
    terms: postings.vocabulary.size,
    names: names.size,
  };
  const sections = [
    encoder.encode(JSON.stringify(head)),
    join(lists),
    fingerprints,
    verbs,
    names.slots,
    names.shared,
    postings.starts,
    postings.entries,
    postings.keys,
    encoder.encode(postings.text),
    postings.vocabulary.slots,
    postings.blocks,
    postings.arena,
  ].map(toBytes);
  yield;
  const places = placesOf(sections.map(({ length }) => length));
  const bytes = new Uint8Array(places.end);
  const lengths = sections.map(({ length }) => length);
  bytes.set(toBytes(Uint32Array.of(MARK, VERSION, WORDS_VERSION, SECTIONS, ...lengths)));
  for (const [index, section] of sections.entries()) yield bytes.set(section, places.starts[index]);
  bytes.set(yield* stepsToSum(bytes), places.sum);
  return bytes;
}

/**
 * Reads what {@link stepsToSnapshot} wrote; `undefined` for another version,
 * for bytes of another machine, and for any that are not what was written.
 *
 * @param bytes Belongs to the index from now on.
 */
export function readSnapshot(bytes: Uint8Array): KeptIndex | undefined {
  const sections = findSections(bytes);
  if (sections === undefined) return undefined;
  const section = (index: number) => sections[index] ?? new Uint8Array();
  const numbers = (index: number) => toNumbers(section(index));
  // The sum says that it was written here.
  const head: Head = JSON.parse(new TextDecoder().decode(section(0)));
  const terms = readTerms(numbers(8), section(9));
  if (terms === undefined) return undefined;
  return {
    servers: readServers(head, section(1)),
    fingerprints: numbers(2),
    verbs: toShortNumbers(section(3)),
    names: { slots: numbers(4), size: head.names, shared: numbers(5) },
    postings: {
      starts: numbers(6),
      entries: numbers(7),
      terms,
      vocabulary: { slots: numbers(10), size: head.terms },
      blocks: numbers(11),
      arena: numbers(12),
    },
  };
}

function readServers({ servers }: Head, lists: Uint8Array): KeptServer[] {
  let [first, at] = [1, 0];
  return servers.map(([name, count, size]) => {
    const list = lists.subarray(at, at += size);
    const server = { name, first, count, tools: () => JSON.parse(new TextDecoder().decode(list)) };
    first += count;
    return server;
  });
}

interface Places {
  readonly starts: readonly number[];
  /** Of the sum. */
  readonly sum: number;
  readonly end: number;
}

function placesOf(lengths: readonly number[]): Places {
  const sum = 4 * (HEADER + lengths.length);
  const starts: number[] = [];
  let end = sum + SUM_BYTES;
  for (const length of lengths) {
    starts.push(end);
    end += Math.ceil(length / 8) * 8;
  }
  return { starts, sum, end };
}

function findSections(bytes: Uint8Array): Uint8Array[] | undefined {
  const headBytes = 4 * (HEADER + SECTIONS);
  // Numbers are read where they lie, which has to be where numbers may.
  if (bytes.byteOffset % 8 !== 0 || bytes.length < headBytes) return undefined;
  const [mark, version, words, count, ...lengths] = toNumbers(bytes.subarray(0, headBytes));
  if (mark !== MARK || version !== VERSION || words !== WORDS_VERSION || count !== SECTIONS) return undefined;
  const { starts, sum, end } = placesOf(lengths);
  if (bytes.length !== end || !isSame(sumOf(bytes), bytes.subarray(sum, sum + SUM_BYTES))) return undefined;
  return starts.map((start, index) => bytes.subarray(start, start + (lengths[index] ?? 0)));
}

function* stepsToSum(bytes: Uint8Array): Generator<void, Uint8Array> {
  const hash = createHash("sha256");
  const at = 4 * (HEADER + SECTIONS);
  hash.update(bytes.subarray(0, at));
  for (let from = at + SUM_BYTES; from < bytes.length; from += STRETCH) {
    yield void hash.update(bytes.subarray(from, from + STRETCH));
  }
  return hash.digest();
}

function sumOf(bytes: Uint8Array): Uint8Array {
  return atOnce(stepsToSum(bytes));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function toBytes({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function toNumbers(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
}

function toShortNumbers(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
