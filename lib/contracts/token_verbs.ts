/**
 * The verbs about agent tokens.
 *
 * @module
 */

import { z } from "zod";
import { PERMISSIONS } from "./caller.ts";
import { verb } from "./verb.ts";

const named = z.strictObject({ name: z.string().min(1).max(64) });

/** Names are typed on command lines and stand in labels, so they are plain. */
const TokenNameSchema = z.string().max(64).regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
  error: "wanted a letter or digit, then letters, digits, _ and -",
});

/** A token as lists show it: never its text. */
export const TokenViewSchema = z.object({
  name: z.string(),
  /** First characters of the token. */
  prefix: z.string(),
  allowed_servers: z.array(z.string()),
  permissions: z.array(z.enum(PERMISSIONS)),
  profile_pin: z.string().optional(),
  max_concurrent: z.int(),
  status: z.enum(["active", "expired", "revoked"]),
  created_at: z.string(),
  expires_at: z.string(),
  last_used_at: z.string().optional(),
});

/** A token that was just made, with its text. */
const NewTokenSchema = TokenViewSchema.extend({
  /** Shown now and never again. */
  token: z.string(),
});

/** Verbs of the group `tokens`. */
export const TOKEN_VERBS = {
  "tokens.list": verb({
    input: z.strictObject({}),
    tagged: true,
    output: z.object({ tokens: z.array(TokenViewSchema) }),
    role: "admin",
    method: "GET",
    path: "/tokens",
    summary: "List the agent tokens, without their texts",
  }),
  "tokens.get": verb({
    input: named,
    output: TokenViewSchema,
    role: "admin",
    method: "GET",
    path: "/tokens/{name}",
    summary: "Show one agent token, without its text",
  }),
  "tokens.create": verb({
    input: z.strictObject({
      name: TokenNameSchema,
      /** Names of servers, or `*` for all. */
      allowed_servers: z.array(z.string().min(1).max(256)).min(1).max(1_000).default(["*"]),
      /** `read` is always among them. */
      permissions: z.array(z.enum(PERMISSIONS)).default(["read"]),
      /** Days such as `30d`, or a duration such as `12h`; at most `365d`. */
      expires_in: z.string().max(40).default("30d"),
      /** The only profile that the token may use. */
      profile_pin: z.string().min(1).max(64).optional(),
      /** Calls that may be in flight at once. */
      max_concurrent: z.int().min(1).max(10_000).default(64),
    }),
    output: NewTokenSchema,
    role: "admin",
    method: "POST",
    path: "/tokens",
    summary: "Make an agent token; its text is in this answer only",
  }),
  "tokens.revoke": verb({
    input: named,
    output: TokenViewSchema,
    role: "admin",
    method: "DELETE",
    path: "/tokens/{name}",
    summary: "End an agent token at once, open streams included; it stays in the list",
  }),
  "tokens.remove": verb({
    input: named,
    output: z.object({ name: z.string(), action: z.literal("delete"), success: z.literal(true) }),
    role: "admin",
    method: "DELETE",
    path: "/tokens/{name}/permanent",
    summary: "End an agent token and forget it",
  }),
  "tokens.regenerate": verb({
    input: named,
    output: NewTokenSchema,
    role: "admin",
    method: "POST",
    path: "/tokens/{name}/regenerate",
    summary: "Give an agent token another text and its whole life anew; the old text ends at once",
  }),
} as const;

/** A token as lists show it. */
export type TokenView = z.output<typeof TokenViewSchema>;
