/**
 * The call pipeline: policies in a fixed order, dispatch to the server's
 * connection, results in the form agents read, and the gateway's own tools.
 *
 * @module
 */

export { type Calls, type CallsOptions, createCalls } from "./calls.ts";
export type { CallContext, DispatchOptions } from "./context.ts";
export { checkTool, type ToolCheck, verdictOf } from "./check.ts";
export { callWith } from "./entries.ts";
export { type Consent, type ConsentStatus, createFlows, type Flows } from "./flow/mod.ts";
export { type Findings, type FindingsEntry, toEntry } from "./inspect/findings.ts";
export type { Inspection } from "./inspect/inspection.ts";
export { type Inspector, type InspectorOptions, openInspector } from "./inspect/inspector.ts";
export {
  findVisible,
  isAllowed,
  isExposed,
  isVisible,
  type KnownTool,
  unlistedServers,
  visibleTools,
} from "./inventory.ts";
export { shownName } from "./locked.ts";
export { createResults } from "./long_results.ts";
export type { ResultCache, ResultCacheStats } from "./large/mod.ts";
export { createNameMap, nameFor, type NameMap, readPlainName } from "./names.ts";
export { META_KEY, toErrorResult, toJsonResult } from "./outcome.ts";
export { isUpstreamError } from "./upstream_error.ts";
export { createLimits, type LimitFigures, type Limits, type LimitScope, serverBounds } from "./limits.ts";
export { createDiscoveries } from "./discoveries.ts";
export { type TokenLedger, type TokenStatistics, tokenStatistics } from "./token_statistics.ts";
export type { ListCost } from "./list_cost.ts";
export type { ListKind } from "./list_changes.ts";
export { openRelay, type Relay, type ServerFacts } from "./relay.ts";
export { type ResourceRef, toOwnUri } from "./resources.ts";
export { withReach } from "./reach.ts";
export { EVERYTHING, intersect, narrow, onlyServers, type Scope } from "./scope.ts";
export { briefOf } from "./signature.ts";
export { type TrackSubject } from "./call_watch.ts";
export { originOf } from "./track.ts";
