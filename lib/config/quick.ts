/**
 * The second door of this room, for those who must start at once: where a
 * gateway is found, without the schema of a whole config.
 *
 * @module
 */

export type { TopLevelTexts } from "./expand.ts";
export { readGatewayKeys } from "./gateway_keys.ts";
export { type DataDirOptions, locateConfig, type LocateOptions, resolveDataDir } from "./locate.ts";
