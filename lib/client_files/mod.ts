/**
 * Config files of MCP clients: which servers they state, and how an entry is
 * put into one without touching the rest of it. Pure.
 *
 * @module
 */

export { type EntryPlace, findEntry, putEntry, sameButFor } from "./entry.ts";
export { type ClientId, FILE_FORMS, isClientId } from "./known_clients.ts";
export {
  type Importable,
  type ImportOptions,
  type ImportPlan,
  planImport,
  type SkipReason,
  toCommandLine,
  toServerName,
} from "./plan_import.ts";
export { type ClientEntry, type ClientFile, detectClient, readClientFile } from "./read_client_file.ts";
