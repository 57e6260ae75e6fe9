/**
 * The verbs about secrets that are kept by name. Values go in and never come
 * out: no verb gives one.
 *
 * @module
 */

import { z } from "zod";
import { flag } from "./params.ts";
import { verb } from "./verb.ts";

/** Names are typed on command lines and stand in references, so they are plain. */
const name = z.string().max(128).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: "wanted a letter or digit, then letters, digits, dots, _ and -",
});

/** A secret as lists show it. */
export const SecretViewSchema = z.object({
  /** Of the secret, of the environment variable, or path of the file. */
  name: z.string(),
  /** Where its value is; kept here when absent. */
  kind: z.enum(["env", "file"]).optional(),
  /** Goes into the config in its place: `${keyring:NAME}`. */
  reference: z.string(),
  /** Whether there is a value; a name that is only referred to has none. */
  stored: z.boolean(),
  /** Servers that refer to it. */
  servers: z.array(z.string()),
});

/** A secret that stands plainly in the config, and where it goes. */
export const SecretMoveSchema = z.object({
  server: z.string(),
  scope: z.enum(["env", "headers"]),
  key: z.string(),
  name: z.string(),
  reference: z.string(),
});

/** Verbs of the group `secrets`. */
export const SECRET_VERBS = {
  "secrets.list": verb({
    input: z.strictObject({
      /** Also what servers take from environment variables and files. */
      all: flag().default(false),
    }),
    tagged: true,
    output: z.object({
      store: z.enum(["keyring", "file"]),
      secrets: z.array(SecretViewSchema),
      total: z.int(),
      /** How many are referred to and have no value. */
      missing: z.int(),
    }),
    role: "admin",
    method: "GET",
    path: "/secrets",
    aliases: [{ method: "GET", path: "/secrets/refs" }, { method: "GET", path: "/secrets/config" }],
    summary: "List the secrets by name, with the servers that use them; never their values",
  }),
  "secrets.set": verb({
    input: z.strictObject({
      name,
      value: z.string().min(1).max(64 * 1024).refine((value) => !value.includes("\0"), {
        error: "wanted a text without null characters",
      }),
      /** The only one there is. */
      type: z.literal("keyring").default("keyring"),
    }),
    output: z.object({
      name: z.string(),
      type: z.literal("keyring"),
      reference: z.string(),
      message: z.string(),
      /** Whether it is another value than before. */
      changed: z.boolean(),
      /** Servers that are started anew with it. */
      restarted: z.array(z.string()),
    }),
    role: "admin",
    method: "POST",
    path: "/secrets",
    summary: "Keep a secret under a name; servers that use it are restarted",
  }),
  "secrets.delete": verb({
    // In REST a path says only that a name stands there; whether it exists is the service's answer.
    input: z.strictObject({
      name: z.string().min(1).max(256),
      type: z.literal("keyring").default("keyring"),
    }),
    output: z.object({
      name: z.string(),
      action: z.literal("delete"),
      success: z.literal(true),
      restarted: z.array(z.string()),
    }),
    role: "admin",
    method: "DELETE",
    path: "/secrets/{name}",
    summary: "Delete a secret; servers that use it fail until it is set again",
  }),
  "secrets.move": verb({
    input: z.strictObject({
      /** The server whose entry holds it. */
      name: z.string().min(1).max(256),
      scope: z.enum(["env", "header"]),
      /** Name of the variable or header. */
      key: z.string().min(1).max(256),
      /** Name to keep it under; made of server and key when absent. */
      secret_name: name.optional(),
    }),
    output: z.object({
      server: z.string(),
      name: z.string(),
      reference: z.string(),
      message: z.string(),
    }),
    role: "admin",
    method: "POST",
    path: "/servers/{name}/config-to-secret",
    summary: "Move one value of a server's env or headers out of the config, whatever it is",
  }),
  "secrets.migrate": verb({
    input: z.strictObject({
      /** Only looks when absent or `false`. */
      apply: z.boolean().default(false),
    }),
    output: z.object({
      dry_run: z.boolean(),
      store: z.enum(["keyring", "file"]),
      moves: z.array(SecretMoveSchema),
      total: z.int(),
    }),
    role: "admin",
    method: "POST",
    path: "/secrets/migrate",
    summary:
      "Find secrets that stand plainly in env and headers, and move them out of the config if asked to",
  }),
} as const;

/** A secret as lists show it. */
export type SecretView = z.output<typeof SecretViewSchema>;

/** A secret that stands plainly in the config, and where it goes. */
export type SecretMove = z.output<typeof SecretMoveSchema>;
