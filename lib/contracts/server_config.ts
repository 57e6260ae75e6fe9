/**
 * One entry of `mcpServers`, key by key as it stands in `config.json`.
 *
 * @module
 */

import { z } from "zod";
import { isDuration } from "./duration.ts";

/** How a changed field takes effect. */
export type Apply = "live" | "server" | "daemon";

/** Adds to a field its description and how a change of it applies. */
export function field<T extends z.ZodType>(schema: T, apply: Apply, description: string): T {
  return schema.meta({ description, apply });
}

/** A duration string such as `"30s"`. */
export const DurationSchema = z.string().refine(isDuration, {
  error: 'wanted a duration such as "30s", "2m" or "1h30m"',
});

/** Name of a server: 1 to 64 letters, digits, `.`, `_` or `-`, no leading dot. */
export const ServerNameSchema = z.string().regex(/^(?!\.)[A-Za-z0-9._-]{1,64}$/, {
  error: "wanted 1 to 64 letters, digits, dots, underscores or hyphens, not starting with a dot",
});

const text = z.string().min(1);
const textMap = z.record(z.string().min(1), z.string());
const count = z.int().min(0);

/** Wire formats of an upstream; `auto` decides from `command` and `url`. */
export const ProtocolSchema = z.enum(["auto", "stdio", "http", "streamable-http", "sse"]);

/** How tools of a server come to be accepted. */
export const TrustModeSchema = z.enum(["auto", "scan", "manual"]);

const IsolationSchema = z.strictObject({
  enabled: z.boolean().optional(),
  mode: z.enum(["docker", "sandbox", "bubblewrap", "auto", "none"]).optional(),
  image: text.optional(),
  network_mode: text.optional(),
  extra_args: z.array(z.string()).optional(),
  working_dir: text.optional(),
  allow_dangerous: z.boolean().optional(),
  log_driver: z.string().optional(),
  log_max_size: z.string().optional(),
  log_max_files: z.string().optional(),
});

const OAuthSchema = z.strictObject({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  redirect_uri: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  pkce_enabled: z.boolean().optional(),
  extra_params: textMap.optional(),
});

const shape = {
  name: field(
    ServerNameSchema,
    "server",
    "Unique name of the server; the part of a tool id before the colon",
  ),
  command: field(text.optional(), "server", "Program to start for a stdio server"),
  args: field(z.array(z.string()).default([]), "server", "Arguments of the program"),
  env: field(
    textMap.default({}),
    "server",
    "Environment variables for the program; ${env:NAME} and ${file:/path} work",
  ),
  ignore_install_scripts: field(
    z.boolean().optional(),
    "server",
    "Whether npx and its kin skip the install scripts of packages, in place of the global key",
  ),
  working_dir: field(
    text.optional(),
    "server",
    "Directory the program starts in; relative to the config file",
  ),
  url: field(text.optional(), "server", "URL of an HTTP server"),
  headers: field(
    textMap.default({}),
    "server",
    "HTTP headers for every request; ${env:NAME} and ${file:/path} work",
  ),
  protocol: field(
    ProtocolSchema.default("auto"),
    "server",
    "Wire format; auto tries Streamable HTTP, then SSE, for a URL",
  ),
  enabled: field(z.boolean().default(true), "server", "Whether the server is used at all"),
  quarantined: field(
    z.boolean().optional(),
    "server",
    "true holds the server back, false lets it in; absent means held until a person accepts it",
  ),
  trust_mode: field(
    TrustModeSchema.default("manual"),
    "live",
    "How new and changed tools come to be accepted",
  ),
  init_timeout: field(DurationSchema.optional(), "live", "Time for start, handshake and first tool list"),
  health_check_interval: field(
    DurationSchema.optional(),
    "live",
    "Time between pings when idle; 0 turns them off",
  ),
  tool_discovery_interval: field(
    DurationSchema.optional(),
    "live",
    "Time between tool lists; 0 turns them off",
  ),
  idle_timeout: field(DurationSchema.optional(), "live", "Stops an unused stdio server after this time"),
  reconnect_on_use: field(
    z.boolean().default(false),
    "live",
    "Reconnects at once when a call needs the server",
  ),
  connection: field(
    z.enum(["shared", "session"]).default("shared"),
    "server",
    "One connection for all clients, or one each",
  ),
  enabled_tools: field(z.array(text).optional(), "live", "Only these tools are offered"),
  disabled_tools: field(z.array(text).optional(), "live", "These tools are not offered"),
  sensitive_data: field(
    z.enum(["off", "annotate", "mask", "block"]).optional(),
    "live",
    "What is done about secrets in its calls, in place of the global actions",
  ),
  spotlight: field(
    z.enum(["off", "untrusted", "always"]).optional(),
    "live",
    "Marks around text of its results, in place of output_sanitisation.spotlight_untrusted",
  ),
  output_validation: field(
    z.enum(["off", "warn", "strict"]).optional(),
    "live",
    "Check of its structured results, in place of output_validation.mode",
  ),
  verify_on_call: field(
    z.boolean().optional(),
    "live",
    "Asks for its list before the first call of a tool on a connection, in place of the global key",
  ),
  verify_max_age: field(
    DurationSchema.optional(),
    "live",
    "Time after which it is asked again, in place of the global key",
  ),
  max_concurrent_requests: field(
    count.optional(),
    "live",
    "Calls at once; 0 means no limit, absent inherits",
  ),
  queue_size: field(count.optional(), "live", "Calls that may wait; 0 means none, absent inherits"),
  queue_timeout: field(
    DurationSchema.optional(),
    "live",
    "Longest wait in the queue; 30s if nothing is said, 0 means as long as the caller waits",
  ),
  oauth: field(OAuthSchema.nullish(), "server", "OAuth client settings; an empty object asks for OAuth"),
  isolation: field(IsolationSchema.optional(), "server", "Confinement of a stdio server"),
  expose_prompts: field(z.boolean().optional(), "live", "Whether prompts of the server are offered"),
  toon_output: field(z.enum(["off", "adaptive", "always"]).optional(), "live", "Tabular encoding of results"),
  launcher_wait_timeout: field(
    DurationSchema.optional(),
    "server",
    "Wait for the URL after starting the command",
  ),
  shared: field(z.boolean().optional(), "live", "Read and kept for mcpproxy-go files; no effect"),
  created: field(z.string().optional(), "live", "When the entry was made"),
  updated: field(z.string().optional(), "live", "When the entry was last changed"),
  skip_quarantine: field(z.boolean().optional(), "server", "Deprecated; use quarantined and trust_mode"),
  auto_approve_tool_changes: field(z.boolean().optional(), "live", "Deprecated; use trust_mode"),
  source_registry_id: field(z.string().optional(), "live", "Registry the entry came from"),
  source_registry_provenance: field(z.string().optional(), "live", "Provenance of that registry"),
  auth_broker: field(
    z.record(z.string(), z.unknown()).optional(),
    "live",
    "Read and kept for mcpproxy-go files; no effect",
  ),
};

/** Schema of one server entry; unknown keys are refused. */
export const ServerConfigSchema = z.strictObject(shape);

/** One configured upstream server with all defaults filled in. */
export type ServerConfig = z.output<typeof ServerConfigSchema>;

/** One server entry as a person writes it. */
export type ServerConfigInput = z.input<typeof ServerConfigSchema>;

/** Every key a server entry may have. */
export const SERVER_KEYS: readonly string[] = Object.keys(shape);

/** The wire format an entry asks for; `http` stands for "detect by trying". */
export type Wire = "stdio" | "http" | "streamable-http" | "sse";

/**
 * Decides the wire format of an entry: an explicit protocol wins, then
 * `command` means stdio, then `url` means HTTP.
 */
export function wireOf(server: Pick<ServerConfig, "protocol" | "command" | "url">): Wire {
  if (server.protocol !== "auto") return server.protocol;
  return server.command !== undefined ? "stdio" : "http";
}
