/** Changes whenever the own rules or their weights do. */
export const RULES_VERSION = "2026.11.5";
