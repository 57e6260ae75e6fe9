import { parseJson } from "../../contracts/mod.ts";
import { atOnce } from "../../platform/mod.ts";
import { type BookHead, readHead, writeHead } from "./book_head.ts";
import { type Book, entryKey, LOST_BOOK, type ScanNote, type TrustEntry } from "./book_types.ts";
import {
  type ApprovalRecord,
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  type Finding,
  rebaseRecord,
} from "../../security/mod.ts";

const FORMAT = 3;
/** As it was before books had a head. */
const HEADLESS = 2;
const LINE_END = 10;
const MAX_FINDINGS = 10;

/** Keeps of findings what a person needs. */
export function briefFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.slice(0, MAX_FINDINGS);
}

/**
 * Writes a book: one line with what is needed at a start, one with the records,
 * then one with the definitions of each entry, which are only read when somebody
 * looks at them. Equal definitions are written once.
 */
export function writeBook(book: Book): string {
  return atOnce(stepsToWrite(book));
}

/** Writes it with one entry at each step. */
export function* stepsToWrite(book: Book): Generator<void, string> {
  const { entries, started } = book;
  const rows: Row[] = [];
  const definitions: string[] = [];
  for (const { record, scan } of entries.values()) {
    const { server: _, currentDefinition, approvedDefinition, currentHash, ...rest } = record;
    const isSame = rest.approvedHash === currentHash;
    rows.push({
      ...rest,
      ...(isSame ? {} : { currentHash }),
      ...(scan === undefined ? {} : { scan: toNote(scan, currentHash) }),
    });
    const written = isSame ? [approvedDefinition] : [approvedDefinition, currentDefinition];
    yield void definitions.push(JSON.stringify(written));
  }
  const records = JSON.stringify({ format: HEADLESS, started: [...started], entries: rows });
  yield;
  return [writeHead(book, FORMAT), records, ...definitions].join("\n");
}

/**
 * Reads a book.
 *
 * @returns {@link LOST_BOOK} for a text that is none: what was approved in it is not approved any more.
 */
export function readBook(server: string, bytes: Uint8Array | undefined): Book {
  try {
    if (bytes === undefined) return LOST_BOOK;
    return readRecords(server, startsWithHead(bytes) ? bytes.subarray(bytes.indexOf(LINE_END) + 1) : bytes);
  } catch {
    return LOST_BOOK;
  }
}

/** Reads what a start needs; `undefined` if the records have to be read for it. */
export function readBookHead(bytes: Uint8Array | undefined): BookHead | undefined {
  try {
    if (bytes === undefined || !startsWithHead(bytes)) return undefined;
    return readHead(decode(bytes.subarray(0, bytes.indexOf(LINE_END))), FORMAT);
  } catch {
    return undefined;
  }
}

const HEAD_START = new TextEncoder().encode(`{"format":${FORMAT},`);

function startsWithHead(bytes: Uint8Array): boolean {
  return HEAD_START.every((byte, at) => bytes[at] === byte);
}

function readRecords(server: string, bytes: Uint8Array): Book {
  const end = bytes.indexOf(LINE_END);
  const first = decode(end < 0 ? bytes : bytes.subarray(0, end));
  // Numbers in the first line of format 2 are our own, and exact in any case.
  const value = end < 0 ? parseJson(first) : JSON.parse(first);
  if (end < 0 && isOfFormat<WholeRow>(value, 1)) return toBook(value, (row) => toWholeRecord(server, row));
  if (!isOfFormat<Row>(value, HEADLESS)) return LOST_BOOK;
  const definitionsOf = readLater(end < 0 ? new Uint8Array() : bytes.subarray(end + 1));
  return toBook(value, (row, at) => toRecord(server, row, () => definitionsOf(at)));
}

type Note = Omit<ScanNote, "hash"> & {
  /** Absent if it is that of the current form. */
  readonly hash?: DefinitionHash;
};

interface Row
  extends Omit<ApprovalRecord, "server" | "currentHash" | "currentDefinition" | "approvedDefinition"> {
  /** Absent if it is the approved one. */
  readonly currentHash?: DefinitionHash;
  readonly scan?: Note;
}

/** As format 1 had them, in one line with their definitions. */
interface WholeRow extends Omit<ApprovalRecord, "server" | "currentDefinition"> {
  readonly currentDefinition?: ApprovalRecord["currentDefinition"];
  readonly scan?: ScanNote;
}

interface Stored<AnyRow> {
  readonly started: readonly DefinitionKind[];
  readonly entries: readonly AnyRow[];
}

/** The sum of the text was right, so it is what this program wrote; another version may have written another form. */
function isOfFormat<AnyRow>(value: unknown, format: number): value is Stored<AnyRow> {
  return typeof value === "object" && value !== null && "format" in value && value.format === format &&
    "entries" in value && Array.isArray(value.entries) && "started" in value && Array.isArray(value.started);
}

function toBook<AnyRow extends { readonly scan?: Note }>(
  { started, entries }: Stored<AnyRow>,
  recordOf: (row: AnyRow, at: number) => ApprovalRecord,
): Book {
  const read = new Map<string, TrustEntry>();
  for (const [at, row] of entries.entries()) {
    const record = rebaseRecord(recordOf(row, at));
    const { scan } = row;
    const entry = scan === undefined
      ? { record }
      : { record, scan: { ...scan, hash: scan.hash ?? record.currentHash } };
    read.set(entryKey(record.kind, record.name), entry);
  }
  return { entries: read, started: new Set(started) };
}

function toNote(scan: ScanNote, currentHash: DefinitionHash): Note {
  const { hash, ...rest } = scan;
  return hash === currentHash ? rest : scan;
}

/** The approved and the current definition, in this order; the second is absent if it is the first. */
type Definitions = readonly [Definition | null | undefined, Definition?];

/** Parses the definitions of an entry when somebody asks for them. */
function readLater(bytes: Uint8Array): (at: number) => Definitions {
  let lines: (string | Definitions)[] | undefined;
  return (at) => {
    lines ??= decode(bytes).split("\n");
    const line = lines[at];
    if (typeof line !== "string") return line ?? [{}];
    const read = parseJson(line) as Definitions; // what this program wrote, by the sum of the text
    lines[at] = read;
    return read;
  };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function toRecord(server: string, { scan: _, ...row }: Row, definitions: () => Definitions): ApprovalRecord {
  return {
    ...row,
    server,
    currentHash: row.currentHash ?? row.approvedHash ?? "",
    get approvedDefinition() {
      return definitions()[0] ?? undefined;
    },
    get currentDefinition() {
      const [approved, current] = definitions();
      return current ?? approved ?? {};
    },
  };
}

function toWholeRecord(server: string, { scan: _, ...row }: WholeRow): ApprovalRecord {
  return { ...row, server, currentDefinition: row.currentDefinition ?? row.approvedDefinition ?? {} };
}
