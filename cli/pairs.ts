import { usageError } from "./usage.ts";

/**
 * Reads repeated `KEY=value` options; a later one of the same key wins.
 *
 * @throws {GatewayError} MCPX_USAGE — an entry has no key or no `=`.
 */
export function parseEnv(entries: readonly string[], command: string): Record<string, string> {
  return Object.fromEntries(entries.map((entry) => split(entry, "=", `--env KEY=value`, command)));
}

/**
 * Reads repeated `Name: value` options; blanks around the value are dropped.
 *
 * @throws {GatewayError} MCPX_USAGE — an entry has no name or no `:`.
 */
export function parseHeaders(entries: readonly string[], command: string): Record<string, string> {
  const pairs = entries.map((entry) => split(entry, ":", `--header "Name: value"`, command));
  return Object.fromEntries(pairs.map(([name, value]) => [name.trim(), value.trim()]));
}

/**
 * Reads repeated `OLD=new` options.
 *
 * @throws {GatewayError} MCPX_USAGE — an entry has no name or no `=`.
 */
export function parseRenames(entries: readonly string[], command: string): Record<string, string> {
  return Object.fromEntries(entries.map((entry) => split(entry, "=", `--rename OLD=new`, command)));
}

function split(entry: string, mark: string, wanted: string, command: string): [string, string] {
  const at = entry.indexOf(mark);
  // The entry may hold a secret, so only what stands before the mark is ever repeated.
  if (at > 0) return [entry.slice(0, at), entry.slice(at + 1)];
  const found = at === 0 ? `nothing stands before "${mark}"` : `there is no "${mark}" in it`;
  throw usageError(`Cannot read an entry: ${found}, wanted ${wanted}`, command);
}

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
