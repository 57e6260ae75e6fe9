/**
 * mcpproxy as a library: a gateway in front of many MCP servers, opened inside
 * another program, and the types of the contract it speaks.
 *
 * @example Find and call a tool
 * ```ts
 * import { openGateway } from "./mod.ts";
 *
 * await using gateway = await openGateway({ config: "./config.json", listen: "127.0.0.1:0" });
 * const { results } = await gateway.management.request("tools.search", { q: "read a file" });
 * ```
 *
 * @module
 */

export { type Gateway, type GatewayOptions, openGateway } from "./lib/app/mod.ts";
export {
  type Config,
  ERROR_KINDS,
  type ErrorCode,
  type EventFilter,
  GatewayError,
  type GatewayEvent,
  type Health,
  type LogLine,
  type Management,
  type RequestOptions,
  type Role,
  type ServerConfig,
  type ServerConfigInput,
  type ServerView,
  type Status,
  type ToolResult,
  type ToolView,
  type VerbInput,
  type VerbName,
  type VerbOutput,
  VERBS,
  VERSION,
} from "./lib/contracts/mod.ts";
