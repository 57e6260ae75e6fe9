/**
 * The MCP face: both protocol eras on one URL each, with the gateway's own
 * tools, or with what servers offer.
 *
 * @module
 */

export { isComplete } from "./answer.ts";
export { createMcpFace, type McpFace, type McpFaceOptions } from "./face.ts";
