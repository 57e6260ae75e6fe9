/**
 * What a person has accepted, what looks like an attack, and what is secret:
 * rules and detectors as pure functions. Asking a person, storing and acting
 * are others' work.
 *
 * @module
 */

export {
  type NewToken,
  openTokens,
  type TokenRequest,
  type Tokens,
  type TokensOptions,
} from "./access/tokens.ts";
export { createSignIn, type SignIn, type SignInCode } from "./access/sign_in.ts";
export { toCanonicalJson } from "./approval/canonical.ts";
export {
  type Definition,
  DEFINITION_KINDS,
  type DefinitionHash,
  type DefinitionKind,
  HASH_VERSION,
  hashDefinition,
  hashVersionOf,
  nameOfDefinition,
} from "./approval/definition.ts";
export { diffDefinitions, type FieldChange } from "./approval/diff.ts";
export {
  type ApprovalKey,
  approvalKeyOf,
  type ApprovalReason,
  type ApprovalRecord,
  type ApprovalStatus,
  rebaseRecord,
} from "./approval/record.ts";
export { type Approvals, createMemoryApprovals } from "./approval/repository.ts";
export {
  type ApprovalDecision,
  type ApprovalInput,
  approve,
  decide,
  type GateInput,
  isCallable,
  type PersonsDecision,
  reject,
  type ScanOutcome,
  type TrustMode,
} from "./approval/rules.ts";
export {
  type DefinitionReport,
  type Finding,
  HOLD_SCORE,
  REVIEW_SCORE,
  type ScanReport,
  type Verdict,
  worstOf,
} from "./scan/finding.ts";
export { RULES_VERSION } from "./scan/rules_version.ts";
export { toSarif } from "./scan/sarif.ts";
export type { ScanSubject } from "./scan/scan_subject.ts";
export { openScanner, type Scanner, type ScannerOptions, type WorkerLike } from "./scan/scanner.ts";
export type { ScanReply, ScanRequest } from "./scan/scan_worker.ts";
export { MAX_SERVERS, type PeerTool } from "./scan/shadowing.ts";
export { checkOutput, type OutputBounds, type OutputVerdict } from "./output/check_output.ts";
export { type PreparedSchema, prepareSchema, type RefusedSchema } from "./output/schema_facts.ts";
export { findInResult, MAX_RESULT_TEXT, type ResultMark } from "./output/result_marks.ts";
export { spotlight, type SpotlightOptions } from "./output/spotlight.ts";
export { stripCharacters, type StripClass } from "./output/strip.ts";
export {
  createDetector,
  type CustomPattern,
  type Detector,
  type DetectorOptions,
  type SensitiveFinding,
  type SensitiveReport,
} from "./sensitive/detect.ts";
export type { SensitiveCategory, SensitiveKind, Severity } from "./sensitive/kind.ts";
export { SENSITIVE_KINDS } from "./sensitive/kinds.ts";
export { maskSensitive, maskText } from "./sensitive/mask.ts";
export { showControls } from "./visible.ts";
