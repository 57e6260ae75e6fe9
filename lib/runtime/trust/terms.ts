import type { Config, ServerConfig } from "../../contracts/mod.ts";
import type { DefinitionKind, TrustMode } from "../../security/mod.ts";
import { isQuarantined } from "../plan.ts";

/** What the config says about accepting what a server shows. */
export interface TrustTerms {
  readonly trustMode: TrustMode;
  /** Whether the server itself is held. */
  readonly quarantined: boolean;
  readonly quarantineEnabled: boolean;
}

/** Terms for one kind: no scan speaks for a package, so another version of it waits for a person. Pure. */
export function termsFor(kind: DefinitionKind, terms: TrustTerms): TrustTerms {
  return kind === "package" && terms.trustMode === "scan" ? { ...terms, trustMode: "manual" } : terms;
}

/** Reads the terms of a server. Pure. The older keys count where `trust_mode` is left at its default. */
export function termsOf(server: ServerConfig, config: Pick<Config, "quarantine_enabled">): TrustTerms {
  const { trust_mode, skip_quarantine, auto_approve_tool_changes: auto } = server;
  const isOlderAuto = trust_mode === "manual" && (auto ?? skip_quarantine) === true;
  return {
    trustMode: isOlderAuto ? "auto" : trust_mode,
    quarantined: isQuarantined(server, config),
    quarantineEnabled: config.quarantine_enabled,
  };
}
