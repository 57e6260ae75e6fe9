/**
 * Verbs about the gateway as a whole, and about all servers at once.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const nothing = z.strictObject({});
const named = z.strictObject({ name: z.string().min(1).max(256) });

/** What a verb over many servers has done. */
export const BulkResultSchema = z.object({
  total: z.int(),
  successful: z.int(),
  failed: z.int(),
  /** What was wrong, by server. */
  errors: z.record(z.string(), z.string()),
});

const ActionSchema = z.object({ server: z.string(), action: z.string(), success: z.literal(true) });

const bulk = (path: string, summary: string, needsDaemon?: true) =>
  verb({
    input: nothing,
    output: BulkResultSchema,
    role: "admin",
    method: "POST",
    path,
    summary,
    needsDaemon,
  });

/** Verbs of the group `gateway`, and those of the group `servers` that concern all of them. */
export const GATEWAY_VERBS = {
  "gateway.info": verb({
    input: nothing,
    output: z.object({
      version: z.string(),
      edition: z.string(),
      pid: z.int(),
      listen_addr: z.string(),
      web_ui_url: z.string(),
      endpoints: z.object({ http: z.string(), socket: z.string() }),
    }),
    role: "agent",
    method: "GET",
    path: "/info",
    summary: "Show version and addresses",
  }),
  "gateway.routing": verb({
    input: nothing,
    output: z.object({
      routing_mode: z.string(),
      description: z.string(),
      endpoints: z.record(z.string(), z.string()),
      available_modes: z.array(z.string()),
    }),
    role: "agent",
    method: "GET",
    path: "/routing",
    summary: "Show how clients meet the servers, and at which endpoints",
  }),
  "servers.enable_all": bulk("/servers/enable_all", "Enable every server"),
  "servers.disable_all": bulk("/servers/disable_all", "Disable every server and stop it"),
  "servers.restart_all": bulk("/servers/restart_all", "Stop every server that runs and start it again", true),
  "servers.reconnect": verb({
    input: z.strictObject({
      /** Why, for the record. */
      reason: z.string().max(200).optional(),
    }),
    output: BulkResultSchema,
    role: "admin",
    method: "POST",
    path: "/servers/reconnect",
    summary: "Try every server again that is not connected",
    needsDaemon: true,
  }),
  "servers.quarantine": verb({
    input: named,
    output: ActionSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/quarantine",
    summary: "Hold a server in quarantine",
  }),
  "servers.unquarantine": verb({
    input: named,
    output: ActionSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/unquarantine",
    summary: "Let a server out of quarantine",
  }),
  "servers.discover": verb({
    input: named,
    output: ActionSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/discover-tools",
    aliases: [{ method: "POST", path: "/servers/{name}/refresh" }],
    needsDaemon: true,
    summary: "Ask a server for its tools again; they come within seconds",
  }),
  "tools.annotations": verb({
    input: nothing,
    output: z.object({
      total_tools: z.int(),
      annotated_tools: z.int(),
      coverage_percent: z.number(),
      servers: z.array(z.object({ name: z.string(), total_tools: z.int(), annotated_tools: z.int() })),
    }),
    role: "agent",
    method: "GET",
    path: "/annotations/coverage",
    summary: "Show how many tools say what they do",
  }),
} as const;
