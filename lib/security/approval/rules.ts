import { GatewayError } from "../../contracts/mod.ts";
import { type Definition, type DefinitionHash, hashDefinition } from "./definition.ts";
import { type ApprovalKey, type ApprovalReason, type ApprovalRecord, rebaseRecord } from "./record.ts";

/** How new and changed definitions of a server come to be accepted. */
export type TrustMode = "auto" | "scan" | "manual";

/** What the scan of one definition came to; only `clean` and `complete` together speak for it. */
export interface ScanOutcome {
  readonly verdict: "clean" | "review" | "hold";
  /** `false` if a part could not be scanned. */
  readonly complete: boolean;
}

/** Everything a decision depends on. */
export interface ApprovalInput {
  readonly key: ApprovalKey;
  /** The definition as the server shows it now. */
  readonly definition: Definition;
  /** Its hash, where it has been worked out already. */
  readonly hash?: DefinitionHash;
  /** What is known of it; `undefined` for one never seen. */
  readonly record: ApprovalRecord | undefined;
  readonly trustMode: TrustMode;
  /** Whether the server itself is held; then nothing of it is accepted. */
  readonly quarantined: boolean;
  /** The switch of the whole gateway; `false` accepts what a server that is let in shows. */
  readonly quarantineEnabled: boolean;
  /**
   * Whether nothing of this server was ever accepted before: a person has let
   * the server in, and with it what it showed then.
   */
  readonly isBaseline: boolean;
  /** `undefined` if it was not scanned. */
  readonly scan: ScanOutcome | undefined;
  /** Epoch ms. */
  readonly at: number;
}

/** What follows from a list. */
export interface ApprovalDecision {
  /** The record to keep from now on; the same object if nothing changes. */
  readonly record: ApprovalRecord;
  /** Whether an agent may see and call the definition in this form. */
  readonly callable: boolean;
}

/**
 * Decides about one definition that a server has listed.
 *
 * Pure. A form that differs from the accepted one is accepted only by the
 * listed reasons: quarantine off or trust mode auto, the first list of a server
 * that a person has let in (unless its scan says hold), a clean and complete
 * scan in trust mode scan, or a return to the accepted form. A definition that
 * a person has refused stays refused. A held server gets nothing accepted.
 *
 * | form     | off or auto | baseline      | scan mode             | otherwise |
 * | -------- | ----------- | ------------- | --------------------- | --------- |
 * | new      | approved    | approved      | approved if clean     | pending   |
 * | changed  | approved    | never applies | approved if clean     | changed   |
 * | as it was| approved    | approved      | approved              | approved  |
 *
 * @throws {RangeError} If the definition cannot be hashed.
 */
export function decide(input: ApprovalInput): ApprovalDecision {
  const hash = input.hash ?? hashDefinition(input.key.kind, input.definition);
  const record = next(input, hash);
  return { record, callable: isCallable({ hash, record, quarantined: input.quarantined }) };
}

function next(input: ApprovalInput, hash: DefinitionHash): ApprovalRecord {
  const known = input.record === undefined ? undefined : rebaseRecord(input.record);
  const seen = seenNow(input, known, hash);
  if (seen.approvedHash === hash) return asAccepted(seen);
  if (seen.blocked) return { ...seen, status: statusOf(seen), reason: "rejected" };
  const reason = reasonToAccept(input, seen);
  if (reason !== undefined) return accept(seen, { by: reason, reason, at: input.at });
  return { ...seen, status: statusOf(seen), reason: reasonToHold(input, seen) };
}

function seenNow(
  { key, definition, at }: ApprovalInput,
  known: ApprovalRecord | undefined,
  hash: DefinitionHash,
): ApprovalRecord {
  if (known?.currentHash === hash) return known;
  const current = { currentHash: hash, currentDefinition: definition, seenAt: at };
  if (known !== undefined) return { ...known, ...current };
  return { ...key, ...current, status: "pending", reason: "new", blocked: false };
}

/** The accepted form is back, or has never been away. */
function asAccepted(seen: ApprovalRecord): ApprovalRecord {
  if (seen.status === "approved") return seen;
  return { ...seen, status: "approved", reason: "reverted" };
}

function statusOf(record: ApprovalRecord): "pending" | "changed" {
  return record.approvedHash === undefined ? "pending" : "changed";
}

function reasonToAccept(input: ApprovalInput, seen: ApprovalRecord): ApprovalReason | undefined {
  if (input.quarantined) return undefined;
  if (!input.quarantineEnabled || input.trustMode === "auto") return "auto";
  const isNew = seen.approvedHash === undefined;
  const isClean = input.scan?.verdict === "clean" && input.scan.complete;
  if (input.trustMode === "scan") return isClean ? "scan-approved" : undefined;
  return input.isBaseline && isNew && input.scan?.verdict !== "hold" ? "auto-baseline" : undefined;
}

function reasonToHold(input: ApprovalInput, seen: ApprovalRecord): ApprovalReason {
  const { scan } = input;
  if (scan !== undefined && scan.verdict !== "clean") return "scan-findings";
  if (scan !== undefined && !scan.complete) return "scan-incomplete";
  return seen.approvedHash === undefined ? "new" : "definition-changed";
}

interface Consent {
  readonly by: string;
  readonly reason: ApprovalReason;
  /** Epoch ms. */
  readonly at: number;
}

function accept(record: ApprovalRecord, { by, reason, at }: Consent): ApprovalRecord {
  return {
    ...record,
    status: "approved",
    reason,
    blocked: false,
    approvedHash: record.currentHash,
    approvedDefinition: record.currentDefinition,
    approvedAt: at,
    approvedBy: by,
  };
}

/** What the gate of a call needs; `hash` is that of the live definition. */
export interface GateInput {
  readonly hash: DefinitionHash | undefined;
  readonly record: ApprovalRecord | undefined;
  /** Whether the server itself is held. */
  readonly quarantined: boolean;
}

/**
 * Tells at the moment of a call whether a definition may be used. Whatever is
 * not known says no: a missing record, a missing hash, another hash.
 */
export function isCallable({ hash, record, quarantined }: GateInput): boolean {
  if (quarantined || hash === undefined || record === undefined || record.blocked) return false;
  return record.status === "approved" && record.approvedHash === hash;
}

/** A decision of a person. */
export interface PersonsDecision {
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
  /** The form the person has looked at; another one is not accepted in its place. */
  readonly hash: DefinitionHash;
}

/**
 * Accepts the current form.
 *
 * @throws {GatewayError} MCPX_APPROVAL_CONFLICT — the form has changed since the person looked.
 */
export function approve(record: ApprovalRecord, { by, at, hash }: PersonsDecision): ApprovalRecord {
  const based = rebaseRecord(record);
  if (based.currentHash !== hash) {
    throw new GatewayError(
      "MCPX_APPROVAL_CONFLICT",
      `Cannot approve "${record.server}:${record.name}": its definition has changed since it was shown`,
      { details: { server: record.server, name: record.name, hash: based.currentHash } },
    );
  }
  return accept(based, { by, reason: "user", at });
}

/** Refuses a definition in this and every later form; what was accepted of it is so no longer. */
export function reject(record: ApprovalRecord): ApprovalRecord {
  return {
    ...record,
    status: "pending",
    reason: "rejected",
    blocked: true,
    approvedHash: undefined,
    approvedDefinition: undefined,
    approvedAt: undefined,
    approvedBy: undefined,
  };
}
