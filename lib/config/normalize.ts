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

/** Keys of other clients that say nothing to a gateway. */
const CLIENT_ONLY = new Set([
  "alwaysAllow",
  "autoApprove",
  "timeout",
  "description",
  "trust",
  "includeTools",
]);

/** Words for the wire format that other clients use. */
const WIRE_WORDS: Readonly<Record<string, string>> = {
  streamableHttp: "streamable-http",
  streamable_http: "streamable-http",
};

/** Brings both forms of `mcpServers` and the aliases of other clients into one. Pure. */
export function normalize(root: Node | undefined): Normalized {
  const raw = root === undefined ? {} : getNodeValue(root) as Record<string, unknown>; // the caller has seen an object
  const { mcpServers: servers } = raw;
  const notices: string[] = [];
  if (servers === undefined) return { value: raw, form: "absent", notices, place: (path) => path };
  if (Array.isArray(servers)) {
    const value = { ...raw, mcpServers: servers.map((entry) => withoutAliases(entry, notices)) };
    return { value, form: "array", notices, place: (path) => path };
  }
  if (!isRecord(servers)) return { value: raw, form: "array", notices, place: (path) => path };
  const names = Object.keys(servers);
  const list = names.map((name) => {
    const entry = withoutAliases(servers[name], notices);
    return isRecord(entry) ? { name, ...entry } : entry;
  });
  const place = (path: ConfigPath): ConfigPath => {
    const [key, index, ...rest] = path;
    if (key !== "mcpServers" || typeof index !== "number") return path;
    // The name of an entry in a map is its key.
    return [key, names[index] ?? "", ...(rest[0] === "name" ? [] : rest)];
  };
  return { value: { ...raw, mcpServers: list }, form: "map", notices, place };
}

function withoutAliases(entry: unknown, notices: string[]): unknown {
  if (!isRecord(entry)) return entry;
  const { type, disabled, ...rest } = entry;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) {
    if (CLIENT_ONLY.has(key)) {
      notices.push(`The key "${key}" of a server means something to other clients only and is ignored`);
    } else kept[key] = value;
  }
  if (type !== undefined && kept.protocol === undefined) kept.protocol = WIRE_WORDS[String(type)] ?? type;
  if (typeof disabled === "boolean" && kept.enabled === undefined) kept.enabled = !disabled;
  return kept;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
