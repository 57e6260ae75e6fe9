/**
 * The call pipeline: policies in a fixed order, dispatch to the server's
 * connection, results in the form agents read, and the gateway's own tools.
 *
 * @module
 */

export { type Calls, type CallsOptions, createCalls } from "./calls.ts";
export type { CallContext } from "./dispatch.ts";
export { callWith } from "./entries.ts";
export {
  findVisible,
  isAllowed,
  isExposed,
  type KnownTool,
  unlistedServers,
  visibleTools,
} from "./inventory.ts";
export { META_KEY } from "./outcome.ts";
export { briefOf } from "./signature.ts";
