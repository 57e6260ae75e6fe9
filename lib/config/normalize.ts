import { getNodeValue, type Node } from "jsonc-parser";
import type { ConfigPath } from "./problems.ts";

/** How `mcpServers` stands in the file. */
export type ServersForm = "array" | "map" | "absent";

/** A config value with `mcpServers` as a list, and the way back to the text. */
export interface Normalized {
  readonly value: Readonly<Record<string, unknown>>;
  readonly form: ServersForm;
  readonly notices: readonly string[];
  /** Where a path of the value stands in the text. */
  readonly place: (path: ConfigPath) => ConfigPath;
}

/** Keys of other clients that say nothing to a gateway; only their map form carries them. */
const CLIENT_ONLY: ReadonlySet<string> = new Set([
  "alwaysAllow",
  "autoApprove",
  "timeout",
  "description",
  "trust",
  "includeTools",
]);

/** Words for the wire format that other clients use. */
const WIRE_WORDS: ReadonlyMap<unknown, string> = new Map([
  ["streamableHttp", "streamable-http"],
  ["streamable_http", "streamable-http"],
]);

/** Keys other clients use, by ours. */
export const ALIASES: ReadonlyMap<string, string> = new Map([["protocol", "type"], ["enabled", "disabled"]]);

/** Keys whose empty text means that nothing is stated, as mcpproxy-go writes and reads it. */
const EMPTY_IS_UNSTATED: ReadonlySet<string> = new Set([
  "api_key",
  "command",
  "data_dir",
  "protocol",
  "routing_mode",
  "tool_response_mode",
  "toon_output",
  "trust_mode",
  "type",
  "url",
  "working_dir",
]);

interface Entry {
  readonly value: unknown;
  /** Our keys whose value came from an alias. */
  readonly aliased: ReadonlySet<string>;
}

/**
 * Brings both forms of `mcpServers` and the aliases of other clients into one,
 * and drops what says nothing. Pure.
 */
export function normalize(root: Node | undefined): Normalized {
  const read = root === undefined ? {} : getNodeValue(root) as Record<string, unknown>; // the caller has seen an object
  const raw = stated(read);
  const { mcpServers: servers } = raw;
  if (servers === undefined) return { value: raw, form: "absent", notices: [], place: (path) => path };
  if (!Array.isArray(servers) && !isRecord(servers)) {
    return { value: raw, form: "array", notices: [], place: (path) => path };
  }
  const form = Array.isArray(servers) ? "array" : "map";
  const notices: string[] = [];
  const names = Object.keys(servers);
  const entries = Object.entries(servers).map(([key, entry]) =>
    form === "array" ? withoutAliases(entry) : withoutAliases(fromMap(key, entry, notices))
  );
  return {
    value: { ...raw, mcpServers: entries.map((entry) => entry.value) },
    form,
    notices,
    place: (path) => toPlace(path, entries, form === "map" ? names : undefined),
  };
}

/** In a map the key is the name, whatever else the entry says. */
function fromMap(key: string, entry: unknown, notices: string[]): unknown {
  if (!isRecord(entry)) return entry;
  const kept = Object.entries(entry).filter(([field, value]) => {
    if (field === "name" && value === key) return false;
    const isIgnored = field === "name" || CLIENT_ONLY.has(field);
    if (isIgnored) notices.push(`The key "${field}" of server "${key}" has no meaning here and is ignored`);
    return !isIgnored;
  });
  return Object.fromEntries([["name", key], ...kept]);
}

function withoutAliases(entry: unknown): Entry {
  const aliased = new Set<string>();
  if (!isRecord(entry)) return { value: entry, aliased };
  const { type, disabled, ...value } = stated(entry);
  if (type !== undefined && value.protocol === undefined) {
    value.protocol = WIRE_WORDS.get(type) ?? type;
    aliased.add("protocol");
  }
  if (disabled !== undefined && value.enabled === undefined) {
    // What is no boolean stays for the schema to complain about.
    value.enabled = typeof disabled === "boolean" ? !disabled : disabled;
    aliased.add("enabled");
  }
  return { value, aliased };
}

/** Leaves out what says nothing: `null`, which mcpproxy-go writes for what was never set, and some empty texts. */
function stated(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(([key, one]) => one !== null && !(one === "" && EMPTY_IS_UNSTATED.has(key))),
  );
}

function toPlace(
  path: ConfigPath,
  entries: readonly Entry[],
  names: readonly string[] | undefined,
): ConfigPath {
  const [key, index, field, ...rest] = path;
  if (key !== "mcpServers" || typeof index !== "number") return path;
  const start: ConfigPath = [key, names === undefined ? index : names[index] ?? ""];
  if (field === undefined || (names !== undefined && field === "name")) return start;
  const isAliased = entries[index]?.aliased.has(String(field)) === true;
  return [...start, isAliased ? ALIASES.get(String(field)) ?? field : field, ...rest];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
