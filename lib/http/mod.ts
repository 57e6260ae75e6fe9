/**
 * The HTTP surface: REST, health, MCP and UI on one handler for TCP and socket.
 *
 * @module
 */

export { type Asset, createHttpApp, type HttpAppOptions } from "./app.ts";
