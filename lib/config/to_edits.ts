import { isDeepStrictEqual } from "node:util";
import type { ConfigEdit } from "./edit.ts";
import { isJsonObject, type JsonObject, nameOfEntry } from "./values.ts";

type Path = readonly (string | number)[];
type Set = Extract<ConfigEdit, { readonly kind: "set" }>;

/**
 * Finds the fewest edits that lead from one stated config to another, so that
 * comments and order of everything else stay. Pure.
 *
 * Servers are matched by name and keep the form, list or map, that they have
 * in `from`; their order is left as it is, since it means nothing.
 */
export function toEdits(from: JsonObject, to: JsonObject): ConfigEdit[] {
  const { mcpServers: wanted, ...rest } = to;
  const { mcpServers: stored, ...old } = from;
  const edits: ConfigEdit[] = objectEdits([], old, rest);
  const path: Path = ["mcpServers"];
  const servers = withForm(wanted, stored);
  if (servers === undefined) return stored === undefined ? edits : [...edits, remove(path)];
  if (Array.isArray(stored) && Array.isArray(servers) && isNamed(stored) && isNamed(servers)) {
    return [...edits, ...listEdits(path, stored, servers)];
  }
  return [...edits, ...valueEdits(path, stored, servers)];
}

/** What goes goes last, so that an object in one line is never empty in between. */
function objectEdits(path: Path, from: JsonObject, to: JsonObject): Set[] {
  const set = Object.entries(to).flatMap(([key, value]) =>
    valueEdits([...path, key], Object.hasOwn(from, key) ? from[key] : undefined, value)
  );
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return [...set, ...gone.map((key) => remove([...path, key]))];
}

function valueEdits(path: Path, from: unknown, to: unknown): Set[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (isJsonObject(from) && isJsonObject(to)) return objectEdits(path, from, to);
  return [{ kind: "set", path, value: to }];
}

/** Changes first, then what goes from the back, then what comes: the places of the others stay right. */
function listEdits(path: Path, from: readonly JsonObject[], to: readonly JsonObject[]): ConfigEdit[] {
  const wanted = new Map(to.map((entry) => [nameOfEntry(entry), entry]));
  const changed = from.flatMap((entry, index) => {
    const next = wanted.get(nameOfEntry(entry));
    return next === undefined ? [] : objectEdits([...path, index], entry, next);
  });
  const gone = from.flatMap((entry, index) => (wanted.has(nameOfEntry(entry)) ? [] : [index]));
  const known = new Set(from.map(nameOfEntry));
  const added = to.filter((entry) => !known.has(nameOfEntry(entry)));
  const length = from.length - gone.length;
  return [
    ...changed,
    ...gone.toReversed().map((index) => remove([...path, index])),
    ...added.map((value, index): Set => ({ kind: "set", path: [...path, length + index], value })),
  ];
}

function remove(path: Path): Set {
  return { kind: "set", path, value: undefined };
}

/** Brings servers into the form that the file has. */
function withForm(servers: unknown, stored: unknown): unknown {
  if (Array.isArray(stored) && isJsonObject(servers) && Object.values(servers).every(isJsonObject)) {
    return Object.entries(servers).map(([name, entry]) => ({ ...(entry as JsonObject), name })); // just tested
  }
  if (isJsonObject(stored) && Array.isArray(servers) && isNamed(servers)) {
    return Object.fromEntries(servers.map(({ name, ...entry }) => [name, entry]));
  }
  return servers;
}

/** Whether each entry has a name of its own; what has not is written as it is and refused with its place. */
function isNamed(servers: readonly unknown[]): servers is readonly JsonObject[] {
  const names = servers.map(nameOfEntry);
  return !names.includes(undefined) && new Set(names).size === names.length;
}
