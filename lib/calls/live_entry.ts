import type { Config, ServerConfig } from "../contracts/mod.ts";
import { isQuarantined } from "../runtime/mod.ts";

/** Calls are many and configs few. */
const ENTRIES = new WeakMap<Config, ReadonlyMap<string, ServerConfig>>();

/**
 * Gives the entry of a server in the config in force; `undefined` if it has
 * none. What a person has just taken away is gone for calls at once, however
 * long it takes until every server has been told.
 */
export function liveEntry(config: Config, server: string): ServerConfig | undefined {
  return (ENTRIES.get(config) ?? mapEntries(config)).get(server);
}

function mapEntries(config: Config): ReadonlyMap<string, ServerConfig> {
  const entries = new Map(config.mcpServers.map((entry) => [entry.name, entry]));
  ENTRIES.set(config, entries);
  return entries;
}

/** Tells whether the config in force disables a server or holds it. */
export function isHeldBack(config: Config, server: string): boolean {
  const entry = liveEntry(config, server);
  return entry !== undefined && (!entry.enabled || isQuarantined(entry, config));
}
