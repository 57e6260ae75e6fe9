/**
 * The config file: found, read with exact complaints, edited without losing
 * comments, and published as frozen snapshots.
 *
 * @module
 */

export { diffDaemonKeys, diffServers, type ServerDiff } from "./diff.ts";
export { type ConfigEdit, editConfig } from "./edit.ts";
export { applyEnvironment, type WithEnvironment } from "./environment.ts";
export { expandTopLevel } from "./expand.ts";
export { type DataDirOptions, locateConfig, type LocateOptions, resolveDataDir } from "./locate.ts";
export type { ServersForm } from "./normalize.ts";
export { parseConfig, type ParsedConfig } from "./parse.ts";
export type { ConfigPath, ConfigProblem } from "./problems.ts";
export { createConfigJsonSchema } from "./schema.ts";
export {
  type ConfigListener,
  type ConfigService,
  openConfig,
  type OpenConfigOptions,
  type Snapshot,
} from "./service.ts";
