/**
 * The part of the index that belongs to one server, as bytes: what cutting
 * texts into words and weighing them has led to. It is checked against the
 * tools when it is read, and is never more than a short cut.
 *
 * Layout, in 32-bit numbers of the machine: version, tools, terms, bytes of
 * the terms; for each tool two numbers of its fingerprint, its verb, the count
 * of its entries, the entries (place of the term above, impact below); for
 * each term the two numbers of its key; then the terms in UTF-8, one after the
 * other.
 *
 * @module
 */

import { atOnce } from "../platform/mod.ts";
import type { SavedTerms } from "./posting_types.ts";
import { IMPACT_BITS, MAX_IDS, MAX_IMPACT } from "./postings.ts";
import { lengthOf, MAX_TERM, toTermKey } from "./vocabulary.ts";

/** To be counted up whenever the same texts lead to other terms or impacts. */
export const VERSION = 2;
const HEADER = 4;
const TOOL_HEADER = 4;
/** Verbs are kept in 16 bits. */
const MAX_VERB = 0xffff;

/** Says which form of a tool it was. */
export type Fingerprint = readonly [number, number];

/** A tool as it is to be saved. */
export interface ToolToSave {
  readonly fingerprint: Fingerprint;
  /** Number of the verb in its name. */
  readonly verb: number;
  /** Number of a term above, its impact below. */
  readonly entries: Uint32Array;
}

/** What was saved of one tool. */
export interface SavedTool {
  readonly verb: number;
  /** Place of a term above, its impact below. */
  readonly entries: Uint32Array;
}

/** What was saved of a server. */
export interface SavedServer {
  readonly terms: SavedTerms;
  /** The tool in this form, which its taker owns; a second time there is none. */
  take(fingerprint: Fingerprint): SavedTool | undefined;
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
  return atOnce(stepsToWrite(tools, termOf));
}

/** Writes them with one at each step. */
export function* stepsToWrite(
  tools: readonly ToolToSave[],
  termOf: (id: number) => string,
): Generator<void, Uint8Array> {
  const places = new Map<number, number>();
  const numbers: number[] = [];
  for (const { fingerprint, verb, entries } of tools) {
    numbers.push(...fingerprint, verb, entries.length);
    for (const entry of entries) {
      const id = entry >>> IMPACT_BITS;
      const place = places.get(id) ?? places.size;
      places.set(id, place);
      numbers.push((place << IMPACT_BITS | entry & MAX_IMPACT) >>> 0);
    }
    yield;
  }
  const terms = [...places.keys()].map(termOf);
  if (terms.some(({ length }) => length > MAX_TERM)) return new Uint8Array();
  for (const term of terms) numbers.push(...toTermKey(term));
  const text = new TextEncoder().encode(terms.join(""));
  const head = Uint32Array.of(VERSION, tools.length, terms.length, text.length);
  return join([head, new Uint32Array(numbers), text]);
}

/** Puts parts one after the other. */
export function join(parts: readonly (Uint8Array | Uint32Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** Reads what {@link writeSaved} wrote; `undefined` for another version and for bytes that make no sense. */
export function readSaved(bytes: Uint8Array): SavedServer | undefined {
  if (bytes.length < 4 * HEADER) return undefined;
  const [version, tools = 0, count = 0, textBytes = 0] = toNumbers(bytes.subarray(0, 4 * HEADER));
  const [keysAt, textAt] = [bytes.length - textBytes - 8 * count, bytes.length - textBytes];
  if (version !== VERSION || keysAt < 4 * HEADER || keysAt % 4 !== 0 || count > MAX_IDS) return undefined;
  const found = readTools(toNumbers(bytes.subarray(4 * HEADER, keysAt)), tools, count);
  const terms = readTerms(toNumbers(bytes.subarray(keysAt, textAt)), bytes.subarray(textAt));
  if (found === undefined || terms === undefined) return undefined;
  return {
    terms,
    take: createTake(found),
  };
}

/** Mostly they are asked for in the order in which they were saved; only else a map is worth its while. */
function createTake({ keys, tools }: FoundTools): SavedServer["take"] {
  let next = 0;
  let rest: Map<number, SavedTool> | undefined;
  return (fingerprint) => {
    const key = fingerprintKey(fingerprint);
    if (rest === undefined && keys[next] === key) return tools[next++];
    rest ??= new Map(tools.slice(next).map((tool, at) => [keys[next + at] ?? NaN, tool]));
    const tool = rest.get(key);
    rest.delete(key);
    return tool;
  };
}

/** By place. */
interface FoundTools {
  readonly keys: readonly number[];
  readonly tools: readonly SavedTool[];
}

/** A copy, which starts where 32-bit numbers may. */
function toNumbers(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

/**
 * Gives terms by place from their keys and their text in UTF-8; `undefined` if these do not fit together.
 * Terms are cut out of their text only when they are asked for.
 */
export function readTerms(keys: Uint32Array, bytes: Uint8Array): SavedTerms | undefined {
  const text = decode(bytes);
  const starts = new Uint32Array(keys.length / 2);
  let end = 0;
  for (let place = 0; place < starts.length; place++) {
    starts[place] = end;
    end += lengthOf(keys[2 * place + 1] ?? 0);
  }
  if (end !== text?.length) return undefined;
  return {
    keys,
    termAt(place) {
      const start = starts[place] ?? 0;
      return text.slice(start, start + lengthOf(keys[2 * place + 1] ?? 0));
    },
    ids: new Int32Array(starts.length).fill(-1),
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readTools(numbers: Uint32Array, tools: number, terms: number): FoundTools | undefined {
  const found = { keys: [] as number[], tools: [] as SavedTool[] };
  let at = 0;
  for (let tool = 0; tool < tools; tool++) {
    const start = at + TOOL_HEADER;
    if (start > numbers.length) return undefined;
    const [a = 0, b = 0, verb = 0, size = 0] = numbers.subarray(at, start);
    at = start + size;
    if (at > numbers.length || verb > MAX_VERB) return undefined;
    const entries = numbers.subarray(start, at);
    if (!areBelow(entries, terms)) return undefined;
    found.keys.push(fingerprintKey([a, b]));
    found.tools.push({ verb, entries });
  }
  return at === numbers.length ? found : undefined;
}

/** Tells whether all entries name terms that are there; a loop, as there are millions of them. */
function areBelow(entries: Uint32Array, terms: number): boolean {
  for (let at = 0; at < entries.length; at++) {
    if ((entries[at] ?? 0) >>> IMPACT_BITS >= terms) return false;
  }
  return true;
}

function fingerprintKey([a, b]: Fingerprint): number {
  // 53 bits, which a number holds exactly.
  return (a & 0x1fffff) * 2 ** 32 + b;
}
