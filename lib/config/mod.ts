/**
 * The config file: found, read with exact complaints, edited without losing
 * comments, and published as frozen snapshots.
 *
 * @module
 */

export { checkConfig, type ConfigCheck } from "./check.ts";
export { ensureConfig, readConfig } from "./config_file.ts";
export { describeEffect, diffDaemonKeys, diffServers, type ServerDiff, type Transition } from "./diff.ts";
export { type ConfigEdit, editConfig } from "./edit.ts";
export { applyEnvironment, type WithEnvironment } from "./environment.ts";
export { expandTopLevel } from "./expand.ts";
export { type HandEdit, saveHandEdit } from "./hand_edit.ts";
export { importConfig, type ImportOutcome } from "./import_config.ts";
export { type DataDirOptions, locateConfig, type LocateOptions, resolveDataDir } from "./locate.ts";
export type { ServersForm } from "./normalize.ts";
export { parseConfig, type ParsedConfig } from "./parse.ts";
export type { ConfigPath, ConfigProblem } from "./problems.ts";
export { mergeConfig } from "./merge_patch.ts";
export { createConfigJsonSchema } from "./schema.ts";
export {
  type ConfigDocument,
  type ConfigListener,
  type ConfigService,
  openConfig,
  type OpenConfigOptions,
  type Revision,
  type Snapshot,
} from "./service.ts";
export { toEdits } from "./to_edits.ts";
export { isJsonObject, type JsonObject, readValue } from "./values.ts";
export type { ConfigEdits } from "./verified.ts";
export { watchConfig } from "./watch.ts";
