/** The parts of `config.json` that have keys of their own, and are small. @module */

import { z } from "zod";
import { DurationSchema, field, ServerNameSchema } from "./server_config.ts";

/** A number of things; none is 0. */
export const count = z.int().min(0);
const textMap = z.record(z.string(), z.string());

/** `environment`. */
export const EnvironmentSchema = z.strictObject({
  inherit_system_safe: z.boolean().default(true),
  allowed_system_vars: z.array(z.string()).optional(),
  custom_vars: textMap.default({}),
  enhance_path: z.boolean().optional(),
  forward_proxy_env: z.boolean().optional(),
});

/** `logging`. */
export const LoggingSchema = z.strictObject({
  level: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
  enable_file: z.boolean().default(true),
  enable_console: z.boolean().default(true),
  filename: z.string().default("main.log"),
  log_dir: z.string().default(""),
  max_size: z.int().min(1).default(10),
  max_backups: count.default(5),
  max_age: count.default(30),
  compress: z.boolean().default(true),
  json_format: z.boolean().default(false),
});

/** `server_concurrency_defaults`. */
export const LimiterSchema = z.strictObject({
  max_concurrent_requests: count.optional(),
  queue_size: count.optional(),
  queue_timeout: DurationSchema.optional(),
});

/** `exposure`. */
export const ExposureSchema = z.enum(["auto", "search", "direct"]);

/** Whether tools are listed directly, or found by search; `auto` decides by what the list costs. */
export type ExposureChoice = z.output<typeof ExposureSchema>;

/** `embeddings`. */
export const EmbeddingsSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** Up to and without `/embeddings`. */
  url: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:11434/v1"),
  model: z.string().min(1).default("nomic-embed-text"),
  api_key: z.string().min(1).optional(),
  weight: z.number().min(0).max(0.3).default(0.15),
  timeout: DurationSchema.default("1s"),
});

/** `profiles[]`. */
export const ProfileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, {
    error: "wanted a lower-case letter or digit, then up to 62 of a-z, 0-9, _ and -",
  }),
  servers: z.array(ServerNameSchema),
  exposure: ExposureSchema.optional(),
});

/** `observability`. */
export const ObservabilitySchema = z.strictObject({
  usage_cache_ttl: DurationSchema.optional(),
  usage_persist_interval: DurationSchema.optional(),
  metrics: z.strictObject({
    enabled: field(z.boolean().optional(), "daemon", "As features.enable_metrics, which wins over it"),
  }).optional(),
  tracing: z.strictObject({
    enabled: field(z.boolean().optional(), "daemon", "As features.enable_tracing, which wins over it"),
    protocol: z.enum(["http", "grpc"]).optional(),
    endpoint: z.string().optional(),
    sample_rate: z.number().min(0).max(1).optional(),
  }).optional(),
});

/** `docker_isolation`. */
export const DockerIsolationSchema = z.looseObject({
  enabled: field(z.boolean().optional(), "live", "As features.enable_docker_isolation, which wins over it"),
  mode: z.enum(["", "none", "docker", "sandbox", "bubblewrap", "auto"]).optional(),
  default_images: textMap.optional(),
  registry: z.string().optional(),
  network_mode: z.string().min(1).optional(),
  memory_limit: z.string().regex(/^[1-9][0-9]*[bkmgBKMG]?$/, { error: 'wanted a size such as "512m"' })
    .optional(),
  cpu_limit: z.string().regex(/^(?!0+(\.0*)?$)[0-9]+(\.[0-9]+)?$/, { error: 'wanted a number such as "1.5"' })
    .optional(),
  pids_limit: z.int().min(1).optional(),
  extra_args: z.array(z.string()).optional(),
  log_driver: z.string().optional(),
  log_max_size: z.string().optional(),
  log_max_files: z.string().optional(),
});
