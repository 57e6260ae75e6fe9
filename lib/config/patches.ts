import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject, nameOfEntry } from "./values.ts";

/**
 * Finds the merge patch that leads from one stated config to another, servers
 * by name in both forms of `mcpServers`. Pure.
 */
export function toPatch(from: JsonObject, to: JsonObject): JsonObject {
  // Where there were none, the person's own form is the one to write.
  const isNew = from.mcpServers === undefined;
  const [before, after] = isNew ? [from, to] : [byName(from), byName(to)];
  const changed = Object.entries(after).flatMap(([key, value]): [string, unknown][] => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (isDeepStrictEqual(old, value)) return [];
    return [[key, isJsonObject(old) && isJsonObject(value) ? toPatch(old, value) : value]];
  });
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return Object.fromEntries([...changed, ...gone.map((key): [string, unknown] => [key, null])]);
}

/** Lists the places where two patches of the same config want different things. Pure. */
export function findConflicts(one: JsonObject, other: JsonObject, path = ""): string[] {
  return Object.entries(one).flatMap(([key, mine]) => {
    if (!Object.hasOwn(other, key)) return [];
    const [theirs, place] = [other[key], path === "" ? key : `${path}.${key}`];
    if (isJsonObject(mine) && isJsonObject(theirs)) return findConflicts(mine, theirs, place);
    return isDeepStrictEqual(mine, theirs) ? [] : [place];
  });
}

function byName(config: JsonObject): JsonObject {
  const { mcpServers: servers } = config;
  if (!Array.isArray(servers)) return config;
  const named = servers.flatMap((entry: unknown): [string, JsonObject][] => {
    const name = nameOfEntry(entry);
    return name !== undefined && isJsonObject(entry) ? [[name, entry]] : [];
  });
  const isWhole = new Map(named).size === servers.length;
  return isWhole ? { ...config, mcpServers: Object.fromEntries(named) } : config;
}
