/**
 * Implements the Management contract in process; one file for each group of verbs.
 *
 * @module
 */

export { createManagement, type GatewayFacts, type ManagementOptions, mcpUrl } from "./management.ts";
