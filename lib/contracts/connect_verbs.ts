/**
 * The verbs that put the gateway into the config files of MCP clients.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const client = z.string().min(1).max(64);
/** Name of the gateway's entry in the client's file. */
const serverName = z.string().min(1).max(64).regex(/^[A-Za-z0-9._-]+$/, {
  error: "wanted letters, digits, dots, underscores or hyphens",
}).default("mcpproxy");
const force = z.boolean().default(false);

/** How a client's file is, as far as one may look at it. */
const accessState = z.enum(["accessible", "absent", "malformed", "denied"]);

/** A client and whether it knows the gateway. */
export const ClientStatusSchema = z.object({
  client: z.string(),
  title: z.string(),
  config_path: z.string(),
  format: z.enum(["json", "toml"]),
  /** The client has left traces on this machine. */
  installed: z.boolean(),
  access_state: accessState,
  /** It has an entry that leads to this gateway. */
  connected: z.boolean(),
  /** It has an entry of this name that leads elsewhere. */
  conflicting: z.boolean(),
  /** Why nothing can be done with the file as it is. */
  problem: z.string().optional(),
  /** Copies of the file from before it was changed, the newest first. */
  backups: z.array(z.string()),
});

const ConnectResultSchema = z.object({
  client: z.string(),
  title: z.string(),
  config_path: z.string(),
  server_name: z.string(),
  action: z.enum(["created", "updated", "already_exists", "removed", "not_found", "restored"]),
  /** Copy of the file as it was before. */
  backup_path: z.string().optional(),
  /** Name of the agent token in the entry, or of the one that went with it. */
  token: z.string().optional(),
  warnings: z.array(z.string()),
});

/** Verbs of the group `connect`. */
export const CONNECT_VERBS = {
  "connect.list": verb({
    input: z.strictObject({}),
    tagged: true,
    output: z.object({ clients: z.array(ClientStatusSchema) }),
    role: "admin",
    method: "GET",
    path: "/connect",
    summary: "List the MCP clients of this machine and whether they know the gateway",
  }),
  "connect.get": verb({
    input: z.strictObject({ client, server_name: serverName }),
    output: ClientStatusSchema,
    role: "admin",
    method: "GET",
    path: "/connect/{client}",
    summary: "Say whether one MCP client knows the gateway",
  }),
  "connect.preview": verb({
    input: z.strictObject({ client, server_name: serverName }),
    output: z.object({
      client: z.string(),
      title: z.string(),
      config_path: z.string(),
      format: z.enum(["json", "toml"]),
      /** Key below which the entry goes. */
      server_key: z.string(),
      server_name: z.string(),
      /** The token in it is masked; the real one is made when it is written. */
      entry: z.record(z.string(), z.unknown()),
      entry_text: z.string(),
      entry_exists: z.boolean(),
      contains_api_key: z.boolean(),
      /** A program of its own speaks HTTP for the client. */
      bridge: z.boolean(),
      access_state: accessState,
      existing_entry_summary: z.object({
        entry_name: z.string(),
        endpoint: z.string().optional(),
        command: z.string().optional(),
        header_names: z.array(z.string()),
        env_names: z.array(z.string()),
      }).optional(),
      /** Holds for the file as it is now. */
      precondition_token: z.string(),
      connect_refusal: z.string().optional(),
    }),
    role: "admin",
    method: "GET",
    path: "/connect/{client}/preview",
    summary: "Show what would be put into the file of a client",
  }),
  "connect.add": verb({
    input: z.strictObject({
      client,
      server_name: serverName,
      force,
      /** From the preview: the file must be as it was then. */
      precondition_token: z.string().max(200).optional(),
    }),
    output: ConnectResultSchema,
    role: "admin",
    method: "POST",
    path: "/connect/{client}",
    summary: "Put the gateway into the file of a client; a copy of the file is kept",
  }),
  "connect.undo": verb({
    input: z.strictObject({
      client,
      server_name: serverName,
      force,
      /** The newest when absent. */
      backup_name: z.string().max(300).optional(),
    }),
    output: ConnectResultSchema,
    role: "admin",
    method: "POST",
    path: "/connect/{client}/undo",
    summary: "Put the file of a client back as it was before it was last changed",
  }),
  "connect.remove": verb({
    input: z.strictObject({ client, server_name: serverName }),
    output: ConnectResultSchema,
    role: "admin",
    method: "DELETE",
    path: "/connect/{client}",
    summary: "Take the gateway out of the file of a client; a copy of the file is kept",
  }),
} as const;

/** A client and whether it knows the gateway. */
export type ClientStatus = z.output<typeof ClientStatusSchema>;

/** What was done to the file of a client. */
export type ConnectResult = z.output<typeof ConnectResultSchema>;
