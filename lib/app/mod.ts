/**
 * Builds everything in order: the gateway for programs, the daemon for the
 * command line, and the in-process management service.
 *
 * @module
 */

export { type DaemonOptions, runDaemon } from "./daemon.ts";
export { type Gateway, type GatewayOptions, openGateway } from "./gateway.ts";
export { openLocalManagement } from "./local.ts";
export { maskValue, openSecretStore, type SecretStore } from "../secrets/mod.ts";
export type { ConfigSettings, DaemonProgress, PlaceOptions } from "./options.ts";
