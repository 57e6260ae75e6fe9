/**
 * One connection to one server: transports, processes, handshake, correlation,
 * tool lists and the names of failures.
 *
 * @module
 */

export { classifyFailure, isRetryable, type Stage } from "./classify.ts";
export { type Children, type ChildrenOptions, openChildren } from "./children.ts";
export { openUpstream } from "./connection.ts";
export type { UpstreamConnection, UpstreamOptions } from "./connection_types.ts";
export { createStdioEnvironment } from "./environment.ts";
export type { Offer, OfferKind } from "./list_tools.ts";
export type { Reaped } from "./reap.ts";
export { paramHeaders } from "./param_headers.ts";
export type { RequestOptions } from "./request_options.ts";
export { UpstreamRpcError } from "./rpc_error.ts";
export { isUnsent } from "./unsent.ts";
