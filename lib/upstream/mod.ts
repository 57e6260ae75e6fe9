/**
 * One connection to one server: transports, processes, handshake, correlation,
 * tool lists and the names of failures.
 *
 * @module
 */

export { classifyFailure, isRetryable, type Stage } from "./classify.ts";
export { type Children, type ChildrenOptions, openChildren } from "./children.ts";
export { openUpstream, type UpstreamConnection, type UpstreamOptions } from "./connection.ts";
export { createStdioEnvironment } from "./environment.ts";
export type { Offer, OfferKind } from "./list_tools.ts";
export type { Reaped } from "./reap.ts";
export { paramHeaders } from "./param_headers.ts";
export { type RequestOptions, UpstreamRpcError } from "./rpc.ts";
export { isUnsent } from "./unsent.ts";
