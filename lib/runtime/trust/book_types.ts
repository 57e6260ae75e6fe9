import {
  type ApprovalRecord,
  DEFINITION_KINDS,
  type DefinitionHash,
  type DefinitionKind,
  type Finding,
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
export const LOST_BOOK: Book = {
  entries: new Map(),
  started: new Set([...DEFINITION_KINDS, "package"]),
};

/** Key of an entry in its book. */
export function entryKey(kind: DefinitionKind, name: string): string {
  return `${kind} ${name}`;
}
