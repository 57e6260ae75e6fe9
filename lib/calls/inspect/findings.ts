/**
 * What was found in a call, in the forms in which it is told: never the secret
 * itself, only what it is and where.
 *
 * @module
 */

import type { ActivityEntry, ActivitySeverity } from "../../contracts/mod.ts";
import type { ResultScan } from "./result_scan.ts";
import type { SensitiveFinding, SensitiveReport } from "../../security/mod.ts";

/** Where something was found. */
export type Place = "arguments" | "response";

/** What was found in one call. */
export interface Findings {
  readonly arguments?: SensitiveReport;
  readonly response?: SensitiveReport;
  /** Why the structured result does not fit, or cannot be checked. */
  readonly output?: string;
  /** What in the result may be meant for the model. */
  readonly orders?: ResultScan;
  /** What went through with its secrets, as it may be put on record: without them. */
  readonly clean?: { readonly arguments?: unknown; readonly response?: unknown };
}

/** The part of an activity record that tells what was found. */
export type FindingsEntry = Pick<
  ActivityEntry,
  "detection_types" | "max_severity" | "metadata" | "arguments" | "response"
>;

/** Severities, mildest first. */
const SEVERITIES: readonly ActivitySeverity[] = ["low", "medium", "high", "critical"];
const MAX_DETECTIONS = 50;
const MAX_POINTER = 200;

/** Tells whether a finding is at least as bad as another severity. */
export function isAtLeast({ severity }: SensitiveFinding, least: ActivitySeverity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

/** Lists what was found in arguments and result, each with its place. */
function allOf(findings: Findings): { readonly place: Place; readonly finding: SensitiveFinding }[] {
  const of = (place: Place) => (findings[place]?.findings ?? []).map((finding) => ({ place, finding }));
  return [...of("arguments"), ...of("response")];
}

/** Writes findings for an activity record; empty if nothing was found. Pure. */
export function toEntry(findings: Findings): FindingsEntry {
  const all = allOf(findings);
  const isCut = findings.arguments?.complete === false || findings.response?.complete === false;
  const { orders, output: problem } = findings;
  if (all.length === 0 && !isCut && problem === undefined && orders === undefined) return {};
  const output = {
    ...(problem === undefined ? {} : { output_validation: { problem } }),
    ...(orders === undefined ? {} : { result_scan: orders }),
  };
  if (all.length === 0) {
    return { metadata: { ...output, ...(isCut ? { sensitive_data_detection: { incomplete: true } } : {}) } };
  }
  return {
    ...findings.clean,
    detection_types: [...new Set(all.map(({ finding }) => finding.kind))],
    max_severity: worstOf(all.map(({ finding }) => finding)),
    metadata: { ...output, sensitive_data_detection: detections(all, isCut) },
  };
}

function detections(all: ReturnType<typeof allOf>, isCut: boolean) {
  return {
    detected: true,
    total: all.length,
    detections: all.slice(0, MAX_DETECTIONS).map(({ place, finding }) => ({
      type: finding.kind,
      category: finding.category,
      severity: finding.severity,
      // The key that the pointer ends with may be the secret itself.
      location: finding.inKey ? place : `${place}${finding.pointer.slice(0, MAX_POINTER)}`,
    })),
    ...(isCut ? { incomplete: true } : {}),
  };
}

/** The worst severity among findings; `undefined` if there are none. */
export function worstOf(findings: readonly SensitiveFinding[]): ActivitySeverity | undefined {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity));
}

/** Kinds of findings in words, such as `github_pat, jwt_token`. */
export function namesOf(findings: readonly SensitiveFinding[]): string {
  return [...new Set(findings.map(({ kind }) => kind))].slice(0, 8).join(", ");
}
