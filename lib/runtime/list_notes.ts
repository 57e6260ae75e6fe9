/**
 * What the catalogue keeps beside a list, so that a start need not read it:
 * the names of the tools, the hashes of their definitions, and the server's
 * part of the search index.
 *
 * Layout: the length of the names and hashes in bytes, 32 bits with the lowest
 * first; these as JSON; the part of the index.
 *
 * @module
 */

import { HASH_VERSION, hashVersionOf } from "../security/mod.ts";
import type { Listing } from "./listed_tools.ts";

/** Names and hashes of a list, by place. */
export type Directory = Pick<Listing, "names" | "hashes">;

/** What is kept beside a list. */
export interface ListNotes {
  readonly directory: Directory;
  /** `undefined` for a server that was not searchable. */
  readonly index: Uint8Array | undefined;
}

const LENGTH_BYTES = 4;

/** Writes notes as bytes. */
export function writeNotes({ directory, index = new Uint8Array() }: ListNotes): Uint8Array {
  const { names, hashes } = directory;
  const text = new TextEncoder().encode(JSON.stringify([names, hashes.map((hash) => hash ?? "")]));
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + index.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, LENGTH_BYTES);
  bytes.set(index, LENGTH_BYTES + text.length);
  return bytes;
}

/**
 * Reads what {@link writeNotes} wrote; `undefined` for anything else, and
 * for hashes of another version, which have to be worked out anew.
 */
export function readNotes(bytes: Uint8Array): ListNotes | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (end > bytes.length) return undefined;
  const directory = readDirectory(bytes.subarray(LENGTH_BYTES, end));
  return directory && { directory, index: end === bytes.length ? undefined : bytes.subarray(end) };
}

function readDirectory(bytes: Uint8Array): Directory | undefined {
  try {
    const [names, hashes]: unknown[] = JSON.parse(new TextDecoder().decode(bytes));
    if (!areTexts(names) || !areTexts(hashes) || names.length !== hashes.length) return undefined;
    if (!hashes.every((hash) => hash === "" || hashVersionOf(hash) === HASH_VERSION)) return undefined;
    return { names, hashes: hashes.map((hash) => hash === "" ? undefined : hash) };
  } catch {
    return undefined;
  }
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
