/**
 * The Management contract over the wire: a running daemon reached by its
 * socket or by HTTP. It neither looks for a daemon nor decides which one to
 * take; that is the caller's choice.
 *
 * @module
 */

export { type Endpoint, endpointOfListen, parseEndpoint, socketPathOf, toText } from "./endpoint.ts";
export { linkTo } from "./link.ts";
export { type BridgeOptions, type GatewayLink, runBridge } from "./stdio_bridge.ts";
export { connectRemote, type RemoteManagement, type RemoteOptions } from "./remote.ts";
