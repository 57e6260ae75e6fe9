/**
 * The HTTP surface: REST, health, MCP and UI on one handler for TCP and socket.
 *
 * @module
 */

export { createHttpApp } from "./app.ts";
export type { Asset, HttpAppOptions } from "./options.ts";
export { createTraffic, type Traffic } from "./traffic.ts";
