/**
 * The verbs about registries: listings of servers that others publish.
 *
 * @module
 */

import { z } from "zod";
import { wholeNumber } from "./params.ts";
import { verb } from "./verb.ts";

const id = z.string().min(1).max(100);
const serverId = z.string().min(1).max(200);
const address = z.string().min(1).max(2000);

/** A registry that can be searched. */
export const RegistryViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  url: z.string(),
  protocol: z.string(),
  tags: z.array(z.string()),
  provenance: z.enum(["official", "custom"]),
  /** It comes with the program. */
  trusted: z.boolean(),
  requires_key: z.boolean(),
});

/** A server as a registry lists it; its texts are those of strangers. */
export const ListedServerSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string().optional(),
  repository: z.string().optional(),
  /** Absent if the registry does not say how to run it in a way that is known here. */
  install: z.object({
    command: z.string().optional(),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    url: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    protocol: z.string().optional(),
  }).optional(),
  /** What a person has to fill in. */
  inputs: z.array(z.object({
    name: z.string(),
    kind: z.enum(["env", "header", "argument"]),
    description: z.string(),
    required: z.boolean(),
    secret: z.boolean(),
  })),
});

const changed = z.object({ id: z.string(), action: z.string(), success: z.literal(true) });

/** Verbs of the group `registries`. */
export const REGISTRY_VERBS = {
  "registries.list": verb({
    input: z.strictObject({}),
    tagged: true,
    output: z.object({ registries: z.array(RegistryViewSchema), total: z.int() }),
    role: "agent",
    method: "GET",
    path: "/registries",
    summary: "List the registries that can be searched for servers",
  }),
  "registries.search": verb({
    input: z.strictObject({
      id,
      q: z.string().max(200).default(""),
      tag: z.string().max(100).optional(),
      limit: wholeNumber({ min: 1, max: 50 }).default(10),
    }),
    output: z.object({
      registry: z.string(),
      query: z.string(),
      tag: z.string().optional(),
      servers: z.array(ListedServerSchema),
      total: z.int(),
      cache: z.object({ age_seconds: z.int(), stale: z.boolean() }).optional(),
      /** Why there is nothing. */
      unavailable: z.object({ reason: z.string() }).optional(),
    }),
    role: "agent",
    method: "GET",
    path: "/registries/{id}/servers",
    summary: "Search a registry for servers",
  }),
  "registries.add": verb({
    input: z.strictObject({
      /** Address of a listing, or path of a file. */
      url: address,
      id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, {
        error: "wanted lower-case letters, digits, _ and -",
      })
        .optional(),
      name: z.string().max(100).optional(),
      protocol: z.string().max(60).optional(),
    }),
    output: changed,
    role: "admin",
    method: "POST",
    path: "/registries",
    summary: "Add a registry to the config",
  }),
  "registries.update": verb({
    input: z.strictObject({
      id,
      name: z.string().max(100).optional(),
      url: address.optional(),
      servers_url: address.optional(),
    }),
    output: changed,
    role: "admin",
    method: "PUT",
    path: "/registries/{id}",
    summary: "Change a registry in the config",
  }),
  "registries.remove": verb({
    input: z.strictObject({ id }),
    output: changed,
    role: "admin",
    method: "DELETE",
    path: "/registries/{id}",
    summary: "Remove a registry from the config",
  }),
  "registries.refresh": verb({
    input: z.strictObject({ id }),
    output: z.object({ registry_id: z.string(), cleared: z.int() }),
    role: "admin",
    method: "POST",
    path: "/registries/{id}/refresh",
    summary: "Forget what a registry has answered, so that it is asked anew",
  }),
  "registries.install": verb({
    input: z.strictObject({
      id,
      server_id: serverId,
      /** Name here; the last part of the registry's when absent. */
      name: z.string().min(1).max(64).optional(),
      /** Values for the inputs that are variables. */
      env: z.record(z.string().min(1), z.string()).default({}),
      headers: z.record(z.string().min(1), z.string()).default({}),
      /** Further arguments for the program. */
      args: z.array(z.string()).max(64).default([]),
      enabled: z.boolean().default(true),
    }),
    output: z.object({
      server: z.object({
        name: z.string(),
        protocol: z.string(),
        command: z.string().optional(),
        args: z.array(z.string()).optional(),
        url: z.string().optional(),
        enabled: z.boolean(),
        quarantined: z.literal(true),
        /** How it is to be confined; absent for one that runs with the rights of the person, or elsewhere. */
        isolation: z.string().optional(),
        warnings: z.array(z.string()),
      }),
    }),
    role: "admin",
    method: "POST",
    path: "/registries/{id}/servers/{server_id}/add",
    summary: "Add a server that a registry lists, held in quarantine",
  }),
} as const;

/** A registry that can be searched. */
export type RegistryView = z.output<typeof RegistryViewSchema>;

/** A server as a registry lists it. */
export type ListedServerView = z.output<typeof ListedServerSchema>;
