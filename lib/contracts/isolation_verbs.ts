/**
 * The verbs about confining servers.
 *
 * @module
 */

import { z } from "zod";
import { ConfigChangeSchema } from "./config_verbs.ts";
import { verb } from "./verb.ts";

const CapabilitySchema = z.object({
  usable: z.boolean(),
  version: z.string().optional(),
  /** Why it cannot be used, and what would help. */
  why: z.string().optional(),
  remedy: z.string().optional(),
});

/** Verbs of the group `isolation`. */
export const ISOLATION_VERBS = {
  "isolation.status": verb({
    input: z.strictObject({}),
    output: z.object({
      docker_available: z.boolean(),
      /** Whether servers are confined that say nothing about it themselves. */
      isolation_enabled: z.boolean(),
      mode: z.enum(["none", "docker", "bubblewrap", "auto"]),
      docker: CapabilitySchema,
      bubblewrap: CapabilitySchema,
      /** What `auto` takes; absent if nothing is usable. */
      auto: z.enum(["docker", "bubblewrap"]).optional(),
      /** How each server that is a program is to be confined. */
      servers: z.array(z.object({
        name: z.string(),
        mode: z.enum(["none", "docker", "bubblewrap", "auto"]),
      })),
    }),
    role: "admin",
    method: "GET",
    path: "/docker/status",
    summary: "Say what this machine can confine servers with, and which are to be",
  }),
  "isolation.switch": verb({
    input: z.strictObject({ enabled: z.boolean() }),
    output: ConfigChangeSchema,
    role: "admin",
    method: "PATCH",
    path: "/config/docker-isolation",
    summary: "Run servers that say nothing about it in Docker containers, or do not",
  }),
} as const;
