import { type DefinitionHash, type DefinitionKind, type Verdict, worstOf } from "../../security/mod.ts";
import type { TrustEntry } from "./book_types.ts";

/** A definition of which other rules found less. */
export interface RenewedScan {
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly name: string;
  /** Of the form that was scanned. */
  readonly hash: DefinitionHash;
  /** As it stands with the person; a scan alone changes nothing of that. */
  readonly isAccepted: boolean;
  readonly from: Verdict;
  readonly to: Verdict;
  /** Families of what is found now, each once. */
  readonly families: readonly string[];
}

/** What was scanned again, and what it came to. */
export interface Renewal {
  readonly scanned: number;
  readonly worse: readonly RenewedScan[];
}

/** Entries that other rules have scanned. Pure. */
export function scannedByOthers(entries: Iterable<TrustEntry>, rules: string): TrustEntry[] {
  return [...entries].filter(({ record, scan }) =>
    scan !== undefined && scan.rules !== rules && scan.hash === record.currentHash
  );
}

/** Tells what is found of entries now that was not found before. Pure. */
export function compareScans(
  before: readonly TrustEntry[],
  find: (entry: TrustEntry) => TrustEntry | undefined,
): RenewedScan[] {
  return before.flatMap((entry) => {
    const { record, scan: old } = entry;
    const scan = find(entry)?.scan;
    if (old === undefined || scan === undefined || scan.hash !== old.hash) return [];
    const isWorse = scan.verdict !== old.verdict && worstOf([old.verdict, scan.verdict]) === scan.verdict;
    if (!isWorse) return [];
    const { server, kind, name, status } = record;
    const families = [...new Set(scan.findings.map(({ family }) => family))];
    const isAccepted = status === "approved" && record.approvedHash === scan.hash;
    return [{
      server,
      kind,
      name,
      hash: scan.hash,
      isAccepted,
      from: old.verdict,
      to: scan.verdict,
      families,
    }];
  });
}

/** The rules by which all of a book was scanned; `undefined` for none or several. Pure. */
export function rulesOfAll(entries: Iterable<TrustEntry>): string | undefined {
  const rules = new Set([...entries].flatMap(({ scan }) => scan?.rules ?? []));
  return rules.size === 1 ? [...rules][0] : undefined;
}
