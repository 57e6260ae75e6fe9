import { toSafeJson } from "./text.ts";

/** How a command prints its data. */
export type Format = "table" | "json" | "yaml" | "sarif";

/** The formats of every command, the default first; `sarif` is for reports of scans only. */
export const FORMATS: readonly Format[] = ["table", "json", "yaml"];

/**
 * Writes a value for programs, ended by a line feed.
 *
 * What writes YAML is loaded only when it is asked for; by a file of our own,
 * since the package itself has other exports where the program is in parts.
 */
export async function renderValue(value: unknown, format: Exclude<Format, "table">): Promise<string> {
  // SARIF is JSON of a certain shape, which the command has made.
  if (format !== "yaml") return `${toSafeJson(value, 2)}\n`;
  const { toYaml } = await import("./yaml.ts");
  return toYaml(value);
}
