/** What a kind of secret belongs to. */
export type SensitiveCategory =
  | "cloud_credentials"
  | "private_key"
  | "api_token"
  | "auth_token"
  | "database_credential"
  | "credit_card"
  | "high_entropy"
  | "sensitive_file"
  | "custom";

/** How bad it is that the secret is here. */
export type Severity = "critical" | "high" | "medium" | "low";

/** One kind of secret. */
export interface SensitiveKind {
  readonly kind: string;
  readonly category: SensitiveCategory;
  readonly severity: Severity;
  /** In lower case; a text without any of them has no secret of this kind. */
  readonly words: readonly string[];
  /** Global; its first group is the secret if it has one. */
  readonly pattern: RegExp;
}

/** Kind, severity, words divided by blanks, pattern. */
export type Row = readonly [kind: string, severity: Severity, words: string, pattern: RegExp];

/** Makes the kinds of one category out of rows. */
export function kinds(category: SensitiveCategory, rows: readonly Row[]): SensitiveKind[] {
  return rows.map(([kind, severity, words, pattern]) => ({
    kind,
    category,
    severity,
    words: words.split(" "),
    pattern,
  }));
}
