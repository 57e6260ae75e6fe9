/**
 * Keys of the config that say what is looked for in calls and their results,
 * and what is done about it.
 *
 * @module
 */

import { z } from "zod";
import { field } from "./server_config.ts";

/** What is done about a secret in a call: nothing, told, replaced, refused. Milder first. */
export const SENSITIVE_ACTIONS = ["off", "annotate", "mask", "block"] as const;
/** One of {@link SENSITIVE_ACTIONS}. */
export type SensitiveAction = typeof SENSITIVE_ACTIONS[number];

/** Which results are marked as text of others: none, those of tools that reach outside, all. */
export const SPOTLIGHTS = ["off", "untrusted", "always"] as const;
/** One of {@link SPOTLIGHTS}. */
export type Spotlight = typeof SPOTLIGHTS[number];

/** What is done about a result that does not fit the output schema of its tool. */
export const OUTPUT_CHECKS = ["off", "warn", "strict"] as const;
/** One of {@link OUTPUT_CHECKS}. */
export type OutputCheck = typeof OUTPUT_CHECKS[number];

const severity = z.enum(["critical", "high", "medium", "low"]);

const CustomPatternSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, { error: "wanted 1 to 64 letters, digits, dots, _ or -" }),
  regex: field(
    z.string().min(1).max(2_000).optional(),
    "live",
    "Pattern in RE2 syntax: no look-around, no back references; flags inside, such as (?i)",
  ),
  keywords: field(z.array(z.string().min(3).max(200)).max(100).optional(), "live", "Texts, in any case"),
  severity: severity.default("high"),
  category: field(z.string().max(64).optional(), "live", "Read and kept; findings are of category custom"),
}).refine(({ regex, keywords }) => (regex === undefined) !== (keywords === undefined), {
  error: 'wanted either "regex" or "keywords"',
}).refine(({ regex }) => regex === undefined || !/\(\?(?:[=!]|<[=!])/.test(regex), {
  error: "wanted RE2 syntax, which has no look-around",
  path: ["regex"],
});

/** Schema of `sensitive_data_detection`. */
export const SensitiveDataSchema = z.strictObject({
  enabled: field(z.boolean().default(true), "live", "Looks for secrets in calls and results"),
  scan_requests: field(z.boolean().default(true), "live", "Looks at arguments"),
  scan_responses: field(z.boolean().default(true), "live", "Looks at results"),
  request_action: field(
    z.enum(SENSITIVE_ACTIONS).default("annotate"),
    "live",
    "For secrets in arguments: annotate tells of them, mask replaces them, block refuses the call",
  ),
  response_action: field(
    z.enum(SENSITIVE_ACTIONS).default("annotate"),
    "live",
    "For secrets in results: annotate tells of them, mask replaces them, block withholds the result",
  ),
  min_severity: field(
    severity.default("high"),
    "live",
    "Mildest finding that is masked or blocked; milder ones are told of",
  ),
  max_payload_size_kb: field(
    z.int().min(1).max(16_384).default(1024),
    "live",
    "Longest text looked through; what is over it is told as such, and refused where it would be masked or blocked",
  ),
  entropy_threshold: field(
    z.number().min(3).max(8).default(4.5),
    "live",
    "Bits for each character from which on a text counts as made by chance",
  ),
  categories: field(
    z.record(z.string(), z.boolean()).default({}),
    "live",
    "Categories switched off by false: cloud_credentials, private_key, api_token, auth_token, sensitive_file, database_credential, high_entropy, credit_card, custom",
  ),
  custom_patterns: field(z.array(CustomPatternSchema).max(200).default([]), "live", "Patterns of your own"),
  sensitive_keywords: field(
    z.array(z.string().min(3).max(200)).max(500).default([]),
    "live",
    "Texts that are secret, in any case",
  ),
});

/** Schema of `output_validation`. */
export const OutputValidationSchema = z.strictObject({
  mode: field(
    z.enum(OUTPUT_CHECKS).default("warn"),
    "live",
    "For structured results that do not fit their schema: warn tells, strict refuses",
  ),
  max_bytes: field(
    z.int().min(1_024).max(64 * 1024 * 1024).default(5 * 1024 * 1024),
    "live",
    "Largest structured result that is checked; strict refuses larger ones",
  ),
  max_depth: field(z.int().min(1).max(256).default(64), "live", "Deepest structured result that is checked"),
  missing_structured_content: field(
    z.enum(["allow", "block"]).default("allow"),
    "live",
    "For a tool with an output schema whose result has none: block refuses it where the mode is strict",
  ),
});

/** Schema of `output_sanitisation`. */
export const OutputSanitisationSchema = z.strictObject({
  spotlight_untrusted: field(
    z.boolean().default(false),
    "live",
    "Puts marks around text of tools that reach outside, or do not say that they do not",
  ),
  response_action: field(
    z.enum(["spotlight", "redact", "block", "off"]).default("spotlight"),
    "live",
    "redact is sensitive_data_detection.response_action mask, block is block, off turns spotlighting off",
  ),
  scan_results: field(
    z.boolean().default(false),
    "live",
    "Looks for orders to the model in the text of results; what is found is told in the record, the log and an event",
  ),
  strip_control_chars: field(z.boolean().default(false), "live", "Removes the characters of strip_classes"),
  strip_classes: field(
    z.array(z.enum(["ansi", "c0c1", "bidi", "zero_width"])).default(["ansi", "c0c1", "bidi", "zero_width"]),
    "live",
    "Terminal sequences, control characters, marks of direction, invisible characters",
  ),
  max_redactions: field(
    z.int().min(1).max(1_000).default(100),
    "live",
    "More secrets than that in one result are not replaced one by one: it is withheld",
  ),
});

/**
 * What is done when an agent that has read text of one server writes to
 * another: nothing, told, put to a person, refused. Milder first.
 */
export const FLOW_POLICIES = ["off", "annotate", "ask", "block"] as const;

/** Schema of `session_flow`. */
export const SessionFlowSchema = z.strictObject({
  policy: field(
    z.enum(FLOW_POLICIES).default("annotate"),
    "live",
    "For a call of an agent that writes to one server after text of another has reached it: annotate notes it in the record, ask wants a person's consent, block refuses",
  ),
  trusted_sources: field(
    z.array(z.string().min(1).max(64)).max(10_000).default([]),
    "live",
    "Servers whose text you vouch for; reading it asks for nothing later",
  ),
  ask_client: field(
    z.boolean().default(false),
    "live",
    "Lets the MCP client put the question to its user, if it says that it can; only for clients that really do",
  ),
});

/** Schema of `intent_declaration`. */
export const IntentDeclarationSchema = z.strictObject({
  strict_server_validation: field(
    z.boolean().default(true),
    "live",
    "Refuses a variant that is milder than what the tool says of itself",
  ),
  missing_annotations: field(
    z.enum(["read", "unsafe"]).default("unsafe"),
    "live",
    "What a tool does not say of itself: read takes it for harmless, unsafe wants the stronger variant",
  ),
});
