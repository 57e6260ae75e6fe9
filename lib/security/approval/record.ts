import {
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  HASH_VERSION,
  hashDefinition,
  hashVersionOf,
} from "./definition.ts";

/** Whether the form a server shows now is the one that was accepted. */
export type ApprovalStatus = "approved" | "pending" | "changed";

/** Why a record is as it is. */
export type ApprovalReason =
  | "user"
  | "auto"
  | "auto-baseline"
  | "scan-approved"
  | "reverted"
  | "new"
  | "definition-changed"
  | "scan-findings"
  | "scan-incomplete"
  | "rejected";

/** Which definition of which server. */
export interface ApprovalKey {
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly name: string;
}

/** Consent of a person, or the lack of it, to one definition. */
export interface ApprovalRecord extends ApprovalKey {
  readonly status: ApprovalStatus;
  readonly reason: ApprovalReason;
  /** A person has refused it; only a person brings it back. */
  readonly blocked: boolean;
  /** The form last accepted; absent if none ever was. */
  readonly approvedHash?: DefinitionHash;
  readonly approvedDefinition?: Definition;
  /** Epoch ms. */
  readonly approvedAt?: number;
  /** `user`, or the rule that accepted it. */
  readonly approvedBy?: string;
  /** The form last seen. */
  readonly currentHash: DefinitionHash;
  readonly currentDefinition: Definition;
  /** Epoch ms at which the current form was first seen. */
  readonly seenAt: number;
}

/** Writes a key as one text, for maps. */
export function approvalKeyOf({ server, kind, name }: ApprovalKey): string {
  return JSON.stringify([server, kind, name]);
}

/**
 * Brings the hashes of a record to the version in use. Only the formula has
 * changed then, not the server, so what was accepted stays accepted; a record
 * without the definition behind its hash loses its approval instead.
 */
export function rebaseRecord(record: ApprovalRecord): ApprovalRecord {
  if (
    isCurrent(record.currentHash) && (record.approvedHash === undefined || isCurrent(record.approvedHash))
  ) {
    return record;
  }
  const { approvedDefinition, currentDefinition, kind } = record;
  const currentHash = hashDefinition(kind, currentDefinition);
  if (record.approvedHash === undefined) return { ...record, currentHash };
  if (approvedDefinition === undefined || hashVersionOf(record.approvedHash) === undefined) {
    return { ...record, currentHash, approvedHash: undefined, status: "pending", reason: "new" };
  }
  return { ...record, currentHash, approvedHash: hashDefinition(kind, approvedDefinition) };
}

function isCurrent(hash: DefinitionHash): boolean {
  return hashVersionOf(hash) === HASH_VERSION;
}
