/**
 * The part of the index that belongs to one server, as bytes: what cutting
 * texts into words and weighing them has led to. It is checked against the
 * tools when it is read, and is never more than a short cut.
 *
 * Layout, in 32-bit numbers of the machine: version, tools, terms, bytes of
 * the terms; for each tool two numbers of its fingerprint, the count of its
 * entries, the entries (place of the term above, impact below); then the terms
 * in UTF-8, one a line.
 *
 * @module
 */

import { IMPACT_BITS, MAX_IDS, MAX_IMPACT, type SavedTerms } from "./postings.ts";

/** To be counted up whenever the same texts lead to other terms or impacts. */
const VERSION = 1;
const HEADER = 4;
const TOOL_HEADER = 3;

/** Says what a tool's texts were. */
export type Fingerprint = readonly [number, number];

/** A tool as it is to be saved. */
export interface ToolToSave {
  readonly fingerprint: Fingerprint;
  /** Number of a term above, its impact below. */
  readonly entries: Uint32Array;
}

/** What was saved of a server. */
export interface SavedServer {
  readonly terms: SavedTerms;
  /** Entries of the tool with these texts: place of a term above, its impact below. */
  entriesOf(fingerprint: Fingerprint): Uint32Array | undefined;
}

/** Identifies texts, well enough to tell a tool from what it was before. */
export function toFingerprint(texts: Iterable<string>): Fingerprint {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (const text of texts) {
    // The length divides the texts from each other.
    a = Math.imul(a ^ text.length, 0x01000193);
    for (let at = 0; at < text.length; at += 2) {
      a = Math.imul(a ^ text.charCodeAt(at), 0x01000193) ^ b >>> 15;
      b = Math.imul(b ^ text.charCodeAt(at + 1), 0x85ebca6b);
    }
  }
  return [a >>> 0, b >>> 0];
}

/** Writes the tools of a server. */
export function writeSaved(tools: readonly ToolToSave[], termOf: (id: number) => string): Uint8Array {
  const places = new Map<number, number>();
  const sizes = tools.map(({ entries }) => TOOL_HEADER + entries.length);
  const start = sizes.reduce((sum, size) => sum + size, HEADER);
  const numbers = new Uint32Array(start);
  let at = HEADER;
  for (const { fingerprint, entries } of tools) {
    numbers.set([...fingerprint, entries.length], at);
    at += TOOL_HEADER;
    for (const entry of entries) {
      const id = entry >>> IMPACT_BITS;
      const place = places.get(id) ?? places.size;
      places.set(id, place);
      numbers[at++] = (place << IMPACT_BITS | entry & MAX_IMPACT) >>> 0;
    }
  }
  const terms = new TextEncoder().encode([...places.keys()].map(termOf).join("\n"));
  numbers.set([VERSION, tools.length, places.size, terms.length]);
  const bytes = new Uint8Array(4 * start + terms.length);
  bytes.set(new Uint8Array(numbers.buffer));
  bytes.set(terms, 4 * start);
  return bytes;
}

/** Reads what {@link writeSaved} wrote; `undefined` for another version and for bytes that make no sense. */
export function readSaved(bytes: Uint8Array): SavedServer | undefined {
  // A copy starts where 32-bit numbers may.
  const copy = bytes.slice();
  const numbers = new Uint32Array(copy.buffer, 0, copy.length >> 2);
  const [version, tools = 0, count, termBytes = 0] = numbers;
  const end = copy.length - termBytes;
  if (version !== VERSION || end < 4 * HEADER || end % 4 !== 0) return undefined;
  const terms = readTerms(copy.subarray(end));
  if (terms === undefined || terms.length !== count || count > MAX_IDS) return undefined;
  const found = readTools(numbers.subarray(0, end / 4), tools, count);
  if (found === undefined) return undefined;
  return {
    terms: { terms, ids: new Int32Array(count).fill(-1) },
    entriesOf: (fingerprint) => found.get(fingerprintKey(fingerprint)),
  };
}

function readTerms(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes.length === 0) return [];
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\n");
  } catch {
    return undefined;
  }
}

function readTools(numbers: Uint32Array, tools: number, terms: number): Map<number, Uint32Array> | undefined {
  const found = new Map<number, Uint32Array>();
  let at = HEADER;
  for (let tool = 0; tool < tools; tool++) {
    const start = at + TOOL_HEADER;
    if (start > numbers.length) return undefined;
    const [a = 0, b = 0, size = 0] = numbers.subarray(at, start);
    at = start + size;
    if (at > numbers.length) return undefined;
    const entries = numbers.subarray(start, at);
    if (entries.some((entry) => entry >>> IMPACT_BITS >= terms)) return undefined;
    found.set(fingerprintKey([a, b]), entries);
  }
  return at === numbers.length ? found : undefined;
}

function fingerprintKey([a, b]: Fingerprint): number {
  // 53 bits, which a number holds exactly.
  return (a & 0x1fffff) * 2 ** 32 + b;
}
