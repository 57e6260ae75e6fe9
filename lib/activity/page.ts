import { ACTIVITY_SEVERITIES, ACTIVITY_STATUSES, ACTIVITY_TYPES, CALL_VARIANTS } from "../contracts/mod.ts";
import type { Head } from "./prepare.ts";

/** Records that share a page. A power of two, and small enough for one value of KV. */
export const PAGE_ROWS = 512;

/** Fields that are looked for by their exact text. The order is stored. */
export const TEXT_FIELDS = [
  "server_name",
  "tool_name",
  "session_id",
  "work_session_id",
  "request_id",
  "parent_id",
  "agent_name",
  "auth_type",
  "profile",
  "client_name",
  "error_code",
  "correlation_id",
] as const;

/** A field that is looked for by its exact text. */
export type TextField = typeof TEXT_FIELDS[number];

/** The record is there. */
export const LIVE = 1;
/** It has sensitive data in it. */
export const SENSITIVE = 2;
/** It only repeats the call that it led to. */
export const REPEATED = 4;

const BYTES = PAGE_ROWS * (8 + 4 * (TEXT_FIELDS.length + 1) + 2 * 2 + 5);

/** What is stored of a record beside its fields. */
export interface RowSize {
  /** Roughly what it takes on the disk. */
  readonly sizeBytes: number;
  /** Further values that hold a part of it. */
  readonly chunks: number;
  /** How many records come before it at the key where it is stored. */
  readonly lead: number;
}

/**
 * What can be filtered by of {@link PAGE_ROWS} records, one column for each
 * field: some 75 bytes for a record, so that all of them stay in memory and
 * any filter is a walk over numbers. Texts are there as hashes only; whoever
 * finds a row compares the record itself.
 */
export class Page {
  readonly at: Float64Array;
  readonly texts: readonly Uint32Array[];
  /** Hashes of the types of findings, of the rows that have any. */
  readonly findings = new Map<number, readonly number[]>();
  readonly sizes: Uint32Array;
  readonly chunks: Uint16Array;
  readonly leads: Uint16Array;
  readonly types: Uint8Array;
  readonly statuses: Uint8Array;
  /** Place in the list of severities, counted from 1; 0 for none. */
  readonly severities: Uint8Array;
  /** Place in the list of variants, counted from 1; 0 for none. */
  readonly intents: Uint8Array;
  readonly flags: Uint8Array;
  /** Rows that are there, kept by whoever has the page. */
  live = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes = new Uint8Array(BYTES)) {
    this.#bytes = bytes;
    let offset = bytes.byteOffset;
    const next = (width: number) => {
      const start = offset;
      offset += width * PAGE_ROWS;
      return [bytes.buffer, start, PAGE_ROWS] as const;
    };
    this.at = new Float64Array(...next(8));
    this.texts = TEXT_FIELDS.map(() => new Uint32Array(...next(4)));
    this.sizes = new Uint32Array(...next(4));
    this.chunks = new Uint16Array(...next(2));
    this.leads = new Uint16Array(...next(2));
    this.types = new Uint8Array(...next(1));
    this.statuses = new Uint8Array(...next(1));
    this.severities = new Uint8Array(...next(1));
    this.intents = new Uint8Array(...next(1));
    this.flags = new Uint8Array(...next(1));
  }

  /** Reads a page that was stored; `undefined` if it is none. */
  static from(value: unknown): Page | undefined {
    if (typeof value !== "object" || value === null || !("columns" in value && "findings" in value)) return;
    const { columns, findings } = value;
    if (!(columns instanceof Uint8Array && columns.length === BYTES && findings instanceof Uint32Array)) {
      return;
    }
    // Columns of numbers need a start that the width divides, so the bytes are copied.
    const page = new Page(columns.slice());
    for (let at = 0; at < findings.length; at += 2 + (findings[at + 1] ?? 0)) {
      page.findings.set(findings[at] ?? 0, [...findings.slice(at + 2, at + 2 + (findings[at + 1] ?? 0))]);
    }
    return page;
  }

  /** The page as it is stored. */
  toValue(): { readonly columns: Uint8Array; readonly findings: Uint32Array } {
    const findings = [...this.findings].flatMap(([row, hashes]) => [row, hashes.length, ...hashes]);
    return { columns: this.#bytes, findings: new Uint32Array(findings) };
  }

  /** Writes the row of a record. */
  set(row: number, head: Head, { hash, sizeBytes, chunks, lead }: RowSize & { readonly hash: Hash }): void {
    this.at[row] = Date.parse(head.timestamp);
    TEXT_FIELDS.forEach((field, column) => {
      const { [column]: texts } = this.texts;
      if (texts !== undefined) texts[row] = hash(head[field]);
    });
    this.findings.delete(row);
    if (head.detection_types !== undefined) this.findings.set(row, head.detection_types.map(hash));
    this.sizes[row] = sizeBytes;
    this.chunks[row] = chunks;
    this.leads[row] = lead;
    this.types[row] = ACTIVITY_TYPES.indexOf(head.type);
    this.statuses[row] = ACTIVITY_STATUSES.indexOf(head.status);
    this.severities[row] = placeOf(ACTIVITY_SEVERITIES, head.max_severity);
    this.intents[row] = placeOf(CALL_VARIANTS, head.intent?.operation_type);
    this.flags[row] = LIVE | (head.has_sensitive_data ? SENSITIVE : 0) | (isRepeated(head) ? REPEATED : 0);
  }
}

/** Makes the number that stands for a text; 0 for none. */
export type Hash = (text: string | undefined) => number;

/** Place of a word in a list, counted from 1; 0 if it is absent. */
export function placeOf<W>(words: readonly W[], word: W | undefined): number {
  return word === undefined ? 0 : words.indexOf(word) + 1;
}

/** Tells whether a record is of one of the gateway's own call tools and only repeats the call it led to. */
export function isRepeated({ type, status, tool_name }: Head): boolean {
  return type === "internal_tool_call" && status === "success" && /^call_tool_/.test(tool_name ?? "");
}

/**
 * Makes a hash of its own for each file, so that nobody can choose names that
 * are taken for each other.
 */
export function createHash(seed: number): Hash {
  return (text) => {
    if (text === undefined) return 0;
    let hash = seed ^ 0x811c9dc5;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    // The last bits of such a product depend on few of the text.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) || 1;
  };
}
