/**
 * The verbs of the Management contract, each with its input, its output, the
 * right it needs and its place in REST.
 *
 * @module
 */

import { z } from "zod";
import { ActivityHealthSchema } from "./activity_report.ts";
import { ACTIVITY_VERBS } from "./activity_verbs.ts";
import { ServerConfigSchema } from "./server_config.ts";
import { HealthSchema, ServerViewSchema } from "./server.ts";
import { CALL_VARIANTS, type ToolResult } from "./tool.ts";
import { REGISTRY_VERBS } from "./registry_verbs.ts";
import { CONNECT_VERBS } from "./connect_verbs.ts";
import { ACCESS_VERBS } from "./access_verbs.ts";
import { CONFIG_VERBS, ConfigErrorSchema } from "./config_verbs.ts";
import { ConcurrencySchema } from "./concurrency.ts";
import { APPROVAL_VERBS } from "./approval_verbs.ts";
import { EVENT_VERBS } from "./event.ts";
import { DIAGNOSTIC_VERBS } from "./diagnostics.ts";
import { GATEWAY_VERBS } from "./gateway_verbs.ts";
import { PREFLIGHT_VERBS } from "./preflight.ts";
import { flag, nextShape, pageShape, wholeNumber } from "./params.ts";
import { IMPORT_VERBS } from "./import_verbs.ts";
import { PROFILE_VERBS } from "./profile_verbs.ts";
import { SESSION_VERBS } from "./session_verbs.ts";
import { SECRET_VERBS } from "./secret_verbs.ts";
import { TOKEN_VERBS } from "./token_verbs.ts";
import { STATS_VERBS } from "./stats_verbs.ts";
import { verb } from "./verb.ts";

export type { Role, Verb, VerbMethod } from "./verb.ts";

// In REST a path says only that a name stands there; whether it exists is the service's answer.
const name = z.string().min(1).max(256);
const named = z.strictObject({ name });

const ActionResultSchema = z.object({
  server: z.string(),
  action: z.string(),
  success: z.literal(true),
  message: z.string().optional(),
});

const statsShape = {
  total_servers: z.int(),
  connected_servers: z.int(),
  quarantined_servers: z.int(),
  total_tools: z.int(),
};

/** A tool as lists show it. */
export const ToolViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  server_name: z.string(),
  title: z.string().optional(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()),
  annotations: z.record(z.string(), z.unknown()).optional(),
  call_with: z.string(),
  usage: z.int(),
  last_used: z.string().optional(),
  disabled: z.boolean(),
  server_health: HealthSchema,
});

/** Present when servers are missing from a list: their tools are not known. */
const partialShape = {
  partial: z.boolean().optional(),
  failed_servers: z.array(z.object({ name: z.string(), error: z.string() })).optional(),
};

/** One line of a server's log. */
export const LogLineSchema = z.object({
  timestamp: z.string(),
  level: z.string(),
  message: z.string(),
  server: z.string(),
});

/** What stands behind a score: `words * verb + server + name`. */
const SearchExplanationSchema = z.object({
  words: z.number(),
  verb: z.number(),
  server: z.number(),
  name: z.number(),
  /** What each word of the query has found in the tool, with the fields it stands in; the scores add up to `words`. */
  terms: z.array(z.object({
    word: z.string(),
    matched: z.string(),
    how: z.string(),
    score: z.number(),
    fields: z.record(z.string(), z.number()),
  })),
});

const SearchResultSchema = z.object({
  tool: ToolViewSchema,
  score: z.number(),
  snippet: z.string(),
  matches: z.int(),
  explanation: SearchExplanationSchema.optional(),
});

/** The gateway itself. */
export const StatusSchema = z.object({
  running: z.boolean(),
  version: z.string(),
  edition: z.string(),
  pid: z.int().optional(),
  listen_addr: z.string(),
  mcp_url: z.string(),
  socket_path: z.string(),
  config_path: z.string(),
  config_version: z.int(),
  data_dir: z.string(),
  uptime_seconds: z.number(),
  phase: z.string(),
  routing_mode: z.string(),
  require_mcp_auth: z.boolean(),
  api_key: z.string(),
  upstream_stats: z.object({ ...statsShape, connecting_servers: z.int() }),
  tools_indexed: z.int(),
  /** Calls of tools since the database was made. */
  tool_calls: z.int().optional(),
  /** Calls under a limit: those that run, those that wait, and those turned away since the start. */
  concurrency: ConcurrencySchema.optional(),
  memory_mb: z.number(),
  /** Why the config file as it is now is not in force. */
  config_error: ConfigErrorSchema.optional(),
  /** How the database does; `degraded` means that a person should know of something. */
  storage: z.object({
    level: z.enum(["healthy", "degraded"]),
    summary: z.string(),
    remedy: z.string().optional(),
    /** Changes that are not on the disk yet. */
    pending: z.int(),
    /** Changes that were given up since the start. */
    lost: z.int(),
    /** File of a damaged database that was set aside. */
    set_aside: z.string().optional(),
  }).optional(),
  /** How the record of activity does; absent without a daemon. */
  activity: ActivityHealthSchema.optional(),
  /** Keys whose new values wait for a restart of the daemon. */
  restart_required: z.array(z.string()),
  timestamp: z.string(),
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

const ToolResultSchema: z.ZodType<ToolResult> = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
});

/** Every verb by `group.name`. */
export const VERBS = {
  ...ACCESS_VERBS,
  ...ACTIVITY_VERBS,
  ...CONFIG_VERBS,
  ...EVENT_VERBS,
  ...APPROVAL_VERBS,
  ...STATS_VERBS,
  ...PREFLIGHT_VERBS,
  ...GATEWAY_VERBS,
  ...DIAGNOSTIC_VERBS,
  ...IMPORT_VERBS,
  ...CONNECT_VERBS,
  ...PROFILE_VERBS,
  ...SESSION_VERBS,
  ...SECRET_VERBS,
  ...TOKEN_VERBS,
  ...REGISTRY_VERBS,
  "status.get": verb({
    input: z.strictObject({ show_key: flag().optional() }),
    output: StatusSchema,
    role: "agent",
    method: "GET",
    path: "/status",
    summary: "Show the gateway, its addresses and counts",
  }),
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
    output: ActionResultSchema.extend({ quarantined: z.boolean() }),
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
  "tools.list": verb({
    input: z.strictObject(pageShape),
    tagged: true,
    output: z.object({
      tools: z.array(ToolViewSchema),
      stats: z.object({ total: z.int(), enabled: z.int(), disabled: z.int(), pending_approval: z.int() }),
      ...partialShape,
      ...nextShape,
    }),
    role: "agent",
    method: "GET",
    path: "/tools",
    summary: "List the tools of all servers",
  }),
  "tools.search": verb({
    input: z.strictObject({
      q: z.string().min(1).max(10_000),
      limit: wholeNumber({ min: 1, max: 100 }).optional(),
      /** Says of each result which words matched where. */
      explain: flag().optional(),
    }),
    output: z.object({
      query: z.string(),
      results: z.array(SearchResultSchema),
      total: z.int(),
      took: z.string(),
      /** With `explain`: words of the query that no tool has. */
      unknown_words: z.array(z.string()).optional(),
      ...partialShape,
    }),
    role: "agent",
    method: "GET",
    path: "/index/search",
    summary: "Search the tools of all servers",
  }),
  "calls.call": verb({
    input: z.strictObject({
      tool_name: z.string().min(1).max(512),
      arguments: z.record(z.string(), z.unknown()).default({}),
      variant: z.enum(CALL_VARIANTS).optional(),
    }),
    output: ToolResultSchema,
    role: "agent",
    method: "POST",
    path: "/tools/call",
    summary: "Call a tool as server:tool, or one of the gateway's own tools",
  }),
} as const;

/** Name of a verb. */
export type VerbName = keyof typeof VERBS;

/** What a caller passes to a verb. */
export type VerbInput<N extends VerbName> = z.input<typeof VERBS[N]["input"]>;

/** What a verb works on after its input was checked. */
export type VerbParsed<N extends VerbName> = z.output<typeof VERBS[N]["input"]>;

/** What a verb answers. */
export type VerbOutput<N extends VerbName> = z.output<typeof VERBS[N]["output"]>;

/** One tool in a list. */
export type ToolView = z.output<typeof ToolViewSchema>;

/** One log line. */
export type LogLine = z.output<typeof LogLineSchema>;

/** The gateway's state. */
export type Status = z.output<typeof StatusSchema>;
