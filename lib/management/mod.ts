/**
 * Implements the Management contract in process; one file for each group of verbs.
 *
 * @module
 */

export { type AgentTools, createAgentTools } from "./agent_tools/agent_tools.ts";
export { isDecision, toTrustRecord } from "./decisions.ts";
export { createManagement } from "./management.ts";
export { type ScanSettled, toScanSettled } from "./scan_settled.ts";
export type { RenewalReport, ScanRenewals, WorseForm } from "./renewals.ts";
export { mcpUrl } from "./mcp_url.ts";
export { narrowBus } from "./scoped.ts";
export type { GatewayFacts, ManagementOptions } from "./options.ts";
export type { ActiveProfile, McpSessions } from "./mcp_clients.ts";
