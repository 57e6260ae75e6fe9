/** How a command prints its data. */
export type Format = "table" | "json" | "yaml";

/** Every format, the default first. */
export const FORMATS: readonly Format[] = ["table", "json", "yaml"];

/**
 * Writes a value for programs, ended by a line feed.
 *
 * The YAML package is loaded only when it is asked for.
 */
export async function renderValue(value: unknown, format: "json" | "yaml"): Promise<string> {
  if (format === "json") return `${JSON.stringify(value, undefined, 2)}\n`;
  const { stringify } = await import("yaml");
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
