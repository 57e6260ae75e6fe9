/**
 * The verbs by which people and their programs are let in.
 *
 * @module
 */

import { z } from "zod";
import { PERMISSIONS } from "./caller.ts";
import { verb } from "./verb.ts";

/** Verbs of the group `access`. */
export const ACCESS_VERBS = {
  "access.sign_in_code": verb({
    input: z.strictObject({}),
    output: z.object({
      code: z.string(),
      /** The web page with the code; the part after `#` never leaves the browser. */
      url: z.string(),
      expires_at: z.string(),
    }),
    role: "admin",
    method: "POST",
    path: "/sign-in/code",
    summary: "Make a code with which a browser signs in to the web page, once and within a minute",
  }),
  "access.reset_key": verb({
    input: z.strictObject({}),
    output: z.object({
      /** The new key. */
      api_key: z.string(),
      /** Where it is kept, readable for its owner only. */
      file: z.string(),
      /** Browsers that have to sign in anew. */
      signed_out: z.int(),
    }),
    role: "admin",
    method: "POST",
    path: "/api-key/reset",
    summary: "Make a new admin key; the old one is refused from then on, and browsers have to sign in anew",
  }),
  "access.client_snippet": verb({
    input: z.strictObject({
      client: z.string().min(1).max(64),
      /** Name of the gateway in the client's file. */
      name: z.string().min(1).max(64).default("mcpproxy"),
      allowed_servers: z.array(z.string().min(1).max(256)).min(1).max(1_000).default(["*"]),
      permissions: z.array(z.enum(PERMISSIONS)).default([...PERMISSIONS]),
      profile_pin: z.string().min(1).max(64).optional(),
      expires_in: z.string().max(40).default("365d"),
    }),
    output: z.object({
      client: z.string(),
      title: z.string(),
      /** The client's own file. */
      path: z.string(),
      format: z.enum(["json", "toml"]),
      url: z.string(),
      /** Name of the token that was made for it. */
      token: z.string(),
      expires_at: z.string(),
      /** To be put into the file; holds the token, which is shown now and never again. */
      snippet: z.string(),
    }),
    role: "admin",
    method: "POST",
    path: "/clients/{client}/snippet",
    summary: "Make a token for an MCP client and what to put into its file",
  }),
} as const;
