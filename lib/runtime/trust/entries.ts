/** What becomes of what is known of a server, one entry at a time. @module */

import { didYouMean, GatewayError } from "../../contracts/mod.ts";
import {
  type ApprovalRecord,
  type DefinitionHash,
  type DefinitionKind,
  isCallable,
} from "../../security/mod.ts";
import { type Book, entryKey, type TrustEntry } from "./book_types.ts";
import type { Standing, TrustChange, TrustChoice } from "./trust_types.ts";

/** Entries of one server; honest ones have some hundred. */
const MUCH = 5_000;

/** Tells whether there are so many entries that those accepted by themselves are forgotten when they are gone. */
export function isMuch(count: number): boolean {
  return count > MUCH;
}

/** What a person makes of one definition. */
export type Decision = (record: ApprovalRecord, choice: TrustChoice) => ApprovalRecord;

/**
 * Enters decisions of a person into a book. Pure.
 *
 * @throws {GatewayError} As {@link notFound} says, and what the decision throws; then none of them is made.
 */
export function decideAll(
  book: Book,
  server: string,
  { choices, decision }: { readonly choices: readonly TrustChoice[]; readonly decision: Decision },
): { readonly entries: Book["entries"]; readonly changes: readonly TrustChange[] } {
  const entries = new Map(book.entries);
  const changes = choices.map((choice): TrustChange => {
    const key = entryKey(choice.kind, choice.name);
    const known = entries.get(key);
    if (known === undefined) throw notFound(book, server, choice);
    const record = decision(known.record, choice);
    entries.set(key, { ...known, record });
    return { from: known.record, to: record };
  });
  return { entries, changes };
}

/** Adds to decided entries, made from some, what has become of those meanwhile. */
export function mergeChanges(
  decided: Book["entries"],
  { from, now }: { readonly from: Book["entries"]; readonly now: Book["entries"] },
): Book["entries"] {
  const entries = new Map(decided);
  for (const [key, entry] of now) {
    if (from.get(key) !== entry) entries.set(key, merge(entry, decided.get(key)));
  }
  return entries;
}

/** A newer form has come while a decision was written; the decision stands, for the form it was made about. */
function merge(newer: TrustEntry, decided: TrustEntry | undefined): TrustEntry {
  if (decided === undefined) return newer;
  const { approvedHash, approvedDefinition, approvedAt, approvedBy, blocked } = decided.record;
  const isSame = approvedHash === newer.record.currentHash;
  const status = isSame ? "approved" : approvedHash === undefined ? "pending" : "changed";
  const reason = isSame ? decided.record.reason : newer.record.reason;
  const consent = { approvedHash, approvedDefinition, approvedAt, approvedBy, blocked };
  return { ...newer, record: { ...newer.record, ...consent, status, reason } };
}

/**
 * Entries that no person has accepted or refused, and that the server shows
 * no more. What is accepted by itself is forgotten only where there is much
 * of it: a server must not fill the disk with names that change.
 */
export function goneFrom(
  entries: Book["entries"],
  kind: DefinitionKind,
  shown: ReadonlySet<string>,
): string[] {
  return [...entries].flatMap(([key, { record }]) => {
    if (record.kind !== kind || shown.has(record.name) || record.blocked) return [];
    return record.approvedHash === undefined || isMuch(entries.size) && record.reason === "auto" ? [key] : [];
  });
}

/** Tells whether a person has accepted or refused a definition, perhaps since it was found to be gone. */
export function isDecided(record: ApprovalRecord | undefined): boolean {
  return record?.blocked === true || record?.approvedHash !== undefined && record.reason !== "auto";
}

/** Tells whether anything follows from a record that another one did not say. */
export function isOther(from: ApprovalRecord | undefined, to: ApprovalRecord): boolean {
  return from?.status !== to.status || from.currentHash !== to.currentHash ||
    from.approvedHash !== to.approvedHash;
}

/** The error for a choice of what the server has not shown. */
function notFound(book: Book, server: string, { kind, name }: TrustChoice): GatewayError {
  const what = kind.replace("_", " ");
  const names = [...book.entries.values()].filter(({ record }) => record.kind === kind)
    .map(({ record }) => record.name);
  return new GatewayError(
    kind === "tool" ? "MCPX_TOOL_NOT_FOUND" : "MCPX_INVALID_INPUT",
    `Cannot find ${what} "${server}:${name.slice(0, 300)}": the server has not shown it${
      didYouMean(name, names)
    }`,
    { remedy: `See what there is: mcpproxy upstream inspect ${server}`, details: { server, name } },
  );
}

/** How a definition stands with what is known of its name. Pure. */
export function standingIn(known: TrustEntry | undefined, hash: DefinitionHash | undefined): Standing {
  if (!isCallable({ hash, record: known?.record, quarantined: false })) {
    return known?.record.blocked === true ? "refused" : "held";
  }
  return known?.scan?.hash === hash ? "scanned" : "accepted";
}
