import { RULES_DIGEST } from "./rules_digest.ts";

/**
 * Version of the own rules, and a digest of all that scans: whatever changes a
 * verdict changes this, and known tools are scanned again by it.
 */
export const RULES_VERSION = `2026.11.6.${RULES_DIGEST}`;
