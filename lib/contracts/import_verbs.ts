/**
 * The verbs that take servers over from the config files of other clients.
 *
 * @module
 */

import { z } from "zod";
import { flag } from "./params.ts";
import { verb } from "./verb.ts";

/** What is known of every client; more than these may be named in files. */
const client = z.string().min(1).max(40);

const optionsShape = {
  /** Client whose file it is; told from the content when absent. */
  format: client.optional(),
  /** Names in the client's file; all when absent. */
  server_names: z.array(z.string().min(1).max(256)).max(1000).optional(),
  /** Names to use here, by those in the client's file. */
  rename: z.record(z.string().max(256), z.string().max(256)).optional(),
  /** Say what would be done and do nothing. */
  preview: flag().default(false),
  /** Let the servers in at once. */
  skip_quarantine: flag().default(false),
};

/** What an import has done, or would do. */
export const ImportResultSchema = z.object({
  /** Client whose file it is. */
  format: z.string(),
  format_name: z.string(),
  preview: z.boolean(),
  summary: z.object({ total: z.int(), imported: z.int(), skipped: z.int(), failed: z.int() }),
  imported: z.array(z.object({
    name: z.string(),
    original_name: z.string(),
    /** Where it stands in the file, if not in the usual section. */
    place: z.string().optional(),
    protocol: z.string(),
    url: z.string().optional(),
    command: z.string().optional(),
    args: z.array(z.string()).optional(),
    /** The command that would run, as a person would type it; secrets masked. */
    command_line: z.string().optional(),
    env: z.array(z.string()),
    headers: z.array(z.string()),
    /** Settings that hold a secret in clear text. */
    secrets: z.array(z.string()),
    enabled: z.boolean(),
    quarantined: z.boolean(),
    /** How it is to be confined; absent for one that runs with the rights of the person, or elsewhere. */
    isolation: z.string().optional(),
    source_format: z.string(),
    fields_skipped: z.array(z.string()),
    warnings: z.array(z.string()),
  })),
  skipped: z.array(z.object({ name: z.string(), reason: z.string(), detail: z.string() })),
  failed: z.array(z.object({ name: z.string(), error: z.string(), details: z.string() })),
  warnings: z.array(z.string()),
});

/** See {@link ImportResultSchema}. */
export type ImportResult = z.output<typeof ImportResultSchema>;

/** Verbs of the group `import`. */
export const IMPORT_VERBS = {
  "import.paths": verb({
    input: z.strictObject({}),
    output: z.object({
      os: z.string(),
      paths: z.array(z.object({
        name: z.string(),
        format: z.string(),
        path: z.string(),
        exists: z.boolean(),
        os: z.string(),
        description: z.string(),
      })),
    }),
    role: "admin",
    method: "GET",
    path: "/servers/import/paths",
    summary: "Say where other clients keep their servers on this machine",
  }),
  "import.content": verb({
    input: z.strictObject({
      content: z.string().max(4 * 1024 * 1024),
      /** Name of the file, for words and for telling the format. */
      filename: z.string().max(4096).optional(),
      ...optionsShape,
    }),
    output: ImportResultSchema,
    role: "admin",
    method: "POST",
    path: "/servers/import/json",
    aliases: [{ method: "POST", path: "/servers/import" }],
    upload: true,
    summary: "Take servers over from the text of another client's config file",
  }),
  "import.path": verb({
    input: z.strictObject({ path: z.string().min(1).max(4096), ...optionsShape }),
    output: ImportResultSchema,
    role: "admin",
    method: "POST",
    path: "/servers/import/path",
    summary: "Take servers over from a file, by its path or the name of its client",
  }),
} as const;
