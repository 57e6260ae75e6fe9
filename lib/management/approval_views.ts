import type { ApprovalView } from "../contracts/mod.ts";
import type { ScanNote, TrustEntry } from "../runtime/mod.ts";
import type { Definition } from "../security/mod.ts";
import { toIso } from "./server_views.ts";

/** Status of an entry as people see it. */
export function statusOf({ record }: TrustEntry): ApprovalView["status"] {
  return record.blocked ? "blocked" : record.status;
}

/** Writes an entry as every surface of an admin shows it. */
export function toApprovalView(entry: TrustEntry): ApprovalView {
  const { record, scan } = entry;
  const { approvedAt, approvedDefinition, currentDefinition, currentHash } = record;
  const isOther = approvedDefinition !== undefined && record.approvedHash !== currentHash;
  return {
    server_name: record.server,
    kind: record.kind,
    name: record.name,
    status: statusOf(entry),
    reason: record.reason,
    approved_hash: record.approvedHash,
    approved_at: approvedAt === undefined ? undefined : toIso(approvedAt),
    approved_by: record.approvedBy,
    current_hash: currentHash,
    seen_at: toIso(record.seenAt),
    description: wordsOf(currentDefinition, record.kind),
    previous_description: isOther ? wordsOf(approvedDefinition, record.kind) : undefined,
    scan: scan?.hash === currentHash ? toScanView(scan) : undefined,
  };
}

function wordsOf({ description, text, package: name, version, integrity }: Definition, kind: string): string {
  if (kind === "package") return `${name} ${version} (${integrity})`;
  return typeof description === "string" ? description : typeof text === "string" ? text : "";
}

function toScanView({ verdict, score, complete, findings, rules, at }: ScanNote): ApprovalView["scan"] {
  return {
    verdict,
    score,
    complete,
    rules,
    scanned_at: toIso(at),
    findings: findings.map(({ rule, family, tag, message, pointer, text, decoded, weight }) => ({
      rule,
      family,
      tag,
      message,
      pointer,
      text,
      ...(decoded === undefined ? {} : { decoded }),
      weight,
    })),
  };
}

/** Orders by server, what is held first, then kind and name. */
export function compareApprovals(a: ApprovalView, b: ApprovalView): number {
  return compare(a.server_name, b.server_name) ||
    Number(a.status === "approved") - Number(b.status === "approved") ||
    compare(a.kind, b.kind) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Counts approvals by their status. */
export function toApprovalStats(views: readonly ApprovalView[]) {
  const count = (status: ApprovalView["status"]) => views.filter((view) => view.status === status).length;
  return {
    total: views.length,
    approved: count("approved"),
    pending: count("pending"),
    changed: count("changed"),
    blocked: count("blocked"),
  };
}
