/**
 * The moving parts: one actor for each server, driven by a pure machine and
 * kept as the config wants by a supervisor; the view and the catalogue that
 * everyone else reads.
 *
 * @module
 */

export type { Catalogue } from "./catalogue.ts";
export type { ListedTools } from "./listed_tools.ts";
export { healthOf } from "./health.ts";
export type { MessageListener } from "./news.ts";
export { connectServer } from "./connect.ts";
export { openRuntime } from "./open_runtime.ts";
export { isQuarantined } from "./plan.ts";
export type { Runtime, RuntimeOptions } from "./runtime.ts";
export { addStats, NO_STATS, type ServerStats, statsOf } from "./stats.ts";
export type { ScanNote, TrustEntry } from "./trust/book_types.ts";
export type { Renewal, RenewedScan } from "./trust/renewal.ts";
export { reviewInstructions } from "./trust/inspect.ts";
export type { Trust, TrustChange, TrustChoice } from "./trust/trust_types.ts";
export { openUsage, type ServerUsage, type Usage } from "./usage.ts";
export type { ConnectionFacts, ServerRecord, ViewSnapshot } from "./view.ts";
