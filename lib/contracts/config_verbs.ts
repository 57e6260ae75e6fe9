/**
 * The verbs about the config file.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const json = z.record(z.string(), z.unknown());

/** A whole config: as text with comments, or as a value; absent where a verb says what that means. */
const candidateShape = {
  text: z.string().max(8 * 1024 * 1024).optional(),
  config: json.optional(),
};

const ifMatch = z.string().max(1000).optional();

/** Why the config file as it is now is not in force. */
export const ConfigErrorSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

/** One mistake in a config. */
export const ConfigProblemSchema = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  found: z.string().optional(),
  wanted: z.string().optional(),
  remedy: z.string(),
});

/** How a change of the config takes effect on one server. */
export const ServerEffectSchema = z.object({
  name: z.string(),
  /** What becomes of its entry; `same` if only a setting for all servers concerns it. */
  change: z.enum(["added", "removed", "changed", "same"]),
  action: z.enum(["start", "stop", "restart", "update", "none"]),
  fields: z.array(z.object({ name: z.string(), apply: z.enum(["live", "server", "daemon"]) })),
});

/** How a change of the config takes effect. */
const effectShape = {
  changed: z.boolean(),
  servers: z.array(ServerEffectSchema),
  keys: z.array(z.object({
    name: z.string(),
    change: z.enum(["added", "removed", "changed"]),
    apply: z.enum(["live", "daemon"]),
  })),
  /** Keys whose new values wait until the daemon starts again. */
  restart_required: z.array(z.string()),
};

/** What a change of the config has led to. */
export const ConfigChangeSchema = z.object({
  config_path: z.string(),
  version: z.int(),
  /** SHA-256 of the file's text, in hex; the ETag. */
  hash: z.string(),
  ...effectShape,
});

/** Verbs of the group `config`. */
export const CONFIG_VERBS = {
  "config.get": verb({
    input: z.strictObject({ view: z.enum(["file", "effective"]).default("file") }),
    output: z.object({
      config_path: z.string(),
      version: z.int(),
      hash: z.string(),
      view: z.enum(["file", "effective"]),
      /** Secrets are masked; a mask that is sent back stands for the secret. */
      config: json,
      notices: z.array(z.string()),
      /** Present while the file is not usable; `config` is then the last good one. */
      rejected: ConfigErrorSchema.optional(),
    }),
    role: "admin",
    method: "GET",
    path: "/config",
    etag: true,
    summary: "Show the config, as the file states it or with all defaults",
  }),
  "config.replace": verb({
    input: z.strictObject({ ...candidateShape, if_match: ifMatch }),
    output: ConfigChangeSchema,
    role: "admin",
    method: "PUT",
    path: "/config",
    body: { field: "text", as: "text" },
    etag: true,
    aliases: [{ method: "POST", path: "/config/apply" }],
    summary: "Make the config state this and nothing else; comments of what stays are kept",
  }),
  "config.patch": verb({
    input: z.strictObject({ patch: json, if_match: ifMatch }),
    output: ConfigChangeSchema,
    role: "admin",
    method: "PATCH",
    path: "/config",
    body: { field: "patch", as: "json" },
    etag: true,
    summary: "Change keys of the config by a JSON merge patch; servers go by their name",
  }),
  "config.validate": verb({
    input: z.strictObject(candidateShape),
    output: z.object({
      valid: z.boolean(),
      config_path: z.string(),
      /** In the order of the text. */
      problems: z.array(ConfigProblemSchema),
      /** How many there are, if not all of them are listed. */
      total: z.int(),
      notices: z.array(z.string()),
    }),
    role: "admin",
    method: "POST",
    path: "/config/validate",
    body: { field: "text", as: "text" },
    summary: "Check a config, or the file, and say all that is wrong",
  }),
  "config.diff": verb({
    input: z.strictObject(candidateShape),
    output: z.object({
      config_path: z.string(),
      /** Whether a daemon runs, which the change would reach. */
      running: z.boolean(),
      version: z.int(),
      ...effectShape,
    }),
    role: "admin",
    method: "POST",
    path: "/config/diff",
    body: { field: "text", as: "text" },
    summary: "Say what a config, or the file as it is now, would do to the running daemon",
  }),
} as const;

/** One mistake in a config. */
export type ConfigProblem = z.output<typeof ConfigProblemSchema>;

/** How a change of the config takes effect on one server. */
export type ServerEffect = z.output<typeof ServerEffectSchema>;

/** What a change of the config does. */
export type ConfigEffect = z.output<z.ZodObject<typeof effectShape>>;
