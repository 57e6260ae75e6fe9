import { basename } from "node:path";
import { GatewayError } from "../contracts/mod.ts";
import { isJsonObject, type JsonObject, readValue } from "../config/mod.ts";
import { type ClientId, FILE_FORMS } from "./known_clients.ts";
import { parseToml } from "./toml.ts";

/** One server as a client's file states it. */
export interface ClientEntry {
  readonly name: string;
  readonly value: unknown;
  /** Where it stands, if not in the client's usual section: a project, another block of settings. */
  readonly place: string | undefined;
  /** Switched off outside of the entry. */
  readonly isOff?: true;
}

/** What a client's file states. */
export interface ClientFile {
  readonly client: ClientId;
  readonly entries: readonly ClientEntry[];
}

/**
 * Reads the servers of a client's config file.
 *
 * @param path Where the text comes from, for words and for telling the format; may be made up.
 * @param format The client, if a person says so.
 * @throws {GatewayError} MCPX_CLIENT_FILE_UNREADABLE — the text is broken, or of no client that is known.
 */
export function readClientFile(
  text: string,
  { path, format }: { readonly path: string; readonly format?: ClientId },
): ClientFile {
  const value = readText(text, { path, format });
  const client = format ?? detectClient(value, path);
  if (client === undefined) throw unknownFormat(path, value);
  return {
    client,
    entries: ENTRIES[client]?.(value) ?? sectionEntries(value, [FILE_FORMS[client].section]),
  };
}

function readText(
  text: string,
  { path, format }: { readonly path: string; readonly format?: ClientId },
): JsonObject {
  const isToml = format === undefined ? looksLikeToml(text) : FILE_FORMS[format].format === "toml";
  try {
    return isToml ? parseToml(text) : readValue(text, path);
  } catch (cause) {
    const words = cause instanceof SyntaxError ? `it is not valid TOML: ${cause.message}` : wordsOf(cause);
    throw new GatewayError("MCPX_CLIENT_FILE_UNREADABLE", `Cannot import "${path}": ${words}`, { cause });
  }
}

function wordsOf(cause: unknown): string {
  if (!(cause instanceof GatewayError)) return "it cannot be read";
  const [first] = Array.isArray(cause.details.problems) ? cause.details.problems : [];
  return isJsonObject(first)
    ? `it is not valid JSON in line ${first.line}, column ${first.column}: ${first.message}`
    : "it is not valid JSON";
}

/** JSON begins with a brace, after space and comments; no TOML does. */
function looksLikeToml(text: string): boolean {
  const start = text.replace(/^\uFEFF/, "").replace(/^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/, "");
  return start !== "" && !start.startsWith("{");
}

/** Tells whose file it is: by its name where that says it, else by what only one client writes. Pure. */
export function detectClient(value: JsonObject, path: string): ClientId | undefined {
  if (isJsonObject(value.mcp_servers)) return "codex";
  if (isJsonObject(value.context_servers)) return "zed";
  if (isJsonObject(value.servers) || isJsonObject(settingsServers(value))) return "vscode";
  if (isJsonObject(value.mcpServers)) return detectAmongAlike(value, value.mcpServers, path);
  if (isJsonObject(value.projects)) return "claude-code";
  const entries = Object.values(isJsonObject(value.mcp) ? value.mcp : {});
  return entries.some((one) => isJsonObject(one) && /^(?:local|remote)$/.test(String(one.type)))
    ? "opencode"
    : undefined;
}

/** `mcpServers` is what five clients call it. */
function detectAmongAlike(value: JsonObject, servers: JsonObject, path: string): ClientId {
  const name = path.replaceAll("\\", "/");
  if (basename(name) === "claude_desktop_config.json") return "claude-desktop";
  if (/(?:^|\/)\.?(?:claude|mcp)\.json$/.test(name) && !name.includes(".cursor")) return "claude-code";
  for (const client of ["cursor", "windsurf", "gemini"] as const) {
    if (name.split("/").some((part) => part === client || part === `.${client}`)) return client;
  }
  const entries = Object.values(servers).filter(isJsonObject);
  const has = (key: string) => entries.some((entry) => entry[key] !== undefined);
  if (has("httpUrl") || has("trust") || has("includeTools")) return "gemini";
  if (has("serverUrl") || has("disabledTools")) return "windsurf";
  if (has("type") || isJsonObject(value.projects)) return "claude-code";
  return has("url") ? "cursor" : "claude-desktop";
}

function settingsServers(value: JsonObject): unknown {
  return isJsonObject(value.mcp) ? value.mcp.servers : undefined;
}

/** Where servers are, for clients that keep them in more than one place. */
const ENTRIES: Partial<Readonly<Record<ClientId, (value: JsonObject) => ClientEntry[]>>> = {
  "vscode": (value) => [
    ...sectionEntries(value, ["servers"]),
    ...sectionEntries(value, ["mcp", "servers"], "settings"),
  ],
  "claude-code": (value) => [...sectionEntries(value, ["mcpServers"]), ...projectEntries(value)],
  "gemini": (value) => {
    const { excluded, allowed } = isJsonObject(value.mcp) ? value.mcp : {};
    const isOff = (name: string) =>
      (Array.isArray(excluded) && excluded.includes(name)) ||
      (Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(name));
    return sectionEntries(value, ["mcpServers"]).map((entry) =>
      isOff(entry.name) ? { ...entry, isOff: true } : entry
    );
  },
};

function sectionEntries(value: JsonObject, section: readonly string[], place?: string): ClientEntry[] {
  const found = section.reduce<unknown>((outer, key) => isJsonObject(outer) ? outer[key] : undefined, value);
  if (!isJsonObject(found)) return [];
  return Object.entries(found).map(([name, entry]) => ({ name, value: entry, place }));
}

/** Claude Code keeps servers for single projects beside those for all. */
function projectEntries({ projects }: JsonObject): ClientEntry[] {
  if (!isJsonObject(projects)) return [];
  return Object.entries(projects).flatMap(([path, project]) =>
    isJsonObject(project) ? sectionEntries(project, ["mcpServers"], `project ${path}`) : []
  );
}

function unknownFormat(path: string, value: JsonObject): GatewayError {
  const keys = Object.keys(value).slice(0, 5).map((key) => `"${key.slice(0, 40)}"`).join(", ");
  const own = isJsonObject(value.mcpServers) || Array.isArray(value.mcpServers)
    ? "A config of mcpproxy is taken over by: mcpproxy config import FILE. For others, name"
    : "Name";
  const found = keys === "" ? "there is nothing in it" : `it has ${keys}`;
  return new GatewayError(
    "MCPX_CLIENT_FILE_UNREADABLE",
    `Cannot import "${path}": ${found}, wanted the servers of a client that is known`,
    { remedy: `${own} the client with --format: ${Object.keys(FILE_FORMS).join(", ")}` },
  );
}
