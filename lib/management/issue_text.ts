/**
 * Says what is wrong with a field in the words of this program.
 *
 * @module
 */

/** What a schema found wrong, as far as it is needed here. */
export interface SchemaIssue {
  readonly code?: string;
  readonly message: string;
  readonly values?: readonly unknown[];
  readonly expected?: string;
  readonly format?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
}

/** Messages of the schema library itself; those that our schemas give begin otherwise. */
const LIBRARY_WORDS = /^(Invalid input|Invalid option|Too small|Too big): expected /;

/**
 * Writes the message of an issue, such as `wanted "json" or "csv"`.
 *
 * Pure. What one of our schemas says itself stays as it is.
 */
export function toIssueText(issue: SchemaIssue): string {
  const { code, message } = issue;
  if (issue.format === "datetime") return 'wanted a time such as "2026-01-31T08:00:00Z"';
  if (!LIBRARY_WORDS.test(message)) return message;
  if (code === "invalid_value") return `wanted ${(issue.values ?? []).map(show).join(" or ")}`;
  const unit = /(character|item)s?$/.exec(message)?.[1];
  if (code === "too_small" && unit !== undefined) return `wanted at least ${count(issue.minimum, unit)}`;
  if (code === "too_big" && unit !== undefined) return `wanted at most ${count(issue.maximum, unit)}`;
  const found = /received (.+)$/.exec(message)?.[1];
  if (code !== "invalid_type" || found === undefined) return message;
  return found === "undefined"
    ? `nothing is given, wanted ${issue.expected}`
    : `found ${found}, wanted ${issue.expected}`;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function count(limit: number | bigint | undefined, unit: string): string {
  return `${limit} ${unit}${Number(limit) === 1 ? "" : "s"}`;
}
