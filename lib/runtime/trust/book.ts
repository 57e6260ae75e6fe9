import { parseJson } from "../../contracts/mod.ts";
import {
  type ApprovalRecord,
  DEFINITION_KINDS,
  type DefinitionHash,
  type DefinitionKind,
  type Finding,
  rebaseRecord,
  type Verdict,
} from "../../security/mod.ts";

/** What the scan of one form came to. */
export interface ScanNote {
  /** Of the form that was scanned. */
  readonly hash: DefinitionHash;
  readonly verdict: Verdict;
  readonly complete: boolean;
  readonly score: number;
  /** Worst first, the first ten. */
  readonly findings: readonly Finding[];
  /** Version of the rules. */
  readonly rules: string;
  /** Epoch ms. */
  readonly at: number;
}

/** What is known of one definition. */
export interface TrustEntry {
  readonly record: ApprovalRecord;
  /** Absent if it was not scanned, in this form or at all. */
  readonly scan?: ScanNote;
}

/** Everything that is known of what one server shows. */
export interface Book {
  readonly entries: ReadonlyMap<string, TrustEntry>;
  /** Kinds of which a list was taken from the server when it was let in; what is new later is held. */
  readonly started: ReadonlySet<DefinitionKind>;
}

/** The book of a server that nobody has met. */
export const EMPTY_BOOK: Book = { entries: new Map(), started: new Set() };

/** The book of a server of which consent may have been given and lost: what is not found was not given. */
export const LOST_BOOK: Book = { entries: new Map(), started: new Set(DEFINITION_KINDS) };

const FORMAT = 1;
const MAX_FINDINGS = 10;

/** Key of an entry in its book. */
export function entryKey(kind: DefinitionKind, name: string): string {
  return `${kind} ${name}`;
}

/** Keeps of findings what a person needs. */
export function briefFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.slice(0, MAX_FINDINGS);
}

/** Writes a book; equal definitions are written once. */
export function writeBook({ entries, started }: Book): string {
  const rows = [...entries.values()].map(({ record, scan }) => {
    const { server: _, currentDefinition, ...rest } = record;
    const isSame = rest.approvedHash === rest.currentHash;
    return { ...rest, ...(isSame ? {} : { currentDefinition }), ...(scan === undefined ? {} : { scan }) };
  });
  return JSON.stringify({ format: FORMAT, started: [...started], entries: rows });
}

/**
 * Reads a book.
 *
 * @returns {@link LOST_BOOK} for a text that is none: what was approved in it is not approved any more.
 */
export function readBook(server: string, text: string | undefined): Book {
  try {
    const value = text === undefined ? undefined : parseJson(text);
    return isStored(value) ? toBook(server, value) : LOST_BOOK;
  } catch {
    return LOST_BOOK;
  }
}

type Row = Omit<ApprovalRecord, "server" | "currentDefinition"> & {
  readonly currentDefinition?: ApprovalRecord["currentDefinition"];
  readonly scan?: ScanNote;
};

interface Stored {
  readonly format: typeof FORMAT;
  readonly started: readonly DefinitionKind[];
  readonly entries: readonly Row[];
}

/** The sum of the text was right, so it is what this program wrote; another version may have written another form. */
function isStored(value: unknown): value is Stored {
  return typeof value === "object" && value !== null && "format" in value && value.format === FORMAT &&
    "entries" in value && Array.isArray(value.entries) && "started" in value && Array.isArray(value.started);
}

function toBook(server: string, { started, entries }: Stored): Book {
  const read = entries.map(({ scan, ...row }): [string, TrustEntry] => {
    const currentDefinition = row.currentDefinition ?? row.approvedDefinition ?? {};
    const record = rebaseRecord({ ...row, server, currentDefinition });
    return [entryKey(record.kind, record.name), scan === undefined ? { record } : { record, scan }];
  });
  return { entries: new Map(read), started: new Set(started) };
}
