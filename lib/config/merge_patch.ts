import { ALIASES } from "./normalize.ts";
import { isJsonObject, type JsonObject, nameOfEntry } from "./values.ts";

/**
 * Applies a JSON merge patch to a config: `null` removes, objects merge,
 * everything else replaces. Pure.
 *
 * Servers go by their name in both forms of `mcpServers`: an object in the
 * patch changes the servers that it names, also where the config has a list; a
 * list replaces all servers.
 *
 * @param stored What the file states.
 * @see RFC 7396
 */
export function mergeConfig(stored: JsonObject, patch: JsonObject): JsonObject {
  const { mcpServers, ...rest } = patch;
  const merged = merge(stored, rest);
  if (mcpServers === undefined) return merged;
  if (mcpServers === null) return without(merged, "mcpServers");
  return { ...merged, mcpServers: mergeServers(stored.mcpServers, mcpServers) };
}

function mergeServers(stored: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  if (!Array.isArray(stored)) return mergeEntries(isJsonObject(stored) ? stored : {}, patch);
  const known = new Set(stored.map(nameOfEntry));
  const kept = stored.flatMap((entry: unknown) => {
    const name = nameOfEntry(entry);
    const change = name !== undefined && Object.hasOwn(patch, name) ? patch[name] : undefined;
    if (change === null) return [];
    return [isJsonObject(change) && isJsonObject(entry) ? mergeEntry(entry, change) : entry];
  });
  const added = Object.entries(patch).filter(([name, entry]) => !known.has(name) && entry !== null);
  return [
    ...kept,
    ...added.map(([name, entry]) => (isJsonObject(entry) ? { name, ...merge({}, entry) } : entry)),
  ];
}

function mergeEntries(stored: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(stored));
  for (const [name, change] of Object.entries(patch)) {
    const entry = merged.get(name);
    if (change === null) merged.delete(name);
    else if (!isJsonObject(change)) merged.set(name, change);
    else merged.set(name, mergeEntry(isJsonObject(entry) ? entry : {}, change));
  }
  return Object.fromEntries(merged);
}

/** Another client's word for a key that is now stated must not be left to contradict it. */
function mergeEntry(entry: JsonObject, patch: JsonObject): JsonObject {
  const aliases = Object.keys(patch).map((key) => ALIASES.get(key));
  return merge(without(entry, ...aliases), patch);
}

/** A map of entries, since a key such as `__proto__` must stay a key. */
function merge(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isJsonObject(value)) merged.set(key, merge(isJsonObject(old) ? old : {}, value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function without(value: JsonObject, ...keys: readonly (string | undefined)[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
