/**
 * One connection to one server: transports, processes, handshake, correlation,
 * tool lists and the names of failures.
 *
 * @module
 */

export { classifyFailure, isRetryable, type Stage } from "./classify.ts";
export { openUpstream, type UpstreamConnection, type UpstreamOptions } from "./connection.ts";
export { createStdioEnvironment } from "./environment.ts";
export { type RequestOptions, UpstreamRpcError } from "./rpc.ts";
