import { toSafeJson } from "./text.ts";

/** How a command prints its data. */
export type Format = "table" | "json" | "yaml" | "sarif";

/** The formats of every command, the default first; `sarif` is for reports of scans only. */
export const FORMATS: readonly Format[] = ["table", "json", "yaml"];

/**
 * Writes a value for programs, ended by a line feed.
 *
 * The YAML package is loaded only when it is asked for.
 */
export async function renderValue(value: unknown, format: Exclude<Format, "table">): Promise<string> {
  // SARIF is JSON of a certain shape, which the command has made.
  if (format !== "yaml") return `${toSafeJson(value, 2)}\n`;
  const { stringify } = await import("yaml");
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
