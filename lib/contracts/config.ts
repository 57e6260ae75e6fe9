/**
 * The whole of `config.json`, key by key, with defaults. Keys, defaults and
 * meanings are those of mcpproxy-go, so that its users' files work unchanged.
 *
 * @module
 */

import { z } from "zod";
import {
  IntentDeclarationSchema,
  OutputSanitisationSchema,
  OutputValidationSchema,
  SensitiveDataSchema,
  SessionFlowSchema,
} from "./call_policies.ts";
import {
  count,
  DockerIsolationSchema,
  EmbeddingsSchema,
  EnvironmentSchema,
  ExposureSchema,
  LimiterSchema,
  LoggingSchema,
  ObservabilitySchema,
  ProfileSchema,
} from "./config_sections.ts";
import { FeaturesSchema } from "./features.ts";
import { DurationSchema, field, ServerConfigSchema } from "./server_config.ts";

const loose = z.looseObject({});

const shape = {
  $schema: field(z.string().optional(), "live", "JSON Schema of this file, for editors"),
  listen: field(
    z.string().default("127.0.0.1:8080"),
    "daemon",
    "TCP address of MCP, REST and UI, as host:port",
  ),
  data_dir: field(z.string().min(1).optional(), "daemon", "Directory of database, socket and logs"),
  enable_socket: field(z.boolean().default(true), "daemon", "Opens the local control socket"),
  tray_endpoint: field(z.string().default(""), "daemon", "Overrides the socket path, as unix:///path"),
  api_key: field(
    z.string().min(1).optional(),
    "daemon",
    "Admin key of REST; made on first start when absent",
  ),
  require_mcp_auth: field(
    z.boolean().default(true),
    "live",
    "Asks /mcp clients on TCP for a key; false lets loopback in as an agent",
  ),
  trusted_hosts: field(
    z.array(z.string()).default([]),
    "live",
    "Further Host and Origin names; a leading dot means subdomains",
  ),
  mcpServers: field(z.array(ServerConfigSchema).default([]), "live", "The upstream servers"),
  profiles: field(z.array(ProfileSchema).default([]), "live", "Named subsets of servers"),
  quarantine_enabled: field(
    z.boolean().default(true),
    "live",
    "Holds new servers and changed tools until a person accepts them",
  ),
  routing_mode: field(
    z.enum(["retrieve_tools", "direct", "code_execution"]).default("retrieve_tools"),
    "live",
    "What /mcp offers",
  ),
  exposure: field(
    ExposureSchema.default("auto"),
    "live",
    "Whether /mcp lists tools of servers beside its own: auto does if the list is short, search never, direct always",
  ),
  exposure_threshold: field(
    count.default(3000),
    "live",
    "Longest list of tools, in tokens, that exposure auto shows directly",
  ),
  exposure_clients: field(
    z.record(z.string(), ExposureSchema).default({}),
    "live",
    "Exposure by the name a client calls itself, in place of exposure",
  ),
  tool_name_limit: field(
    z.int().min(24).max(128).default(64),
    "live",
    "Longest name of a tool or prompt that is offered directly, as server__tool",
  ),
  instructions: field(
    z.string().default(""),
    "live",
    "Text sent to clients in place of the built-in instructions",
  ),
  tools_limit: field(
    z.int().min(1).max(1000).default(15),
    "live",
    "Results of a search when the caller names no limit",
  ),
  embeddings: field(
    EmbeddingsSchema.prefault({}),
    "live",
    "Vectors of an endpoint that speaks OpenAI's embeddings API, added to the words of a search; tool texts and queries are sent there",
  ),
  tool_response_limit: field(
    count.default(20000),
    "live",
    "Longest result text in characters; 0 means no limit",
  ),
  tool_response_limit_direct: field(
    count.default(0),
    "live",
    "The same for tools called by their direct name; 0 hands their results over whole",
  ),
  tool_response_cache_mb: field(
    z.int().min(0).max(4096).default(64),
    "live",
    "Memory for what was cut from results; 0 keeps nothing",
  ),
  tool_response_cache_ttl: field(
    DurationSchema.default("2h"),
    "live",
    "How long what was cut can be read with read_cache",
  ),
  tool_response_mode: field(z.enum(["full", "compact"]).default("full"), "live", "Form of search results"),
  call_tool_timeout: field(DurationSchema.default("2m"), "live", "Longest tool call without progress"),
  init_timeout: field(
    DurationSchema.default("30s"),
    "live",
    "Time for start, handshake and first tool list of a server",
  ),
  health_check_interval: field(DurationSchema.default("30s"), "live", "Time between pings of an idle server"),
  tool_discovery_interval: field(DurationSchema.default("5m"), "live", "Time between tool lists of a server"),
  max_result_size_chars: field(count.default(500000), "live", "Size hint put on listed tools; 0 means none"),
  max_concurrent_requests: field(
    count.optional(),
    "live",
    "Calls at once over all servers; 0 means no limit",
  ),
  queue_size: field(count.optional(), "live", "Calls over all servers that may wait; none when absent"),
  queue_timeout: field(
    DurationSchema.optional(),
    "live",
    "Longest wait in the queue; 30s when absent, 0 means as long as the caller waits",
  ),
  server_concurrency_defaults: field(LimiterSchema.optional(), "live", "Limits for servers that set none"),
  http_read_timeout: field(
    DurationSchema.default("120s"),
    "daemon",
    "Longest time for the body of a request to arrive; 0 means no limit",
  ),
  http_write_timeout: field(DurationSchema.default("120s"), "daemon", "Longest time to write an answer"),
  http_idle_timeout: field(DurationSchema.default("180s"), "daemon", "Longest idle time of a connection"),
  environment: field(EnvironmentSchema.prefault({}), "live", "What stdio servers inherit of the environment"),
  forward_proxy_env: field(z.boolean().default(false), "live", "Passes proxy variables to stdio servers"),
  logging: field(LoggingSchema.prefault({}), "daemon", "Log files and levels"),
  read_only_mode: field(z.boolean().default(false), "live", "Refuses every change of servers"),
  disable_management: field(z.boolean().default(false), "live", "Hides management tools from agents"),
  allow_server_add: field(z.boolean().default(true), "live", "Allows adding servers"),
  allow_server_remove: field(z.boolean().default(true), "live", "Allows removing servers"),
  reveal_secret_headers: field(
    z.boolean().default(false),
    "live",
    "Shows header and environment values to admins",
  ),
  intent_declaration: field(IntentDeclarationSchema.prefault({}), "live", "Rules for the intent of a call"),
  session_flow: field(
    SessionFlowSchema.prefault({}),
    "live",
    "Writes of an agent to one server after it has read text of another",
  ),
  verify_on_call: field(
    z.boolean().default(false),
    "live",
    "Asks a server for its list before the first call of a tool on a connection, and refuses a tool that differs from what was accepted",
  ),
  verify_max_age: field(
    DurationSchema.default("0s"),
    "live",
    "Time after which verify_on_call asks again; 0 means once for each tool and connection",
  ),
  enable_prompts: field(z.boolean().default(true), "daemon", "Offers prompts"),
  aggregate_upstream_prompts: field(z.boolean().default(false), "live", "Offers prompts of servers"),
  debug_search: field(z.boolean().default(false), "live", "Adds search details to results"),
  toon_output: field(
    z.enum(["off", "adaptive", "always"]).default("off"),
    "live",
    "Tabular encoding of results",
  ),
  toon_min_savings_pct: field(
    z.int().min(0).max(90).default(15),
    "live",
    "Saving that tabular encoding must reach",
  ),
  enable_code_execution: field(z.boolean().default(false), "live", "Offers code execution"),
  code_execution_timeout_ms: field(z.int().min(0).max(600000).default(120000), "live", "Longest script run"),
  code_execution_max_tool_calls: field(count.default(0), "live", "Most calls of a script; 0 means no limit"),
  code_execution_pool_size: field(z.int().min(0).max(100).default(10), "daemon", "Script engines kept"),
  code_execution_max_parallel: field(z.int().min(0).max(32).default(8), "live", "Parallel calls of a script"),
  tool_response_session_risk_warning: field(
    z.boolean().default(false),
    "live",
    "Adds a warning text to session risk",
  ),
  oauth_expiry_warning_hours: field(
    z.number().min(0).default(1),
    "live",
    "Warns this long before a token expires",
  ),
  activity_retention_days: field(count.default(90), "live", "Age of the oldest activity kept"),
  activity_max_records: field(count.default(100000), "live", "Most activity records kept"),
  activity_max_size_mb: field(count.default(256), "live", "Most activity kept, in MB; 0 means no limit"),
  activity_max_response_size: field(count.default(65536), "live", "Bytes of a response kept in activity"),
  activity_cleanup_interval_min: field(count.default(60), "live", "Minutes between clean-ups of activity"),
  check_server_repo: field(z.boolean().default(true), "live", "Looks up packages during registry search"),
  registries: field(z.array(loose).optional(), "live", "Sources of server listings"),
  registries_locked: field(z.boolean().default(false), "live", "Refuses changes of registries"),
  allow_private_registry_fetch: field(
    z.boolean().default(false),
    "live",
    "Allows registries on private addresses",
  ),
  ignore_install_scripts: field(
    z.boolean().default(false),
    "live",
    "Whether npx and its kin skip the install scripts of packages from the next start of a server on",
  ),
  isolation: field(
    z.enum(["none", "docker", "bubblewrap", "auto"]).optional(),
    "live",
    "How stdio servers are confined at their next start; auto takes bubblewrap, else Docker",
  ),
  docker_isolation: field(DockerIsolationSchema.optional(), "live", "Docker defaults for stdio servers"),
  docker_recovery: field(loose.optional(), "live", "Recovery when Docker comes back"),
  sensitive_data_detection: field(SensitiveDataSchema.prefault({}), "live", "Detection of secrets in calls"),
  output_validation: field(
    OutputValidationSchema.prefault({}),
    "live",
    "Checks of results against output schemas",
  ),
  output_sanitisation: field(OutputSanitisationSchema.prefault({}), "live", "Cleaning of results"),
  security: field(loose.optional(), "live", "Scanner settings"),
  observability: field(ObservabilitySchema.optional(), "daemon", "Metrics and tracing"),
  telemetry: field(
    loose.optional(),
    "live",
    "Read and kept for mcpproxy-go files; mcpproxy sends no telemetry",
  ),
  tokenizer: field(loose.optional(), "live", "Token counting"),
  tls: field(loose.optional(), "daemon", "HTTPS on the TCP listener"),
  update_check: field(loose.optional(), "live", "Update notices"),
  server_edition: field(loose.optional(), "daemon", "Read and kept for mcpproxy-go files; no effect"),
  features: field(FeaturesSchema.default({}), "daemon", "Feature switches"),
  enable_tray: field(z.boolean().optional(), "live", "Deprecated; no effect"),
  top_k: field(z.int().optional(), "live", "Deprecated; use tools_limit"),
};

/** Schema of the config after `mcpServers` was brought into its array form. */
export const ConfigSchema = z.strictObject(shape).readonly();

/** The config in force: every default filled in, frozen. */
export type Config = z.output<typeof ConfigSchema>;

/** Every key the file may have at its top. */
export const CONFIG_KEYS: readonly string[] = Object.keys(shape);
