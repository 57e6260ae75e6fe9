/**
 * What the gateway remembers and the config cannot hold: tool catalogue,
 * statistics and single values. It never decides which servers exist.
 *
 * @module
 */

export type { ApprovalRepository, StoredBook } from "./approvals.ts";
export type { CatalogueRepository } from "./catalogue.ts";
export type { EraRepository, EraVerdict } from "./eras.ts";
export type { StorageHealth } from "./health.ts";
export type { MetaRepository } from "./meta.ts";
export type { StatisticsRepository, ToolUsage, ToolUsageRow } from "./statistics.ts";
export { openMemoryStorage, openStorage, type Storage, type StorageOptions } from "./storage.ts";
export type { TokenRepository, TokenRow } from "./tokens.ts";
export type { CatalogueEntry } from "./tool_lists.ts";
