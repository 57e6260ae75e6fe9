/**
 * Config files of MCP clients: where they are, which servers they state, and
 * how an entry is put into one without touching the rest of it.
 *
 * @module
 */

export {
  CLIENT_IDS,
  type ClientId,
  isClientId,
  KNOWN_CLIENTS,
  type KnownClient,
  type Place,
} from "./known_clients.ts";
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
