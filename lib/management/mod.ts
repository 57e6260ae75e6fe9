/**
 * Implements the Management contract in process; one file for each group of verbs.
 *
 * @module
 */

export { createManagement, mcpUrl } from "./management.ts";
export type { GatewayFacts, ManagementOptions } from "./options.ts";
