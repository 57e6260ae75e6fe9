/**
 * The MCP face: both protocol eras on one URL, with the gateway's own tools.
 *
 * @module
 */

export { createMcpFace, type McpFace, type McpFaceOptions } from "./face.ts";
