import {
  type ApprovalRecord,
  decide,
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  isCallable,
  nameOfDefinition,
} from "../../security/mod.ts";
import { type Book, entryKey, type ScanNote, type TrustEntry } from "./book_types.ts";
import { isDecided, isOther } from "./entries.ts";
import type { TrustTerms } from "./terms.ts";
import type { TrustChange } from "./trust_types.ts";

/** One definition of a list, with its hash. */
export interface Shown {
  readonly name: string;
  readonly definition: Definition;
  readonly hash: DefinitionHash;
  /** What was known of it before this list. */
  readonly before: TrustEntry | undefined;
  /** Whether the person who let the server in has let it in with this very definition. */
  readonly isBaseline: boolean;
}

/** A list as it is judged: which server, which kind, what is in it. */
export interface ListReview {
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly shown: readonly Shown[];
}

/** What else follows from a list. */
export interface Settlement {
  /** Keys of what is forgotten. */
  readonly gone: readonly string[];
  readonly starts: boolean;
}

/** More of one kind than any honest server has; the rest is not recorded, and so not accepted. */
const MAX_SHOWN = 20_000;

/**
 * Compares a list with what is known. Pure.
 *
 * What was shown when a person looked at a held server is let in with it; what
 * has changed since, or came since, is not.
 *
 * @param hashOf Gives the hash, `undefined` for a definition that cannot be hashed.
 */
export function readList(
  book: Book,
  { server, kind, definitions }: {
    readonly server: string;
    readonly kind: DefinitionKind;
    readonly definitions: readonly Definition[];
  },
  hashOf: (kind: DefinitionKind, definition: Definition) => DefinitionHash | undefined,
): ListReview {
  const isFirst = !book.started.has(kind);
  const isKnown = isFirst && kind !== "package" &&
    [...book.entries.values()].some(({ record }) => record.kind === kind);
  const shown = new Map<string, Shown>();
  for (const definition of definitions.slice(0, MAX_SHOWN)) {
    const name = nameOfDefinition(kind, definition);
    const hash = hashOf(kind, definition);
    // Of two with one name the first counts; the other differs from it and is not accepted.
    if (name === undefined || hash === undefined || shown.has(name)) continue;
    const before = book.entries.get(entryKey(kind, name));
    // Which package a server runs is said by the config, so each one begins on its own.
    const isMet = kind === "package" ? before !== undefined : isKnown;
    const isBaseline = isFirst && (!isMet || before?.record.currentHash === hash);
    shown.set(name, { name, definition, hash, before, isBaseline });
  }
  return { server, kind, shown: [...shown.values()] };
}

/**
 * Tells whether what comes after a list is new. An empty list counts, also one
 * that a person has looked at: nobody lets in with it what comes later. Pure.
 */
export function isStart(
  { started }: Book,
  { kind, shown }: ListReview,
  { terms: { quarantined }, isWhole }: { readonly terms: TrustTerms; readonly isWhole: boolean },
): boolean {
  // Which package a server runs is said by the config, so each one begins on its own.
  if (kind === "package" || started.has(kind)) return false;
  return shown.length === 0 ? isWhole : !quarantined;
}

/** How one definition is judged. */
export interface Judgement {
  readonly terms: TrustTerms;
  readonly entry: TrustEntry | undefined;
  readonly scan: ScanNote | undefined;
  /** Epoch ms. */
  readonly at: number;
}

/** Judges one definition, all things considered. Pure. */
export function judge(
  { server, kind }: Pick<ListReview, "server" | "kind">,
  { name, definition, hash, isBaseline }: Pick<Shown, "name" | "definition" | "hash" | "isBaseline">,
  { terms, entry, scan, at }: Judgement,
): ApprovalRecord {
  const key = { server, kind, name };
  return decide({ ...terms, key, definition, hash, record: entry?.record, isBaseline, scan, at }).record;
}

/**
 * Judges one definition at once, by what needs neither a scan nor a disk: it is
 * as it was accepted, or the config accepts everything; else it is held. Pure.
 */
export function judgeNow(review: Pick<ListReview, "server" | "kind">, shown: Shown, judgement: Judgement) {
  const { terms } = judgement;
  const trustMode = terms.trustMode === "scan" ? "manual" : terms.trustMode;
  return judge(review, { ...shown, isBaseline: false }, { ...judgement, terms: { ...terms, trustMode } });
}

/** What a list comes to at once. */
export interface FirstJudgement {
  readonly entries: Book["entries"];
  readonly held: readonly Shown[];
  /** Whether anything follows from an entry that did not before. */
  readonly isChange: boolean;
}

/** Judges a whole list as {@link judgeNow} does, and enters it into the book. Pure. */
export function judgeList(
  book: Book,
  review: ListReview,
  { terms, at }: Pick<Judgement, "terms" | "at">,
): FirstJudgement {
  const entries = new Map(book.entries);
  const held: Shown[] = [];
  let isChange = false;
  for (const shown of review.shown) {
    const { before, hash } = shown;
    const scan = before?.scan?.hash === hash ? before.scan : undefined;
    const record = withObjects(judgeNow(review, shown, { terms, entry: before, scan, at }), shown);
    if (!isCallable({ hash, record, quarantined: false })) held.push(shown);
    if (record === before?.record) continue;
    entries.set(entryKey(review.kind, shown.name), scan === undefined ? { record } : { record, scan });
    isChange ||= isOther(before?.record, record);
  }
  return { entries, held, isChange };
}

/** Judges a whole list again with its scan at hand, and enters it into the book. Pure. */
export function settleList(
  book: Book,
  review: ListReview,
  { notes, gone, terms, at }: Pick<Judgement, "terms" | "at"> & {
    /** By name. */
    readonly notes: ReadonlyMap<string, ScanNote>;
    /** Keys of what is forgotten. */
    readonly gone: readonly string[];
  },
): { readonly entries: Book["entries"]; readonly changes: readonly TrustChange[] } {
  const { kind } = review;
  const entries = new Map(book.entries);
  for (const key of gone) if (!isDecided(entries.get(key)?.record)) entries.delete(key);
  for (const [name, scan] of notes) {
    const known = entries.get(entryKey(kind, name));
    // A newer form has come meanwhile, with a review of its own.
    if (known?.record.currentHash === scan.hash) entries.set(entryKey(kind, name), { ...known, scan });
  }
  const changes: TrustChange[] = [];
  for (const shown of review.shown) {
    const key = entryKey(kind, shown.name);
    const known = entries.get(key);
    if (known?.record.currentHash !== shown.hash) continue;
    const record = judge(review, shown, { terms, entry: known, scan: known.scan, at });
    if (record !== known.record) entries.set(key, { ...known, record });
    if (isOther(shown.before?.record, record)) changes.push({ from: shown.before?.record, to: record });
  }
  return { entries, changes };
}

/** Takes the newer objects over, so that equal definitions take memory once. */
function withObjects(record: ApprovalRecord, { definition, hash }: Shown): ApprovalRecord {
  if (record.currentHash !== hash || record.currentDefinition === definition) return record;
  const isApproved = record.approvedHash === hash;
  return {
    ...record,
    currentDefinition: definition,
    ...(isApproved ? { approvedDefinition: definition } : {}),
  };
}
