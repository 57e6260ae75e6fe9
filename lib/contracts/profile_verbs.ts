/**
 * The verbs about profiles, the named subsets of servers.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const name = z.string().min(1).max(64);
const servers = z.array(z.string().min(1).max(256)).max(1_000);

/** A profile as lists show it. */
export const ProfileViewSchema = z.object({
  name: z.string(),
  servers: z.array(z.string()),
  /** Tools that its servers offer now. */
  tool_count: z.int(),
  /** Whether it is the one for clients that choose none. */
  active: z.boolean(),
});

const ActiveSchema = z.object({
  /** Empty if there is none. */
  active_profile: z.string(),
});

/** Verbs of the group `profiles`. */
export const PROFILE_VERBS = {
  "profiles.list": verb({
    input: z.strictObject({}),
    tagged: true,
    output: z.object({ profiles: z.array(ProfileViewSchema), active_profile: z.string() }),
    role: "agent",
    method: "GET",
    path: "/profiles",
    summary: "List the profiles with their servers",
  }),
  // Before the route of one profile, which would take the word for a name.
  "profiles.active": verb({
    input: z.strictObject({}),
    output: ActiveSchema,
    role: "agent",
    method: "GET",
    path: "/profiles/active",
    summary: "Show the profile for clients that choose none",
  }),
  "profiles.use": verb({
    input: z.strictObject({
      /** An empty text ends it. */
      profile: z.string().max(64).optional(),
      /** The same, as clients of mcpproxy-go call it. */
      active_profile: z.string().max(64).optional(),
    }).refine(({ profile, active_profile: same }) => (profile === undefined) !== (same === undefined), {
      error: 'wanted either "profile" or "active_profile"',
    }),
    output: ActiveSchema,
    role: "admin",
    method: "PUT",
    path: "/profiles/active",
    summary: "Choose the profile for clients that choose none, for as long as the daemon runs",
  }),
  "profiles.get": verb({
    input: z.strictObject({ name }),
    output: ProfileViewSchema,
    role: "agent",
    method: "GET",
    path: "/profiles/{name}",
    summary: "Show one profile",
  }),
  "profiles.create": verb({
    input: z.strictObject({ name, servers: servers.default([]) }),
    output: ProfileViewSchema,
    role: "admin",
    method: "POST",
    path: "/profiles",
    summary: "Add a profile to the config",
  }),
  "profiles.set": verb({
    input: z.strictObject({ name, servers }),
    output: ProfileViewSchema,
    role: "admin",
    method: "PUT",
    path: "/profiles/{name}",
    summary: "Say which servers a profile has",
  }),
  "profiles.remove": verb({
    input: z.strictObject({ name }),
    output: z.object({ name: z.string(), action: z.literal("remove"), success: z.literal(true) }),
    role: "admin",
    method: "DELETE",
    path: "/profiles/{name}",
    summary: "Remove a profile from the config; tokens pinned to it reach nothing then",
  }),
} as const;

/** A profile as lists show it. */
export type ProfileView = z.output<typeof ProfileViewSchema>;
