/**
 * The verbs about what a person has accepted of servers, and what scans found.
 *
 * @module
 */

import { z } from "zod";
import { verb } from "./verb.ts";

const name = z.string().min(1).max(256);
const item = z.string().min(1).max(4096);

/** Hashes by name. A record of Zod would lose the name `__proto__`, which a server may choose. */
const HashesSchema = z.custom<Readonly<Record<string, string>>>(
  (found) =>
    typeof found === "object" && found !== null && !Array.isArray(found) &&
    Object.values(found).every((hash) => typeof hash === "string"),
  { error: "wanted an object with a hash for each name" },
).meta({ plain: { type: "object", additionalProperties: { type: "string" } } });

/** Kinds of what a server offers, and the package that it is started from. */
export const OfferKindSchema = z.enum([
  "tool",
  "prompt",
  "resource",
  "resource_template",
  "instructions",
  "package",
]);

/** Whether the form a server shows now may reach agents; `blocked` is refused in every form. */
export const ApprovalStatusSchema = z.enum(["approved", "pending", "changed", "blocked"]);

const FindingSchema = z.object({
  rule: z.string(),
  family: z.string(),
  /** Technique of the SAFE-MCP list. */
  tag: z.string(),
  message: z.string(),
  /** JSON pointer of the field. */
  pointer: z.string(),
  text: z.string(),
  /** What stands behind it, if it was encoded or hidden. */
  decoded: z.string().optional(),
  weight: z.number(),
});

const ScanSchema = z.object({
  verdict: z.enum(["clean", "review", "hold"]),
  score: z.number(),
  /** `false` if a part could not be scanned. */
  complete: z.boolean(),
  findings: z.array(FindingSchema),
  rules: z.string(),
  scanned_at: z.string(),
});

/** Consent to one definition, or the lack of it. Texts are the server's own, reviewed or not. */
export const ApprovalViewSchema = z.object({
  server_name: z.string(),
  kind: OfferKindSchema,
  name: z.string(),
  status: ApprovalStatusSchema,
  reason: z.string(),
  /** `sha256/v<N>:<hex>` of the form last accepted. */
  approved_hash: z.string().optional(),
  approved_at: z.string().optional(),
  approved_by: z.string().optional(),
  /** Of the form shown now. */
  current_hash: z.string(),
  seen_at: z.string(),
  description: z.string(),
  previous_description: z.string().optional(),
  /** Absent if it was not scanned in this form. */
  scan: ScanSchema.optional(),
});

/** See {@link ApprovalViewSchema}. */
export type ApprovalView = z.output<typeof ApprovalViewSchema>;

const ApprovalStatsSchema = z.object({
  total: z.int(),
  approved: z.int(),
  pending: z.int(),
  changed: z.int(),
  blocked: z.int(),
});

const choice = {
  name,
  tools: z.array(item).min(1).max(1000).optional(),
  kind: OfferKindSchema.optional(),
};

const DecisionSchema = z.object({
  server_name: z.string(),
  tools: z.array(z.string()),
  message: z.string(),
});

const ToolSwitchSchema = z.object({ server_name: z.string(), enabled: z.boolean(), changed: z.int() });

const ServerScanSchema = z.object({
  server_name: z.string(),
  verdict: z.enum(["clean", "review", "hold", "not_scanned"]),
  definitions: z.int(),
  not_scanned: z.int(),
  last_scan_at: z.string().optional(),
});

const DecidedSchema = z.object({
  server: z.string(),
  action: z.string(),
  success: z.literal(true),
  message: z.string(),
});

const ScanReportSchema = z.object({
  rules: z.string(),
  verdict: z.enum(["clean", "review", "hold"]),
  complete: z.boolean(),
  servers: z.array(ServerScanSchema),
  /** Everything that was scanned, by server, kind and name. */
  definitions: z.array(ApprovalViewSchema),
  /** Servers that could not be asked. */
  failed_servers: z.array(z.object({ name: z.string(), error: z.string() })).optional(),
});

/** A server may name a tool ".", which no URL can have between two slashes. */
const NO_PATH = "with the name of the tool beside the path, for names that no path can carry";

/** Verbs of the groups `approvals` and `security`, and what else concerns single tools. */
export const APPROVAL_VERBS = {
  "approvals.list": verb({
    input: z.strictObject({
      name: name.optional(),
      kind: OfferKindSchema.optional(),
      status: z.enum(["approved", "pending", "changed", "blocked", "held"]).optional(),
    }),
    output: z.object({ approvals: z.array(ApprovalViewSchema), stats: ApprovalStatsSchema }),
    role: "admin",
    method: "GET",
    path: "/approvals",
    aliases: [{ method: "GET", path: "/servers/{name}/tools/export" }],
    summary: "List what servers have shown and what of it is approved; held is all that is not",
  }),
  "approvals.diff": verb({
    input: z.strictObject({ name, tool: item, kind: OfferKindSchema.default("tool") }),
    output: z.object({
      approval: ApprovalViewSchema,
      /** Field by field, from the form that was approved to the one shown now. */
      changes: z.array(z.object({
        pointer: z.string(),
        kind: z.enum(["added", "removed", "changed"]),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      })),
    }),
    role: "admin",
    method: "GET",
    path: "/servers/{name}/tools/{tool}/diff",
    aliases: [{ method: "GET", path: "/servers/{name}/tools/diff", reason: NO_PATH }],
    summary: "Show what has changed in a tool since it was approved, field by field",
  }),
  "approvals.approve": verb({
    input: z.strictObject({
      ...choice,
      approve_all: z.boolean().optional(),
      /** Hash of the form that was looked at, by name; another form is not approved, nor a name without one. */
      hashes: HashesSchema.optional(),
      /** With `approve_all`: also what the scan says to hold. */
      force: z.boolean().optional(),
    }),
    output: DecisionSchema.extend({ approved: z.int(), left: z.array(z.string()) }),
    role: "admin",
    method: "POST",
    path: "/servers/{name}/tools/approve",
    summary: "Approve tools, or what else is named by kind, as they are now",
  }),
  "approvals.reject": verb({
    input: z.strictObject({ ...choice, block_all: z.boolean().optional() }),
    output: DecisionSchema.extend({ blocked: z.int() }),
    role: "admin",
    method: "POST",
    path: "/servers/{name}/tools/block",
    summary: "Refuse tools, or what else is named by kind, in this and every later form",
  }),
  "servers.inspect": verb({
    input: z.strictObject({ name }),
    output: z.object({
      server_name: z.string(),
      quarantined: z.boolean(),
      approvals: z.array(ApprovalViewSchema),
      stats: ApprovalStatsSchema,
      warnings: z.array(z.string()).optional(),
    }),
    role: "admin",
    method: "POST",
    path: "/servers/{name}/inspect",
    summary: "Ask a server, held or not, for all it offers, and scan that; nothing is let in",
  }),
  "tools.switch": verb({
    input: z.strictObject({ name, tool: item, enabled: z.boolean() }),
    output: ToolSwitchSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/tools/{tool}/enabled",
    aliases: [{ method: "POST", path: "/servers/{name}/tools/enabled", reason: NO_PATH }],
    summary: "Offer a tool, or do not, in the config of its server",
  }),
  "tools.enable_all": verb({
    input: z.strictObject({ name }),
    output: ToolSwitchSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/tools/enable_all",
    summary: "Offer every tool of a server",
  }),
  "tools.disable_all": verb({
    input: z.strictObject({ name }),
    output: ToolSwitchSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/tools/disable_all",
    summary: "Offer no tool of a server",
  }),
  "security.scan": verb({
    input: z.strictObject({ name: name.optional() }),
    output: ScanReportSchema,
    role: "admin",
    method: "POST",
    path: "/security/scan",
    aliases: [
      { method: "POST", path: "/servers/{name}/scan" },
      { method: "POST", path: "/security/scan-all" },
    ],
    summary: "Ask a server, or all that are let in, for all they offer, and scan it anew",
  }),
  "security.report": verb({
    input: z.strictObject({ name: name.optional() }),
    output: ScanReportSchema,
    role: "admin",
    method: "GET",
    path: "/security/report",
    aliases: [{ method: "GET", path: "/servers/{name}/scan/report" }],
    summary: "Show what the last scans have found",
  }),
  "security.approve": verb({
    input: z.strictObject({
      name,
      /** Also if the scan says to hold something of it. */
      force: z.boolean().default(false),
    }),
    output: DecidedSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/security/approve",
    summary: "Let a server out of quarantine that was scanned, unless the scan says to hold something of it",
  }),
  "security.reject": verb({
    input: z.strictObject({ name }),
    output: DecidedSchema,
    role: "admin",
    method: "POST",
    path: "/servers/{name}/security/reject",
    summary: "Hold a server in quarantine after its scan, and keep it off",
  }),
  "security.overview": verb({
    input: z.strictObject({}),
    output: z.object({
      rules: z.string(),
      servers: z.array(ServerScanSchema),
      servers_scanned: z.int(),
      verdicts: z.object({ clean: z.int(), review: z.int(), hold: z.int(), not_scanned: z.int() }),
      approvals: ApprovalStatsSchema,
      findings_by_family: z.record(z.string(), z.int()),
      last_scan_at: z.string().optional(),
    }),
    role: "admin",
    method: "GET",
    path: "/security/overview",
    summary: "Sum up approvals and scans of all servers",
  }),
} as const;
