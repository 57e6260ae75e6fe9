/**
 * How each MCP client wants to be told of a server: which file, below which
 * key, in which words. Pure; reading and writing the files is others' work.
 *
 * @module
 */

import { join } from "node:path";

/** Where a client finds the gateway and how it proves who it is. */
export interface ClientTarget {
  /** The MCP endpoint. */
  readonly url: string;
  /** Key or agent token; `undefined` where none is asked for. */
  readonly token: string | undefined;
}

/** A machine as far as paths depend on it. */
export interface ClientPlace {
  readonly os: string;
  readonly home: string;
  /** Environment; `APPDATA`, `XDG_CONFIG_HOME`, `CODEX_HOME` and `CLAUDE_CONFIG_DIR` matter. */
  readonly env: Readonly<Record<string, string>>;
}

/** What is known of one client. */
export interface ClientKind {
  readonly title: string;
  readonly format: "json" | "toml";
  /** Key of the file below which servers stand. */
  readonly key: string;
  /** Whether the file may be made when there is none. */
  readonly mayCreate: boolean;
  /** The client's own file for the user's servers. */
  readonly path: (place: ClientPlace) => string;
  /** The entry of the gateway. */
  readonly entry: (target: ClientTarget) => Readonly<Record<string, unknown>>;
}

const HEADER = "X-API-Key";
/** Variable through which a bridge gets the token, so that no process list shows it. */
const VARIABLE = "MCPPROXY_TOKEN";

function headers({ token }: ClientTarget): Readonly<Record<string, unknown>> {
  return token === undefined ? {} : { headers: { [HEADER]: token } };
}

/** Claude Desktop starts programs only, so a bridge speaks HTTP for it. */
function bridge({ url, token }: ClientTarget): Readonly<Record<string, unknown>> {
  const args = ["-y", "mcp-remote", url];
  if (token === undefined) return { command: "npx", args };
  // No blank after the colon: some versions break arguments at blanks.
  return {
    command: "npx",
    args: [...args, "--header", `${HEADER}:\${${VARIABLE}}`],
    env: { [VARIABLE]: token },
  };
}

/** Directory for the settings of programs. */
function settings({ os, home, env }: ClientPlace): string {
  if (os === "windows") return env.APPDATA ?? join(home, "AppData", "Roaming");
  if (os === "darwin") return join(home, "Library", "Application Support");
  return env.XDG_CONFIG_HOME ?? join(home, ".config");
}

/** The same, for programs that keep to `~/.config` on a Mac. */
function unixSettings(place: ClientPlace): string {
  return settings(place.os === "darwin" ? { ...place, os: "linux" } : place);
}

/** Every client, by the name under which commands know it. */
export const CLIENTS = {
  "claude-code": {
    title: "Claude Code",
    format: "json",
    key: "mcpServers",
    mayCreate: true,
    path: ({ home, env }) => join(env.CLAUDE_CONFIG_DIR ?? home, ".claude.json"),
    entry: (target) => ({ type: "http", url: target.url, ...headers(target) }),
  },
  "claude-desktop": {
    title: "Claude Desktop",
    format: "json",
    key: "mcpServers",
    mayCreate: true,
    path: (place) => join(settings(place), "Claude", "claude_desktop_config.json"),
    entry: bridge,
  },
  "cursor": {
    title: "Cursor",
    format: "json",
    key: "mcpServers",
    mayCreate: true,
    path: ({ home }) => join(home, ".cursor", "mcp.json"),
    entry: (target) => ({ url: target.url, ...headers(target) }),
  },
  "vscode": {
    title: "VS Code",
    format: "json",
    key: "servers",
    mayCreate: true,
    path: (place) => join(settings(place), "Code", "User", "mcp.json"),
    entry: (target) => ({ type: "http", url: target.url, ...headers(target) }),
  },
  "codex": {
    title: "Codex",
    format: "toml",
    key: "mcp_servers",
    mayCreate: true,
    path: ({ home, env }) => join(env.CODEX_HOME ?? join(home, ".codex"), "config.toml"),
    entry: ({ url, token }) => ({
      url,
      ...(token === undefined ? {} : { http_headers: { [HEADER]: token } }),
    }),
  },
  "gemini": {
    title: "Gemini CLI",
    format: "json",
    key: "mcpServers",
    mayCreate: true,
    path: ({ home }) => join(home, ".gemini", "settings.json"),
    entry: (target) => ({ httpUrl: target.url, ...headers(target) }),
  },
  "windsurf": {
    title: "Windsurf",
    format: "json",
    key: "mcpServers",
    mayCreate: true,
    path: ({ home }) => join(home, ".codeium", "windsurf", "mcp_config.json"),
    entry: (target) => ({ serverUrl: target.url, ...headers(target) }),
  },
  "zed": {
    title: "Zed",
    format: "json",
    key: "context_servers",
    mayCreate: true,
    path: (place) => join(unixSettings(place), place.os === "windows" ? "Zed" : "zed", "settings.json"),
    entry: (target) => ({ url: target.url, ...headers(target) }),
  },
  "opencode": {
    title: "OpenCode",
    format: "json",
    key: "mcp",
    mayCreate: false,
    path: (place) => join(unixSettings(place), "opencode", "opencode.json"),
    entry: (target) => ({ type: "remote", url: target.url, enabled: true, ...headers(target) }),
  },
} as const satisfies Readonly<Record<string, ClientKind>>;

/** Name of a client. */
export type ClientName = keyof typeof CLIENTS;

/** The names of {@link CLIENTS}, in their order. */
export const CLIENT_NAMES = Object.keys(CLIENTS) as readonly ClientName[]; // the keys of that very table
