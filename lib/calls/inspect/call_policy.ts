import type { Config, OutputCheck, SensitiveAction, ServerConfig, Spotlight } from "../../contracts/mod.ts";
import type { Severity, StripClass } from "../../security/mod.ts";

/** What is looked for in the calls of one server, and what is done about it. */
export interface CallPolicy {
  /** For secrets in arguments. */
  readonly requests: SensitiveAction;
  /** For secrets in results. */
  readonly responses: SensitiveAction;
  /** Mildest finding that is masked or blocked. */
  readonly minSeverity: Severity;
  readonly maxRedactions: number;
  readonly spotlight: Spotlight;
  /** Classes of characters removed from results; empty for none. */
  readonly strip: readonly StripClass[];
  readonly output: OutputPolicy;
  /** Whether orders to the model are looked for in results. */
  readonly scan: boolean;
  /** Nothing is looked for at all. */
  readonly isIdle: boolean;
}

/** How structured results are checked. */
export interface OutputPolicy {
  readonly mode: OutputCheck;
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly missing: "allow" | "block";
}

const ACTIONS: readonly SensitiveAction[] = ["off", "annotate", "mask", "block"];

/** Works out what holds for a server: its own entry first, then the global keys. Pure. */
export function toCallPolicy(config: Config, server: ServerConfig | undefined): CallPolicy {
  const { sensitive_data_detection: sensitive, output_sanitisation: clean, output_validation: output } =
    config;
  const own = server?.sensitive_data;
  const sensitiveAction = (isOn: boolean, action: SensitiveAction): SensitiveAction => {
    if (own !== undefined) return own;
    return sensitive.enabled && isOn ? action : "off";
  };
  const asked = { redact: "mask", block: "block", spotlight: "off", off: "off" } as const;
  const requests = sensitiveAction(sensitive.scan_requests, sensitive.request_action);
  const found = sensitiveAction(sensitive.scan_responses, sensitive.response_action);
  const responses = own === undefined ? stricter(found, asked[clean.response_action]) : found;
  const wide = clean.spotlight_untrusted && clean.response_action !== "off" ? "untrusted" : "off";
  const spotlight = server?.spotlight ?? wide;
  const strip = clean.strip_control_chars ? clean.strip_classes : [];
  const mode = server?.output_validation ?? output.mode;
  return {
    requests,
    responses,
    minSeverity: sensitive.min_severity,
    maxRedactions: clean.max_redactions,
    spotlight,
    strip,
    output: {
      mode,
      maxBytes: output.max_bytes,
      maxDepth: output.max_depth,
      missing: output.missing_structured_content,
    },
    scan: clean.scan_results,
    isIdle: !clean.scan_results && requests === "off" && responses === "off" && spotlight === "off" &&
      strip.length === 0 &&
      mode === "off",
  };
}

function stricter(a: SensitiveAction, b: SensitiveAction): SensitiveAction {
  return ACTIONS.indexOf(a) >= ACTIONS.indexOf(b) ? a : b;
}
