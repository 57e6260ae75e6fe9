/**
 * Verbs about single servers: their list, their entries, their life and their logs.
 *
 * @module
 */

import { z } from "zod";
import { nextShape, pageShape, wholeNumber } from "./params.ts";
import { ServerViewSchema } from "./server.ts";
import { ServerConfigSchema } from "./server_config.ts";
import { ToolViewSchema } from "./tool_verbs.ts";
import { verb } from "./verb.ts";

// In REST a path says only that a name stands there; whether it exists is the service's answer.
const name = z.string().min(1).max(256);
const named = z.strictObject({ name });

const ActionResultSchema = z.object({
  server: z.string(),
  action: z.string(),
  success: z.literal(true),
  message: z.string().optional(),
});

/** Counts over all servers. */
export const statsShape = {
  total_servers: z.int(),
  connected_servers: z.int(),
  quarantined_servers: z.int(),
  total_tools: z.int(),
};

/** One line of a server's log. */
export const LogLineSchema = z.object({
  timestamp: z.string(),
  level: z.string(),
  message: z.string(),
  server: z.string(),
});

/** A new server; `quarantined` is decided by the gateway when absent. */
export const AddServerSchema = ServerConfigSchema;

const { name: _name, ...patchable } = ServerConfigSchema.shape;

/** Changes to a server: an absent field stays, `null` clears it; in `env` and `headers` too. */
export const ServerPatchSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(patchable).map(([key, schema]) => [key, optionalOrNull(key, schema)]),
  ),
);

function optionalOrNull(key: string, schema: z.ZodType): z.ZodType {
  if (key === "env" || key === "headers") {
    return z.record(z.string().min(1), z.string().nullable()).nullable().optional();
  }
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() as z.ZodType : schema;
  return inner.nullable().optional();
}

/** Verbs of the group `servers` about one server, and their list. */
export const SERVER_VERBS = {
  "servers.list": verb({
    input: z.strictObject(pageShape),
    output: z.object({ servers: z.array(ServerViewSchema), stats: z.object(statsShape), ...nextShape }),
    tagged: true,
    role: "agent",
    method: "GET",
    path: "/servers",
    summary: "List all servers with their health",
  }),
  "servers.get": verb({
    input: named,
    tagged: true,
    output: ServerViewSchema,
    role: "agent",
    method: "GET",
    path: "/servers/{name}",
    summary: "Show one server",
  }),
  "servers.add": verb({
    input: AddServerSchema,
    output: ActionResultSchema.extend({ quarantined: z.boolean(), warnings: z.array(z.string()).optional() }),
    role: "admin",
    method: "POST",
    path: "/servers",
    summary: "Add a server, held in quarantine unless said otherwise",
  }),
  "servers.update": verb({
    input: z.strictObject({ name, patch: ServerPatchSchema }),
    output: ActionResultSchema.extend({ restart_required: z.boolean() }),
    role: "admin",
    method: "PATCH",
    path: "/servers/{name}",
    body: { field: "patch", as: "json" },
    summary: "Change fields of a server",
  }),
  "servers.remove": verb({
    input: named,
    output: ActionResultSchema,
    role: "admin",
    method: "DELETE",
    path: "/servers/{name}",
    summary: "Remove a server from the config",
  }),
  "servers.enable": verb({
    input: named,
    output: ActionResultSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/enable",
    summary: "Enable a server",
  }),
  "servers.disable": verb({
    input: named,
    output: ActionResultSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/disable",
    summary: "Disable a server and stop it",
  }),
  "servers.restart": verb({
    input: named,
    output: ActionResultSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/restart",
    needsDaemon: true,
    summary: "Stop a server and start it again",
  }),
  "servers.tools": verb({
    input: named,
    tagged: true,
    output: z.object({ server_name: z.string(), tools: z.array(ToolViewSchema), count: z.int() }),
    role: "agent",
    method: "GET",
    path: "/servers/{name}/tools",
    summary: "List the tools of one server",
  }),
  "servers.logs": verb({
    input: z.strictObject({ name, tail: wholeNumber({ min: 1, max: 10_000 }).default(100) }),
    output: z.object({ server_name: z.string(), logs: z.array(LogLineSchema), count: z.int() }),
    role: "admin",
    method: "GET",
    path: "/servers/{name}/logs",
    summary: "Read the last lines of a server's log",
  }),
} as const;

/** One log line. */
export type LogLine = z.output<typeof LogLineSchema>;
